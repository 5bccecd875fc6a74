"""What comes back: a mailbox that is read, a provider that is asked, a relay that is heard."""

from datetime import timedelta

from pdu_notifications.returns import notices, reading
from pdu_shared.access import PUBLIC
from pdu_shared.limits import Limit
from pdu_shared.service import Room

ROOM = Room(
    routes=(notices.router,),
    access={"POST /returns": PUBLIC},  # whoever holds the secret of the relay
    limits={"POST /returns": Limit("returns", 6000, timedelta(hours=1))},
    workers=(reading.read_mailbox, reading.ask_provider),
)
