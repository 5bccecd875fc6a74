"""Who sets actions, who reports on them, and who reads them."""

from pdu_resources.action import progress, reading, setting
from pdu_resources.working_group.room import PEOPLE
from pdu_shared.access import Role, allow
from pdu_shared.service import Room

_COORDINATOR = allow(Role.COORDINATOR)

ROOM = Room(
    routes=(setting.router, reading.router, progress.router),
    access={
        "POST /steering/meetings/{meeting_id}/actions": _COORDINATOR,
        "POST /objectives/{objective_id}/actions": _COORDINATOR,
        "POST /working-groups/{group_id}/actions": PEOPLE,
        "GET /actions": allow(Role.STEERING_GROUP, Role.COORDINATOR),
        "GET /actions/mine": PEOPLE,
        "GET /actions/{action_id}": PEOPLE,
        "PUT /actions/{action_id}/progress": PEOPLE,
    },
)
