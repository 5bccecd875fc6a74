"""What managers see of their people: in numbers, for nobody is watched."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field


class Nominations(BaseModel):
    """What became of those whom somebody asked to come."""

    nominated: int = 0
    accepted: int = 0
    declined: int = 0


class Promise(BaseModel):
    """What an organisation promised for a year, and what was kept of it so far."""

    commitment_id: UUID
    organisation: str
    kind: str
    project_year: str
    promised: int
    kept: int = 0
    attendances: int = 0
    state: str
    note: str | None = None


class Promises(BaseModel):
    """The newest first."""

    items: list[Promise] = []


class Year(BaseModel):
    """A project year, as the hub names it."""

    code: str
    label: str
    starts_on: date = Field(validation_alias="from")
    ends_on: date = Field(validation_alias="to")


class Years(BaseModel):
    """Those that there are."""

    project_years: list[Year] = []


class OwnYear(BaseModel):
    """A project year that is over; no numbers where they would be about a few people."""

    label: str
    is_partial: bool = False
    individuals: int | None = None
    attendances: int | None = None
    withheld: bool = False


class OwnOrganisation(BaseModel):
    """How many people came from the organisation of whoever asks."""

    withheld_below: int
    years: list[OwnYear] = []


class Done(BaseModel):
    """That it was done; the page asks anew for what it shows."""
