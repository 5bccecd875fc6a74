"""What resources and notifications answer about the open pages of the hub, as far as needed."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

WAYS = {
    "said": "Said",
    "shared_with_organisation": "Passed on",
    "committed": "Promised",
    "in_progress": "Being done",
    "done": "Done",
    "not_done_with_reason": "Not done, and why",
    "fed_back": "Done, and those who said it know",
}


class ModuleListed(BaseModel):
    """A module in the suite."""

    module_key: str
    title: str
    state: str = "announced"
    summary: str | None = None
    minutes: int | None = None
    is_example: bool | None = None


class Group(BaseModel):
    """Modules that belong together."""

    label: str
    modules: list[ModuleListed]


class Suite(BaseModel):
    """All that can be learned."""

    groups: list[Group]


class Module(BaseModel):
    """What a module is about."""

    module_key: str
    title: str
    summary: str
    level: str | None = None
    minutes: int
    pages: list[str] = []
    outcomes: list[str] = []
    content_note: str | None = None
    support: str | None = None
    credit: list[str] = []
    is_example: bool = False


class Pathway(BaseModel):
    """A pathway in a list."""

    pathway_key: str
    title: str
    summary: str = ""
    minutes: int = 0


class Pathways(BaseModel):
    """All of them."""

    items: list[Pathway]


class Step(BaseModel):
    """One step of what became of something that people said."""

    state: str
    told: str | None = None
    happened_at: AwareDatetime


class Thread(BaseModel):
    """What people said, and what came of it."""

    item_id: UUID
    said: str
    did: str | None = None
    state: str
    organisation: str | None = None
    said_on: date
    steps: list[Step] = []


class Threads(BaseModel):
    """A page of what people said."""

    items: list[Thread]
    next: UUID | None = None


class Story(BaseModel):
    """A published change, or a case study."""

    story_id: UUID
    kind: str
    title: str
    text: str
    organisation: str | None = None
    published_on: date | None = None


class Stories(BaseModel):
    """A page of stories."""

    items: list[Story]
    next: UUID | None = None


class IssueLine(BaseModel):
    """An issue of the bulletin in the archive."""

    issue_key: str
    title: str
    issued_at: AwareDatetime


class Entry(BaseModel):
    """Something that an issue told of."""

    title: str
    facts: list[str] = []
    path: str | None = None


class Part(BaseModel):
    """A section of an issue; its `html` was made safe by notifications."""

    heading: str | None = None
    html: str = ""
    entries: list[Entry] = []


class Issue(IssueLine):
    """An issue as everybody may read it."""

    parts: list[Part]
