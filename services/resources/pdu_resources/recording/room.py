"""Who may play recordings, and what is heard of those who speak in them."""

from pdu_resources.recording import playback, withdrawing
from pdu_shared.access import Role, allow
from pdu_shared.service import Room

ROOM = Room(
    routes=(playback.router,),
    access={
        "POST /items/{item_key}/playback": allow(
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
    },
    listeners=(withdrawing.learn_speaker,),
)
