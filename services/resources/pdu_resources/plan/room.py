"""Who writes plans, and who reads them."""

from pdu_resources.plan import reading, writing
from pdu_shared.access import Role, allow
from pdu_shared.service import Room

_READS = allow(Role.STEERING_GROUP, Role.COORDINATOR)

ROOM = Room(
    routes=(writing.router, reading.router),
    access={
        "POST /plans": allow(Role.COORDINATOR),
        "PUT /plans/{plan_id}": allow(Role.COORDINATOR),
        "GET /plans": _READS,
        "GET /plans/{plan_id}": _READS,
    },
)
