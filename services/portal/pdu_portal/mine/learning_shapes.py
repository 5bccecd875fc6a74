"""What resources answers about what somebody learns, as far as their pages need it."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, BaseModel


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
