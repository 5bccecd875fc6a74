"""Messages: `told.cancelled()`. A test says what matters, these supply the rest."""

from typing import Any
from uuid import uuid4

from pdu_shared.contracts.bookings.place import (
    BookingCancelled,
    BookingLinkIssued,
    BookingWaitlisted,
)
from pdu_shared.contracts.resources.vocabulary import CategoryDefined


def cancelled(**details: Any) -> BookingCancelled:
    """A fact that readers outside may have."""
    return BookingCancelled(
        **{
            "booking_id": uuid4(),
            "learning_event_id": uuid4(),
            "person_id": uuid4(),
            "by": "person",
            **details,
        }
    )


def waitlisted(**details: Any) -> BookingWaitlisted:
    """A fact for services only."""
    return BookingWaitlisted(
        **{
            "booking_id": uuid4(),
            "learning_event_id": uuid4(),
            "session_ids": (uuid4(),),
            "person_id": uuid4(),
            "position": 1,
            **details,
        }
    )


def link_issued(**details: Any) -> BookingLinkIssued:
    """A fact with personal data, which only notifications can open."""
    return BookingLinkIssued(
        **{
            "booking_id": uuid4(),
            "person_id": uuid4(),
            "channel": "email",
            "address": "alan@example.org",
            "name": "Alan a Dale",
            "token": "1abc",
            **details,
        }
    )


def category(**details: Any) -> CategoryDefined:
    """A word of a list."""
    return CategoryDefined(
        **{
            "category_id": uuid4(),
            "scheme": "tests",
            "code": uuid4().hex,
            "label": "A word",
            **details,
        }
    )
