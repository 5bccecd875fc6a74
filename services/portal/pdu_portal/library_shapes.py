"""What resources answers about the library, as far as the pages need it."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

TYPES = {
    "practice_tool": "Practice tool",
    "toolkit": "Toolkit",
    "best_practice_guide": "Guide to good practice",
    "recording": "Recording",
    "slides": "Slides",
    "case_study": "Case study",
    "report": "Report",
    "academic_paper": "Academic paper",
    "multimedia": "Film or sound",
    "link": "Page elsewhere",
}
SCOPES = {"local": "From here", "national": "From elsewhere in the country"}
LEVELS = {
    "introductory": "A beginning",
    "developing": "Going deeper",
    "advanced": "For specialists",
}
TIMES = {"5": "5 minutes", "20": "20 minutes", "60": "An hour"}


class Listed(BaseModel):
    """An item as it stands in a list."""

    item_key: str
    type: str
    title: str
    summary: str
    level: str | None = None
    minutes: int | None = None
    members_only: bool = False
    review_due_on: date | None = None


class Shelf(BaseModel):
    """A page of the library, in its order."""

    items: list[Listed]
    next: str | None = None


class Results(BaseModel):
    """What a search found."""

    items: list[Listed]
    total: int
    how: str = "all"
    did_you_mean: str | None = None
    also_searched: list[str] = []


class File(BaseModel):
    """A file of an item."""

    name: str
    role: str
    media_type: str
    bytes: int


class Item(Listed):
    """An item with everything that is said of it; `body_html` was made safe by resources."""

    body_html: str = ""
    creators: list[str] = []
    publisher: str | None = None
    issued: str | None = None
    credit: str | None = None
    rights: str | None = None
    link: str | None = None
    files: list[File] = []
    tags: list[str] = []
    workstreams: list[str] = []
    learning_event_id: UUID | None = None
    speaker: str | None = None
    state: str = "published"
    reason: str | None = None
    replaced_by: str | None = None
    reviewed_on: date | None = None
    captions: str | None = None


class FirstStep(BaseModel):
    """A step of the way for somebody new."""

    kind: str
    title: str
    ref: str
    minutes: int | None = None
    there: bool = True


class StartHere(BaseModel):
    """Where to begin."""

    title: str
    summary: str
    first_steps: list[FirstStep] = []
