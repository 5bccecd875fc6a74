"""What every service answers alike, as far as the pages need it: words, and what is wrong."""

from pydantic import BaseModel, Field


class Term(BaseModel):
    """One code of a list and the words people read for it."""

    code: str
    label: str


class Vocabulary(BaseModel):
    """The lists a booking form offers."""

    sectors: list[Term] = []
    work_fields: list[Term] = []
    role_levels: list[Term] = []
    areas: list[Term] = []
    heard_about: list[Term] = []
    workstreams: list[Term] = []


class Wrong(BaseModel):
    """One thing that is wrong with what was sent, and where."""

    pointer: str = ""
    code: str = ""
    detail: str = ""


class Refusal(BaseModel):
    """Problem details: why a service said no."""

    title: str = ""
    detail: str = ""
    code: str = ""
    status: int = 0
    errors: list[Wrong] = Field(default=[])
