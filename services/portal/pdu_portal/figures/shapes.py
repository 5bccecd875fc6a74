"""What reporting tells of figures, as far as the pages show it."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

Cell = str | int | float | bool | list[str] | None


Row = dict[str, Cell]


class Year(BaseModel):
    """A project year that rows are about."""

    code: str
    label: str
    starts_on: date
    ends_on: date
    is_partial: bool = False
    in_progress: bool = False
    comparable: bool = True
    months: float = 12


class PublishedYear(BaseModel):
    """A project year as it was defined; what is published is of years that are over."""

    code: str
    label: str
    starts_on: date
    ends_on: date
    is_partial: bool = False

    @property
    def in_progress(self) -> bool:
        """Never: it would not be published."""
        return False

    @property
    def comparable(self) -> bool:
        """Whether it is a whole year."""
        return not self.is_partial

    @property
    def months(self) -> int:
        """How many it has."""
        years = self.ends_on.year - self.starts_on.year
        return 12 * years + self.ends_on.month - self.starts_on.month + 1


class Answer(BaseModel):
    """A figure, cut in one way."""

    name: str
    statement: str
    unit: str
    as_of: AwareDatetime | None = None
    journal_position: int = 0
    by: list[str] = []
    filters: dict[str, str | int | list[str]] = {}
    project_years: list[Year] = []
    caveats: dict[str, str] = {}
    rows: list[Row] = []


class Drawn(BaseModel):
    """A chart, and the words around it."""

    title: str
    subtitle: str
    svg: str
    notes: list[str] = []
    answer: Answer


class PublishedTable(BaseModel):
    """A table of the published set."""

    name: str
    figure: str
    statement: str
    unit: str
    by: list[str] = []
    rows: list[Row] = []


class Published(BaseModel):
    """What everybody may see; before the first publication there is nothing in it."""

    snapshot_id: UUID | None = None
    title: str | None = None
    frozen_at: AwareDatetime | None = None
    as_of: AwareDatetime | None = None
    journal_position: int | None = None
    project_years: list[PublishedYear] = []
    caveats: dict[str, str] = {}
    tables: list[PublishedTable] = []

    def table(self, name: str) -> PublishedTable | None:
        """One of its tables."""
        return next((one for one in self.tables if one.name == name), None)


class FilterDefinition(BaseModel):
    """What can be asked of a figure."""

    name: str
    kind: str
    required: bool = False
    codes: list[str] | None = None


class Definition(BaseModel):
    """What a figure counts, and how it can be cut."""

    name: str
    statement: str
    unit: str
    dimensions: list[str] = []
    filters: list[FilterDefinition] = []


class Definitions(BaseModel):
    """All figures there are."""

    items: list[Definition]


class Codes(BaseModel):
    """The words that a filter takes."""

    codes: list[str]


class Behind(BaseModel):
    """A message that a figure counted."""

    position: int
    message_id: UUID
    type: str
    subject: str
    occurred_at: AwareDatetime


class BehindPage(BaseModel):
    """A page of them, oldest first."""

    items: list[Behind]
    next: int | None = None
