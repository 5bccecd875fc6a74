"""Who promises for an organisation, who looks at what was kept, and what is heard for it."""

from pdu_resources.commitment import hearing, keeping, making, reviewing
from pdu_shared.access import Role, allow
from pdu_shared.service import Room

_PROMISES = allow(Role.ORGANISATION_LEAD, Role.MANAGER, Role.COORDINATOR)
_READS = allow(Role.ORGANISATION_LEAD, Role.MANAGER, Role.STEERING_GROUP, Role.COORDINATOR)

ROOM = Room(
    routes=(making.router, keeping.router, reviewing.router),
    access={
        "POST /commitments": _PROMISES,
        "GET /commitments": _READS,
        "GET /commitments/{commitment_id}": _READS,
        "PUT /commitments/{commitment_id}/promise": _PROMISES,
        "PUT /commitments/{commitment_id}/topics/{topic_id}": _PROMISES,
        "PUT /commitments/{commitment_id}/review": allow(Role.COORDINATOR),
    },
    listeners=(hearing.count_for_organisation, hearing.know_topic),
)
