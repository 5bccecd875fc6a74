"""What bookings answers about a place that somebody has, as far as the pages need it."""

from datetime import UTC, datetime
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from pdu_portal.event_shapes import LearningEvent, Session
from pdu_portal.shapes import Term


class Place(BaseModel):
    """What a booking gives in one session."""

    session_id: UUID
    state: str
    position: int | None = None


class Booked(BaseModel):
    """The answer to a booking."""

    booking_id: UUID
    state: str
    places: list[Place] = []


class JoinOnline(BaseModel):
    """Where an online session is joined."""

    session_id: UUID
    joining_link: str


class ManagedBooking(BaseModel):
    """One booking, as its own link shows it."""

    booking_id: UUID
    state: str
    position: int | None = None
    offer_expires_at: AwareDatetime | None = None
    can: list[str] = []
    join_online: list[JoinOnline] = []
    session_ids: list[UUID] = []
    learning_event: LearningEvent

    def chosen(self, terms: list[Term]) -> str:
        """Which of the sessions at the same time they come to."""
        ids = {str(session_id) for session_id in self.session_ids}
        return next((term.code for term in terms if term.code in ids), "")

    @property
    def cancelled(self) -> bool:
        """Whether the place has been given back."""
        return self.state.startswith("cancelled")

    def joining_link(self, session: Session) -> str | None:
        """Where to join a session, if it is shown already."""
        return next(
            (
                one.joining_link
                for one in self.join_online
                if one.session_id == session.session_id and one.joining_link.startswith("https://")
            ),
            None,
        )

    @property
    def begun(self) -> bool:
        """Whether a session has begun, so that there may be a certificate."""
        return any(
            session.starts_at <= datetime.now(UTC) for session in self.learning_event.sessions
        )
