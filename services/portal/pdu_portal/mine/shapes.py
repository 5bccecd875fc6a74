"""What the services answer somebody about themselves, as far as the pages need it."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from pdu_portal.booking_shapes import ManagedBooking
from pdu_portal.survey_shapes import minutes_of


class OwnBookings(BaseModel):
    """My places, offers and waiting lists that are not over, the soonest first."""

    items: list[ManagedBooking] = []


class Learned(BaseModel):
    """A module, pathway or learning event of mine; `code` is of the certificate or badge."""

    kind: str
    ref: str
    title: str
    started_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    minutes: int | None = None
    code: str | None = None


class MyReflections(BaseModel):
    """How much I wrote for myself."""

    entries: int = 0
    latest_on: date | None = None


class MyActivity(BaseModel):
    """Everything of mine at a glance."""

    learned: list[Learned]
    reflections: MyReflections = MyReflections()


class StepOnTheWay(BaseModel):
    """A step of a pathway."""

    place: int
    kind: str
    ref: str
    title: str
    minutes: int | None = None
    optional: bool = False
    there: bool = True
    done: bool = False


class OnTheWay(BaseModel):
    """A pathway that I set out on."""

    pathway_key: str
    title: str
    next_step: int | None = None
    steps: list[StepOnTheWay] = []
    started_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None

    @property
    def done(self) -> int:
        """How many steps are behind me."""
        return sum(step.done for step in self.steps)


class Suggested(BaseModel):
    """A pathway that would suit me."""

    pathway_key: str
    title: str
    summary: str = ""
    minutes: int = 0


class MyPathways(BaseModel):
    """My pathways, and what would suit me."""

    under_way: list[OnTheWay] = []
    suggested: list[Suggested] = []


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


class Profile(BaseModel):
    """Who I am, as the hub knows me."""

    name: str
    address: str
    organisation: str | None = None
    sector: str
    work_field: str
    role_level: str
    area: str
    interests: list[str] = []


class Consent(BaseModel):
    """Something I agreed to."""

    purpose: str
    label: str
    wording: str
    given_at: AwareDatetime
    withdrawn_at: AwareDatetime | None = None


class Consents(BaseModel):
    """All that I agreed to."""

    items: list[Consent] = []


class RightsRequest(BaseModel):
    """A request for my data, or to be forgotten."""

    request_id: UUID
    kind: str
    state: str
    received_on: date
    due_on: date | None = None
    done_at: AwareDatetime | None = None
    refused_because: str | None = None
    held_because: list[str] = []


class Archive(BaseModel):
    """A link to the copy of my data, good once."""

    path: str
    expires_at: AwareDatetime


class Reflection(BaseModel):
    """A note of mine to myself."""

    reflection_id: UUID
    text: str
    happened_on: date


class Reflections(BaseModel):
    """My notes, newest first."""

    items: list[Reflection] = []
    next: UUID | None = None


class Written(BaseModel):
    """That a note is kept."""

    reflection_id: UUID


class Done(BaseModel):
    """That it was done; the page asks anew for what it shows."""
