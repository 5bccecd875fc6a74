"""What a calendar shows of a session, and for how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pdu_bookings.rules.programme import State, delivered_by
from pdu_shared.calendar_entry import Entry, appointment_uid, sequence_of
from pdu_shared.contracts.vocabulary import DeliveryMode, PlaceState

KEPT_FOR = timedelta(days=90)
"""How long a calendar keeps what is over, and what was cancelled."""
JOINING_LINK_SHOWN = timedelta(hours=24)
"""How long before the start whoever holds a place sees the link to join online."""

HOW_TO_COME = {
    DeliveryMode.IN_PERSON: "In person.",
    DeliveryMode.ONLINE: "Online. Whoever has a place gets the link to join.",
    DeliveryMode.HYBRID: "In person or online. Whoever has a place gets the link to join.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A session with what its learning event is. `changed_at` is when either changed last."""

    session_id: UUID
    learning_event_id: UUID
    title: str
    purpose: str
    co_delivery: Sequence[str]
    state: State
    starts_at: datetime
    ends_at: datetime
    mode: DeliveryMode
    place: str
    travel: str | None
    access_information: str | None
    joining_link: str | None
    moved: int
    changed_at: datetime

    @property
    def void(self) -> bool:
        """Whether nobody meets then: it is cancelled, or has no new date yet."""
        return self.state in {State.CANCELLED, State.POSTPONED}


@dataclass(frozen=True, slots=True)
class OwnBooking:
    """How the booking of a person stands, and since when."""

    booking_id: UUID
    state: PlaceState
    since: datetime


def public_entry(meeting: Meeting, *, url: str, now: datetime) -> Entry | None:
    """What everybody's calendar shows; nothing of what was cancelled long ago."""
    if meeting.void and meeting.changed_at <= now - KEPT_FOR:
        return None
    return _entry(
        meeting,
        uid=meeting.session_id,
        cancelled=meeting.void,
        written_at=meeting.changed_at,
        how=HOW_TO_COME[meeting.mode],
        url=url,
    )


def own_entry(meeting: Meeting, booking: OwnBooking, *, url: str, now: datetime) -> Entry | None:
    """What the calendar of somebody who booked shows; it finds the entry that a letter made."""
    cancelled = meeting.void or not booking.state.active
    written_at = max(meeting.changed_at, booking.since)
    if cancelled and written_at <= now - KEPT_FOR:
        return None
    how = HOW_TO_COME[meeting.mode]
    shown_at = meeting.starts_at - JOINING_LINK_SHOWN
    if meeting.joining_link and not cancelled and shown_at <= now:
        how = f"Join online: {meeting.joining_link}"
        written_at = max(written_at, shown_at)
    return _entry(
        meeting,
        uid=appointment_uid(booking.booking_id, meeting.session_id),
        cancelled=cancelled,
        written_at=written_at,
        how=how,
        url=url,
    )


def _entry(  # noqa: PLR0913 - what differs between the two
    meeting: Meeting, *, uid: UUID, cancelled: bool, written_at: datetime, how: str, url: str
) -> Entry:
    told = [f"{delivered_by(meeting.co_delivery)}.", meeting.purpose, how]
    if meeting.travel:
        told.append(f"Getting there: {meeting.travel}")
    if meeting.access_information:
        told.append(f"Access: {meeting.access_information}")
    return Entry(
        uid=uid,
        sequence=sequence_of(meeting.moved, cancelled=cancelled),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        summary=f"Cancelled: {meeting.title}" if cancelled else meeting.title,
        place=meeting.place,
        written_at=written_at,
        cancelled=cancelled,
        description="\n".join(told),
        url=url,
    )
