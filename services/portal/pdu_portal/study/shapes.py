"""What resources answers somebody who learns, as far as the pages need it."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel

from pdu_portal.library_shapes import FirstStep


class Progress(BaseModel):
    """Where I am with a module."""

    state: Literal["not_started", "in_progress", "completed"]
    page: int | None = None
    pages: int


class Offered(BaseModel):
    """An answer to choose."""

    code: str
    html: str


class About(BaseModel):
    """What is said about one answer."""

    option: str
    fits: bool
    html: str


class Answered(BaseModel):
    """What I answered, and what is said to that."""

    options: list[str] = []
    said: str | None = None
    about: list[About] = []
    html: str = ""


class Part(BaseModel):
    """Something to read, or to think about; `html` was made safe by resources."""

    kind: Literal["text", "question"]
    html: str
    question_code: str = ""
    answered_by: Literal["one", "several", "write"] = "one"
    options: list[Offered] = []
    answer: Answered | None = None


class Page(BaseModel):
    """One part of a module."""

    page: int
    pages: int
    title: str
    parts: list[Part]


class Certificate(BaseModel):
    """My certificate of a module."""

    code: str
    holder: str
    show_name: bool = False


class Pathway(BaseModel):
    """A pathway with its steps."""

    pathway_key: str
    title: str
    summary: str = ""
    minutes: int = 0
    gives_badge: bool = False
    all_steps: list[FirstStep] = []


class Playable(BaseModel):
    """A file of a recording, at an address that is good for a while."""

    path: str
    role: str
    media_type: str
    language: str | None = None


class Playback(BaseModel):
    """A recording to play."""

    files: list[Playable]
    good_until: AwareDatetime

    def of(self, *roles: str) -> list[Playable]:
        """Those of these roles, as far as their addresses are of the kind that we know."""
        known = [one for one in self.files if one.path.startswith("/media/")]
        return [one for one in known if one.role in roles]
