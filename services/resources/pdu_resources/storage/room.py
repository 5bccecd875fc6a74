"""Who may bring files, and who gets them."""

from pdu_resources.rules.file import LARGEST, MEDIA_TYPES
from pdu_resources.storage import bringing, clearing, giving
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.guard import Bodies
from pdu_shared.service import Room

FILES = "/items/{item_key}/files/{name}"

ROOM = Room(
    routes=(bringing.router, giving.router),
    access={
        f"PUT {FILES}": allow(Role.COORDINATOR, Role.MEMBER),  # members: what they submitted
        f"DELETE {FILES}": allow(Role.COORDINATOR),
        f"GET {FILES}": PUBLIC,  # those of members-only items after signing in
        "GET /media/{ticket}": PUBLIC,  # whoever holds the address
    },
    workers=(clearing.clear_leftovers,),
    uploads={
        FILES: Bodies(
            takes=frozenset({"application/octet-stream", *MEDIA_TYPES}),
            largest=LARGEST,
            streamed=True,
        )
    },
)
