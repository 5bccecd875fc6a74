"""What notifications is told, as tests tell it: `story = told.Story(); story.published`."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from pdu_notifications.learning_event import Programme, Session
from pdu_shared.contracts.bookings.place import (
    BookingCancelled,
    BookingLinkIssued,
    BookingRequested,
    BookingWaitlisted,
    EventBooked,
    WaitlistOpened,
    WaitlistPlaceOffered,
)
from pdu_shared.contracts.bookings.programme import (
    EventPublished,
    SessionRescheduled,
    SessionScheduled,
)
from pdu_shared.contracts.resources.member import ContactPointChanged


def next_month():
    return (datetime.now(UTC) + timedelta(days=30)).replace(minute=0, second=0, microsecond=0)


@dataclass(frozen=True, kw_only=True)
class Story:
    """One person, one learning event, one booking."""

    title: str = "Hoarding: behind the door"
    place: str = "Sneinton Hermitage"
    starts_at: datetime = field(default_factory=next_month)
    sessions: int = 1
    mode: str = "in_person"
    name: str = "Alan a Dale"
    person_id: UUID = field(default_factory=uuid4)
    booking_id: UUID = field(default_factory=uuid4)
    learning_event_id: UUID = field(default_factory=uuid4)
    first_session_id: UUID = field(default_factory=uuid4)

    @property
    def session_ids(self):
        return tuple(
            UUID(int=self.first_session_id.int ^ number) for number in range(self.sessions)
        )

    @property
    def address(self):
        return f"{self.person_id.hex}@example.org"

    @property
    def token(self):
        return f"1{self.booking_id.hex}"

    @property
    def published(self):
        return EventPublished(
            learning_event_id=self.learning_event_id,
            kind="learning_event",
            event_type="workshop",
            title=self.title,
            purpose="Work with people who hoard, without force.",
            level="introductory",
            workstreams=("housing",),
            audience=("front_line",),
        )

    @property
    def scheduled(self):
        return [
            SessionScheduled(
                session_id=session_id,
                learning_event_id=self.learning_event_id,
                starts_at=self.starts_at + timedelta(days=7 * number),
                ends_at=self.starts_at + timedelta(days=7 * number, hours=3),
                tz="Europe/London",
                mode=self.mode,
                place=self.place,
                capacity=20,
            )
            for number, session_id in enumerate(self.session_ids)
        ]

    def moved(self, starts_at, revision=1, session_id=None):
        """The (first) session has another time."""
        before = self.scheduled[0]
        return SessionRescheduled(
            **before.model_dump()
            | {
                "session_id": session_id or before.session_id,
                "starts_at": starts_at,
                "ends_at": starts_at + timedelta(hours=3),
                "ical_sequence": revision,
            },
            previous_starts_at=before.starts_at,
            previous_ends_at=before.ends_at,
            previous_place=before.place,
        )

    @property
    def announced(self):
        return [self.published, *self.scheduled]

    @property
    def booked(self):
        return EventBooked(
            booking_id=self.booking_id,
            learning_event_id=self.learning_event_id,
            session_ids=self.session_ids,
            person_id=self.person_id,
            sector="voluntary",
            work_field="housing_homelessness",
            role_level="front_line",
            area="nottingham_city",
            booked_on=datetime.now(UTC).date(),
        )

    @property
    def waitlisted(self):
        return BookingWaitlisted(
            booking_id=self.booking_id,
            learning_event_id=self.learning_event_id,
            session_ids=self.session_ids,
            person_id=self.person_id,
            position=3,
        )

    @property
    def cancelled(self):
        return BookingCancelled(
            booking_id=self.booking_id,
            learning_event_id=self.learning_event_id,
            person_id=self.person_id,
            by="person",
        )

    @property
    def offered(self):
        return WaitlistPlaceOffered(
            booking_id=self.booking_id,
            learning_event_id=self.learning_event_id,
            session_ids=self.session_ids,
            person_id=self.person_id,
            offer_expires_at=self.starts_at - timedelta(days=20),
        )

    @property
    def opened(self):
        return WaitlistOpened(
            booking_id=self.booking_id,
            learning_event_id=self.learning_event_id,
            session_ids=self.session_ids,
            person_id=self.person_id,
            opened_at=datetime.now(UTC),
        )

    @property
    def requested(self):
        return BookingRequested(
            booking_id=self.booking_id,
            learning_event_id=self.learning_event_id,
            session_ids=self.session_ids,
            person_id=self.person_id,
        )

    def ended(self, message):
        """The booking has ended in this way: a message of this kind."""
        return message(
            booking_id=self.booking_id,
            learning_event_id=self.learning_event_id,
            person_id=self.person_id,
        )

    @property
    def link(self):
        return BookingLinkIssued(
            booking_id=self.booking_id,
            person_id=self.person_id,
            channel="email",
            address=self.address,
            name=self.name,
            token=self.token,
        )

    def contact(self, **changes):
        known = {"address": self.address, "name": self.name, "verified": False, **changes}
        return ContactPointChanged(person_id=self.person_id, channel="email", **known)

    @property
    def programme(self):
        return Programme(
            title=self.title,
            purpose=self.published.purpose,
            sessions=tuple(
                Session(
                    session_id=one.session_id,
                    starts_at=one.starts_at,
                    ends_at=one.ends_at,
                    tz=one.tz,
                    mode=one.mode,
                    place=one.place,
                )
                for one in self.scheduled
            ),
        )
