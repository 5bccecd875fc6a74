"""Who begins working groups, who runs them, and who reads what they made."""

from pdu_resources.working_group import belonging, group, reading
from pdu_shared.access import Role, allow
from pdu_shared.service import Room

PEOPLE = allow(
    Role.MEMBER,
    Role.COP_MEMBER,
    Role.COP_CONVENOR,
    Role.FACILITATOR_SPEAKER,
    Role.EXPERT_BY_EXPERIENCE,
    Role.BENEFICIARY_AMBASSADOR,
    Role.ORGANISATION_LEAD,
    Role.MANAGER,
    Role.STEERING_GROUP,
    Role.COORDINATOR,
)
"""Everybody who signs in to learn; what they may do depends on the group."""

ROOM = Room(
    routes=(group.router, belonging.router, reading.router),
    access={
        "POST /working-groups": allow(Role.COORDINATOR),
        "GET /working-groups": PEOPLE,
        "GET /working-groups/{group_id}": PEOPLE,
        "PUT /working-groups/{group_id}": PEOPLE,
        "POST /working-groups/{group_id}/members": PEOPLE,
        "PUT /working-groups/{group_id}/members/{membership_id}/departure": PEOPLE,
        "POST /working-groups/{group_id}/outputs": PEOPLE,
    },
)
