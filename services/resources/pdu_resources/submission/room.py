"""Members bring something, coordinators decide, and see what people want."""

from pdu_resources.submission import deciding, demand, submitting
from pdu_shared.access import Role, allow
from pdu_shared.service import Room

_COORDINATOR = allow(Role.COORDINATOR)

ROOM = Room(
    routes=(submitting.router, deciding.router, demand.router),
    access={
        "POST /submissions": allow(Role.MEMBER),
        "GET /submissions/mine": allow(Role.MEMBER),
        "GET /submissions": _COORDINATOR,
        "PUT /submissions/{item_key}/decision": _COORDINATOR,
        "GET /library/demand": _COORDINATOR,
    },
)
