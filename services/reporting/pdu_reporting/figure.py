"""A figure: what it counts, by what it can be cut, what it can be asked, and its statement."""

from dataclasses import dataclass
from enum import StrEnum

from pdu_shared.contracts.vocabulary import AttendanceState, EventKind


class Unit(StrEnum):
    """What the value of a figure is."""

    COUNT = "count"
    PERCENT = "percent"
    RATIO = "ratio"
    RANGE = "range"
    SCORE = "score"
    POSITION = "position"


class Kind(StrEnum):
    """What a filter is asked with."""

    CODES = "codes"
    CHOICE = "choice"
    DAY = "day"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Filter:
    """What can be asked of a figure under a name."""

    name: str
    kind: Kind
    codes: tuple[str, ...] | None = None
    """The words it takes; None when they are known from what was told. Of a choice the first is
    taken unless another is asked for."""
    scheme: str | None = None
    """The list that its words are from, where it is not called the same."""

    @property
    def list_name(self) -> str:
        """Under which name its words are known."""
        return self.scheme or self.name


@dataclass(frozen=True, slots=True)
class Dimension(Filter):
    """A column that a figure can be cut by, and filtered under the same name."""

    kind: Kind = Kind.CODES
    only_cut: bool = False
    """There is another way to filter by it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """The rows that figures count, each with the dimensions that were asked for.

    Its named queries take, as every figure does: `$1` the names of the dimensions to cut by, as a
    JSON array; `$2` the filters, a JSON object with an array of codes, a word or a number under
    each name; `$3` and `$4` the first and the last day, both included, null when it is open. What
    is not asked for is settled when the statement is planned, and costs nothing.
    """

    tables: tuple[str, ...]
    """What it reads, in the order of their names as a rebuild takes them."""
    dimensions: tuple[Dimension, ...]
    """In the order in which the figures give them as `cut`, an array with null for each dimension
    that was not asked for."""
    queries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A named figure. Attendances and individuals are two figures, and so never mixed.

    Its statement selects from what its fact names: `cut`, and `value`, or `numerator` and
    `denominator` from which the value is worked out, or all three.
    """

    name: str
    statement: str
    unit: Unit = Unit.COUNT
    fact: Fact
    sql: str
    more: tuple[Dimension, ...] = ()
    """Dimensions at the end of `cut` that the fact does not have."""
    without: tuple[str, ...] = ()
    """Dimensions of the fact that make no sense here."""
    only_kept: tuple[str, ...] = ()
    """Dimensions to filter by, not to cut by."""
    always_by: tuple[str, ...] = ()
    days: tuple[Filter | None, Filter | None]
    """Under which names the first and the last day are asked for."""
    filters: tuple[Filter, ...] = ()
    """What can be asked beside dimensions and days."""
    needs: tuple[str, ...] = ()
    """What has to be filtered or cut by."""
    one_only: tuple[str, ...] = ()
    """What takes a single code."""
    of_things: bool = False
    """Its numbers are of things such as events, never of people, so small ones may be shown."""
    behind: str = ""
    """Selects `subject` and `sequence` of the messages that it counts, from what its fact names;
    empty where these are not kept apart."""
    adds_up: bool = True
    """False where one and the same may stand in several rows, so that they give no total."""
    tallied: str | None = None
    """The same statement over `tallied`, the cells of a cut that is kept counted: `times` and
    `is_new` of `people` in each. It must give what `sql` gives."""
    tallied_sums: bool = False
    """Whether the cells of several codes give a sum: nobody is counted once for all of them."""

    @property
    def cut(self) -> tuple[Dimension, ...]:
        """The dimensions of `cut`, in their order."""
        return (*self.fact.dimensions, *self.more)

    @property
    def dimensions(self) -> list[str]:
        """What it can be cut by."""
        hidden = {*self.without, *self.only_kept}
        return [one.name for one in self.cut if one.name not in hidden]

    @property
    def asked_with(self) -> list[Filter]:
        """What it can be filtered by."""
        kept = [one for one in self.cut if not (one.only_cut or one.name in self.without)]
        return [*(day for day in self.days if day), *kept, *self.filters]

    @property
    def query(self) -> str:
        """The whole statement."""
        return f"WITH RECURSIVE {', '.join(self.fact.queries)} {self.sql}"


PERIOD = (Filter("period_from", Kind.DAY), Filter("period_to", Kind.DAY))
SUBMITTED = (Filter("submitted_from", Kind.DAY), Filter("submitted_to", Kind.DAY))
UP_TO = (None, Filter("as_of", Kind.DAY))
NO_DAYS = (None, None)

PROJECT_YEAR = Dimension("project_year")
PROGRAMME_PERIOD = Dimension("programme_period")
"""Who paid for the unit on that day."""
WHO = (Dimension("sector"), Dimension("work_field"), Dimension("role_level"), Dimension("area"))
"""As they were at the time."""
KIND = Dimension("kind", codes=tuple(EventKind))
SERIES = Dimension("series")
WORKSTREAM = Dimension("workstream")
SESSION = Dimension("session")
MONTH = Dimension("month", only_cut=True)
ATTENDED = Dimension("state", codes=(AttendanceState.PRESENT, AttendanceState.PARTIAL))
"""Apologies and no-shows are states of an attendance too, but nobody came."""
