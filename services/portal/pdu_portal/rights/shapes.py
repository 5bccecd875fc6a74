"""What services tell the data protection lead, as far as the pages show it."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, BaseModel


class RightsRequest(BaseModel):
    """A copy that somebody wants, or to be forgotten, and how far that is."""

    request_id: UUID
    person_id: UUID
    kind: str
    state: str
    asked_at: AwareDatetime
    received_on: date
    due_on: date | None = None
    overdue: bool = False
    stuck: bool = False
    asked_by_role: str = ""
    identity_checked: str | None = None
    approved_at: AwareDatetime | None = None
    done_at: AwareDatetime | None = None
    extended_because: str | None = None
    refused_because: str | None = None
    held_because: list[str] = []
    answered: list[str] = []
    missing: list[str] = []


class RightsRequests(BaseModel):
    """The latest of them."""

    items: list[RightsRequest]
    next: UUID | None = None


class Hold(BaseModel):
    """Why somebody cannot be forgotten yet."""

    hold_id: UUID
    person_id: UUID
    because: str
    reference: str | None = None
    placed_at: AwareDatetime
    released_at: AwareDatetime | None = None


class Holds(BaseModel):
    """All of them."""

    items: list[Hold]


class Line(BaseModel):
    """How long one class of data is kept."""

    data_class: str
    keeps: str
    days: int
    counted_from: str


class Run(BaseModel):
    """That the schedule was executed for one class of data."""

    data_class: str
    ran_on: date
    deleted: int
    last_at: AwareDatetime


class Evidence(BaseModel):
    """A schedule, and that it was kept to."""

    schedule: list[Line]
    runs: list[Run]

    def last(self, data_class: str) -> Run | None:
        """The latest run for a class of data."""
        return next((run for run in self.runs if run.data_class == data_class), None)


class Read(BaseModel):
    """That somebody read something sensitive; not what it was."""

    reader: UUID | None = None
    client_id: str | None = None
    kind: str
    of_id: UUID
    why: str = ""
    read_at: AwareDatetime


class Reads(BaseModel):
    """Some of them, oldest first."""

    items: list[Read]
    next: UUID | None = None
