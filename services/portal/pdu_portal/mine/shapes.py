"""What the services answer somebody about themselves, as far as the pages need it."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from pdu_portal.booking_shapes import ManagedBooking
from pdu_portal.survey_shapes import minutes_of


class OwnBookings(BaseModel):
    """My places, offers and waiting lists that are not over, the soonest first."""

    items: list[ManagedBooking] = []


class Action(BaseModel):
    """Something I said I would do."""

    action_id: UUID
    what: str
    due_on: date
    state: str
    percent: int = 0
    overdue: bool = False
    version: int
    note: str | None = None


class Actions(BaseModel):
    """What I said I would do, due soonest first."""

    items: list[Action] = []


class Task(BaseModel):
    """What an ambassador is to do."""

    kind: str
    due_on: date
    learning_event_id: UUID
    overdue: bool = False


class Tasks(BaseModel):
    """All of it."""

    items: list[Task] = []


class WaitingSurvey(BaseModel):
    """A survey that waits for my answers."""

    invitation_id: UUID
    title: str
    event_title: str | None = None
    questions: int = 0
    begun: bool = False
    closes_at: AwareDatetime

    @property
    def minutes(self) -> int:
        """How long it takes, about."""
        return minutes_of(self.questions)


class OwnSurveys(BaseModel):
    """All that wait, those that close first before the others."""

    items: list[WaitingSurvey] = []


class OwnMembership(BaseModel):
    """A community that I belong to, or am invited to."""

    membership_id: UUID
    community: str
    state: str
    shares_name: bool = False


class OwnMemberships(BaseModel):
    """All of them."""

    items: list[OwnMembership] = []


class Done(BaseModel):
    """That it was done; the page asks anew for what it shows."""
