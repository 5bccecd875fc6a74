"""What bookings tells experts and ambassadors, as far as the pages show it."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, BaseModel


class Taken(BaseModel):
    """Something that somebody prepared themselves with."""

    kind: str
    taken_on: date


class Expert(BaseModel):
    """Somebody whom an ambassador supports, or oneself."""

    expert_id: UUID
    ambassador_id: UUID
    preferred_name: str
    contact_way: str
    reach: str | None = None
    trainings: list[Taken] = []


class Experts(BaseModel):
    """All whom the viewer supports."""

    items: list[Expert]


class Engagement(BaseModel):
    """What somebody takes part in, and how far it has come."""

    engagement_id: UUID
    learning_event_id: UUID
    expert_id: UUID | None = None
    role: str
    involvement: str
    state: str
    missing: list[str] = []
    starts_at: AwareDatetime
    opted_in_on: date
    briefed_on: date | None = None
    acknowledged: bool = False
    supporter_during: UUID | None = None
    debrief_way: str | None = None
    plan_agreed: bool = False
    pre_meeting_at: AwareDatetime | None = None
    pre_meeting_place: str | None = None
    contributed_on: date | None = None
    arnstein_level: str | None = None
    debriefed_on: date | None = None
    thanked_on: date | None = None
    feedback_given_on: date | None = None
    feedback_until: date | None = None


class Engagements(BaseModel):
    """All that the viewer may see."""

    items: list[Engagement]


class Opportunity(BaseModel):
    """An event that somebody can take part in."""

    opportunity_id: UUID
    learning_event_id: UUID
    title: str
    starts_at: AwareDatetime
    roles: list[str] = []
    engagement_id: UUID | None = None


class Opportunities(BaseModel):
    """All that is open."""

    items: list[Opportunity]


class Task(BaseModel):
    """Something that an ambassador is to do."""

    kind: str
    engagement_id: UUID
    learning_event_id: UUID
    expert_id: UUID | None = None
    way: str
    notice_id: UUID | None = None
    template: str | None = None
    due_on: date
    overdue: bool = False


class Tasks(BaseModel):
    """All of it, the most urgent first."""

    items: list[Task]


class Action(BaseModel):
    """What an organisation says that it did."""

    action_id: UUID
    text: str


class Actions(BaseModel):
    """The latest of them."""

    items: list[Action]


class Text(BaseModel):
    """Something written that only the two may read."""

    text: str


class Nothing(BaseModel):
    """There is nothing to say."""
