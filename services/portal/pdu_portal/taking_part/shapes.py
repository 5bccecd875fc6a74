"""What bookings answers about communities, topics and teams, as far as the pages need it."""

from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from pdu_portal.booking_shapes import Booked
from pdu_portal.community_shapes import Fellow


class NextSession(BaseModel):
    """When and where a community meets next."""

    learning_event_id: UUID
    starts_at: AwareDatetime
    place: str
    mode: str = "in_person"


class Community(BaseModel):
    """A Community of Practice."""

    key: str
    name: str
    purpose: str = ""
    state: str = "active"
    workstream: str = ""
    members: int = 0
    seconds: int = 0
    sessions_held: int = 0
    gaps: int = 0
    next_session: NextSession | None = None


class Communities(BaseModel):
    """A page of them."""

    items: list[Community]
    next: str | None = None


class Fellows(BaseModel):
    """Members who agreed to be seen."""

    items: list[Fellow] = []


class Member(BaseModel):
    """A member, as convenors see them."""

    name: str
    organisation: str | None = None
    state: str


class Members(BaseModel):
    """All of them."""

    items: list[Member] = []


class Joined(BaseModel):
    """That somebody belongs."""

    community: str


class Topic(BaseModel):
    """A topic that somebody would like to learn about."""

    topic_id: UUID
    wording: str
    state: str
    backers: int = 0
    learning_event_id: UUID | None = None


class Topics(BaseModel):
    """Those that are open, newest first."""

    items: list[Topic]
    next: UUID | None = None


class Received(BaseModel):
    """That a topic came, and the token with which one sees what becomes of it."""

    token: str


class Status(BaseModel):
    """What became of a topic."""

    state: str
    wording: str | None = None
    backers: int = 0
    merged: bool = False
    reason: str | None = None
    answer: str | None = None
    learning_event_id: UUID | None = None


class OfferReceived(BaseModel):
    """That an offer to speak came."""

    offer_id: UUID


class WhyNot(BaseModel):
    """Why one person of a team has no place."""

    title: str
    detail: str | None = None


class Outcome(BaseModel):
    """What one person of a team received."""

    booking: Booked | None = None
    problem: WhyNot | None = None


class TeamAnswer(BaseModel):
    """What each received, in the order in which they were named."""

    people: list[Outcome]
