"""Who says what explains the figures; everybody may read it."""

from pdu_resources.explaining import annotation, recoding
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.service import Room

_EXPLAINS = allow(Role.COORDINATOR, Role.EVALUATOR)

ROOM = Room(
    routes=(annotation.router, recoding.router),
    access={
        "GET /annotations": PUBLIC,
        "PUT /annotations/{code}": _EXPLAINS,
        "GET /recodings": PUBLIC,
        "PUT /recodings/{code}": _EXPLAINS,
    },
)
