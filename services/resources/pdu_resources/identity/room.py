"""Where people and machines show who they are, and who decides what they may do."""

from datetime import timedelta

from pdu_resources.identity import (
    client,
    factor,
    holdings,
    keys,
    outside,
    pageless,
    pages,
    portal,
    revoking,
    role,
    signed_in,
    token,
)
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.guard import Bodies
from pdu_shared.limits import Limit
from pdu_shared.service import Room

_ADMINISTRATOR = allow(Role.ADMINISTRATOR)
_SEES_ROLES = allow(Role.ADMINISTRATOR, Role.DATA_PROTECTION_LEAD)
_PEOPLE = allow(*set(Role) - {Role.VISITOR, Role.INTEGRATION})
_HOUR = timedelta(hours=1)
_FORMS = ("/authorize", "/authorize/step", "/authorize/outside", "/token", "/revoke")
_FORM = Bodies(frozenset({"application/x-www-form-urlencoded"}), largest=16 * 1024)

ROOM = Room(
    routes=(
        keys.router,
        pages.router,
        outside.router,
        pageless.router,
        token.router,
        revoking.router,
        signed_in.router,
        client.router,
        role.router,
        factor.router,
    ),
    access={
        "GET /.well-known/jwks.json": PUBLIC,
        "GET /.well-known/openid-configuration": PUBLIC,
        "GET /authorize": PUBLIC,
        "POST /authorize": PUBLIC,
        "GET /authorize/step": PUBLIC,
        "POST /authorize/step": PUBLIC,
        "POST /authorize/outside": PUBLIC,
        "GET /authorize/outside/back": PUBLIC,
        "GET /authorize/style.css": PUBLIC,
        "POST /sign-in": PUBLIC,
        "POST /sign-in/step": PUBLIC,
        "POST /token": PUBLIC,  # clients show their secret in the form
        "POST /revoke": PUBLIC,
        "GET /me/signed-in": _PEOPLE,
        "DELETE /me/signed-in": _PEOPLE,
        "DELETE /me/signed-in/{signed_in_id}": _PEOPLE,
        "GET /clients": _ADMINISTRATOR,
        "PUT /clients/{client_id}": _ADMINISTRATOR,
        "DELETE /clients/{client_id}": _ADMINISTRATOR,
        "POST /clients/{client_id}/secrets": _ADMINISTRATOR,
        "DELETE /clients/{client_id}/secrets": _ADMINISTRATOR,
        "GET /roles": _SEES_ROLES,
        "GET /persons/{person_id}/roles": _SEES_ROLES,
        "PUT /persons/{person_id}/roles/{role}": _ADMINISTRATOR,
        "DELETE /persons/{person_id}/roles/{role}": _ADMINISTRATOR,
        "DELETE /persons/{person_id}/second-factor": _ADMINISTRATOR,
        "DELETE /persons/{person_id}/signed-in": _SEES_ROLES,
    },
    limits={
        "POST /authorize/outside": Limit("outside", 60, _HOUR),
        "POST /authorize": Limit("letter", 20, _HOUR),
        "POST /sign-in": Limit("letter", 20, _HOUR),
        "POST /authorize/step": Limit("step", 100, _HOUR),
        "POST /sign-in/step": Limit("step", 100, _HOUR),
        "POST /token": Limit("token", 2000, _HOUR),
        "POST /revoke": Limit("token", 2000, _HOUR),
    },
    workers=(portal.know_the_portal,),
    holdings=holdings.HOLDINGS,
    schedule=holdings.SCHEDULE,
    uploads=dict.fromkeys(_FORMS, _FORM),
)
