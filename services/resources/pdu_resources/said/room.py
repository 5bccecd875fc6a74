"""Who writes down what people said, and who reads what came of it."""

from pdu_resources.said import reading, thread
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.service import Room

ROOM = Room(
    routes=(thread.router, reading.router),
    access={
        "POST /you-said": allow(Role.COORDINATOR, Role.BENEFICIARY_AMBASSADOR),
        "GET /you-said": PUBLIC,
        "PUT /you-said/{item_id}/state": allow(Role.COORDINATOR),
    },
)
