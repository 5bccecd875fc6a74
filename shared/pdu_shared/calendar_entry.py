"""A session as an entry of somebody's own calendar.

Letters of notifications and feeds of bookings make theirs here, so that a calendar that has one
finds it again in the other.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pdu_shared.identity import derived_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a calendar keeps. `written_at` is when anything of it was changed last."""

    uid: UUID
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    place: str
    written_at: datetime
    cancelled: bool = False
    description: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Organiser:
    """Who invites, with an address that takes mail."""

    name: str
    address: str


def appointment_uid(booking_id: UUID, session_id: UUID) -> UUID:
    """The UID of a session in the calendar of whoever has this booking."""
    return derived_id("appointment", booking_id, session_id)


def sequence_of(revision: int, *, cancelled: bool) -> int:
    """The SEQUENCE of an entry whose session was moved so many times.

    A cancellation is newer than what it cancels, and a new date newer than both.
    """
    return 2 * revision + cancelled
