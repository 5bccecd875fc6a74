"""The library for other libraries and for readers of feeds."""

from pdu_resources.harvest import export, oai
from pdu_shared.access import PUBLIC
from pdu_shared.guard import Bodies
from pdu_shared.service import Room

ROOM = Room(
    routes=(oai.router, export.router),
    access={
        "GET /oai": PUBLIC,
        "POST /oai": PUBLIC,
        "GET /library/export": PUBLIC,
        "GET /library/feed": PUBLIC,
    },
    uploads={"/oai": Bodies(frozenset({"application/x-www-form-urlencoded"}), largest=16 * 1024)},
)
