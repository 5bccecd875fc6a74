"""What Communities of Practice offer, and to whom."""

from datetime import timedelta

from pdu_bookings.community import (
    directory,
    fellows,
    follow_up,
    forgetting,
    holdings,
    inviting,
    joining,
    lifecycle,
    member_link,
    own,
    proposing,
    rota,
    sessions,
)
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.limits import Limit
from pdu_shared.service import Room

_COORDINATOR = allow(Role.COORDINATOR)
_CONVENING = allow(Role.COORDINATOR, Role.COP_CONVENOR)
_MEMBERS = allow(Role.MEMBER, Role.COP_MEMBER, Role.COP_CONVENOR)
_SIGNED_IN = allow(Role.MEMBER, Role.COP_MEMBER, Role.COP_CONVENOR, Role.COORDINATOR)

ROOM = Room(
    routes=(
        directory.router,
        proposing.router,
        lifecycle.router,
        joining.router,
        inviting.router,
        member_link.router,
        own.router,
        fellows.router,
        rota.router,
        sessions.router,
        follow_up.router,
    ),
    access={
        "GET /communities": PUBLIC,
        "GET /communities/{key}": PUBLIC,
        "POST /communities": _SIGNED_IN,
        "POST /communities/{key}/seconding": _SIGNED_IN,
        "PUT /communities/{key}/state": _COORDINATOR,
        "GET /communities/{key}/history": _COORDINATOR,
        "POST /communities/{key}/members": PUBLIC,
        "POST /communities/{key}/invitations": _CONVENING,
        "GET /m/{token}": PUBLIC,  # whoever holds the link of a letter
        "POST /m/{token}/acceptance": PUBLIC,
        "PUT /m/{token}/state": PUBLIC,
        "PUT /m/{token}/sharing": PUBLIC,
        "GET /memberships": _MEMBERS,
        "PUT /memberships/{membership_id}/state": _SIGNED_IN,
        "GET /communities/{key}/members": _CONVENING,
        "GET /communities/{key}/fellows": _MEMBERS,
        "GET /communities/{key}/rota": _SIGNED_IN,
        "PUT /communities/{key}/rota": _COORDINATOR,
        "POST /communities/{key}/sessions": _CONVENING,
        "POST /learning-events/{learning_event_id}/follow-up-actions": _COORDINATOR,
        "GET /follow-up-actions": _COORDINATOR,
        "PUT /follow-up-actions/{action_id}/state": _COORDINATOR,
    },
    limits={"POST /communities/{key}/members": Limit("joining", 120, timedelta(hours=1))},
    schedule=forgetting.SCHEDULE,
    holdings=holdings.HOLDINGS,
)
