"""What reporting tells of figures frozen at a moment, as far as the pages show it."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from pdu_portal.figures.shapes import Cell


class Snapshot(BaseModel):
    """Figures that were frozen together."""

    snapshot_id: UUID
    kind: str
    title: str
    up_to: date | None = None
    frozen_at: AwareDatetime
    as_of: AwareDatetime
    journal_position: int
    tables: list[str] = []


class Snapshots(BaseModel):
    """The newest of them."""

    items: list[Snapshot]
    next: UUID | None = None


class Difference(BaseModel):
    """A number then and now."""

    row: dict[str, Cell]
    then: int | float | str | None = None
    now: int | float | str | None = None
    difference: int | float | None = None


class ComparedTable(BaseModel):
    """A table then and now, and why it differs."""

    name: str
    figure: str
    by: list[str] = []
    same: bool
    rows: list[Difference] = []
    reasons: dict[str, int] = {}
    messages: dict[str, int] = {}


class Comparison(BaseModel):
    """A snapshot beside another moment."""

    then: Snapshot
    now: Snapshot | None = None
    positions: tuple[int, int]
    tables: list[ComparedTable]
