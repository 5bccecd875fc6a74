"""Who keeps the register of the steering group, and who reads what of it."""

from pdu_resources.steering import attending, holdings, meeting, register, seat
from pdu_shared.access import Role, allow
from pdu_shared.service import Room

_COORDINATOR = allow(Role.COORDINATOR)
_GROUP = allow(Role.STEERING_GROUP, Role.COORDINATOR)

ROOM = Room(
    routes=(seat.router, register.router, meeting.router, attending.router),
    access={
        "POST /steering/seats": _COORDINATOR,
        "PUT /steering/seats/{seat_id}": _COORDINATOR,
        "GET /steering/seats": _GROUP,
        "GET /steering/seats/{seat_id}": _COORDINATOR,
        "GET /steering/balance": _GROUP,
        "GET /steering/reads": allow(Role.COORDINATOR, Role.DATA_PROTECTION_LEAD),
        "POST /steering/meetings": _COORDINATOR,
        "GET /steering/meetings": _GROUP,
        "GET /steering/meetings/{meeting_id}": _GROUP,
        "PUT /steering/meetings/{meeting_id}": _COORDINATOR,
        "PUT /steering/meetings/{meeting_id}/attendance": _COORDINATOR,
        "GET /steering/meetings/{meeting_id}/attendance": _GROUP,
    },
    holdings=holdings.HOLDINGS,
    schedule=holdings.SCHEDULE,
)
