"""Who may see how things came to be as they are."""

from pdu_resources.versioned import changes
from pdu_shared.access import Role, allow
from pdu_shared.service import Room

ROOM = Room(
    routes=(changes.router,),
    access={"GET /changes/{of_id}": allow(Role.COORDINATOR, Role.DATA_PROTECTION_LEAD)},
)
