"""The notifications service: its table of contents."""

from pdu_notifications import address_book, booking, diary, learning_event, overview, postman
from pdu_notifications.access import ACCESS
from pdu_notifications.letters import LETTERS
from pdu_shared.service import Service

service = Service(
    name="notifications",
    routes=[overview.router],
    access=ACCESS,
    listeners=[
        *address_book.LISTENERS,
        *learning_event.LISTENERS,
        *booking.LISTENERS,
        *(listener for letter in LETTERS for listener in letter.LISTENERS),
    ],
    workers=[diary.post_what_is_due, postman.deliver],
)
