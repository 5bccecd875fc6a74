"""What members do in the hub, told without a name."""

from pdu_resources.usage import activity, holdings
from pdu_shared.access import Role, allow
from pdu_shared.service import Room

LEARNERS = allow(
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
"""Everybody who learns: each of them has an account, and sees only what is their own."""

ROOM = Room(
    routes=(activity.router,),
    access={"POST /activity": allow(Role.MEMBER)},
    holdings=holdings.HOLDINGS,
)
