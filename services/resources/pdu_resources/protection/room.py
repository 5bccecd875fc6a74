"""What people may ask about their data, what they agree to, and who deals with it."""

from pdu_resources.protection import (
    consent,
    download,
    handling,
    hold,
    holdings,
    purpose,
    request,
    saga,
)
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.service import Room

_LEAD = allow(Role.DATA_PROTECTION_LEAD)
_FOR_OTHERS = allow(Role.COORDINATOR, Role.DATA_PROTECTION_LEAD)
_PEOPLE = allow(*(role for role in Role if role not in (Role.VISITOR, Role.INTEGRATION)))

ROOM = Room(
    routes=(
        purpose.router,
        consent.router,
        request.router,
        handling.router,
        hold.router,
        download.router,
    ),
    access={
        "GET /purposes": PUBLIC,
        "PUT /purposes/{purpose}": _LEAD,
        "POST /purposes/{purpose}/wordings": _LEAD,
        "GET /consents": _PEOPLE,
        "PUT /consents/{purpose}": _PEOPLE,
        "DELETE /consents/{purpose}": _PEOPLE,
        "GET /persons/{person_id}/consents": _FOR_OTHERS,
        "PUT /persons/{person_id}/consents/{purpose}": _FOR_OTHERS,
        "POST /persons/{person_id}/consents/{purpose}/withdrawal": _FOR_OTHERS,
        "POST /rights-requests": _PEOPLE,
        "POST /persons/rights-requests": _FOR_OTHERS,
        "GET /rights-requests": _LEAD,
        "GET /rights-requests/{request_id}": _PEOPLE,
        "PUT /rights-requests/{request_id}/identity": _FOR_OTHERS,
        "PUT /rights-requests/{request_id}/extension": _LEAD,
        "PUT /rights-requests/{request_id}/refusal": _LEAD,
        "PUT /rights-requests/{request_id}/approval": _LEAD,
        "POST /rights-requests/{request_id}/link": _PEOPLE,
        "GET /data-archives/{token}": PUBLIC,  # whoever holds the link of their archive
        "POST /erasure-holds": _LEAD,
        "GET /erasure-holds": _LEAD,
        "PUT /erasure-holds/{hold_id}/release": _LEAD,
    },
    listeners=saga.LISTENERS,
    seeds=(purpose.seed,),
    holdings=holdings.HOLDINGS,
    schedule=holdings.SCHEDULE,
)
