"""A figure: what it counts, by what it can be cut, and its one statement."""

from dataclasses import dataclass

from pdu_shared.contracts.vocabulary import AttendanceState, EventKind


@dataclass(frozen=True, slots=True)
class Dimension:
    """A column that a figure can be cut by, and filtered under the same name."""

    name: str
    codes: tuple[str, ...] | None = None
    """The words it can hold; None when another service keeps the list."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A named count. Attendances and individuals are two figures, and so never mixed.

    The statement takes the names of the dimensions to cut by as `$1`; then, for each of its
    dimensions in their order, the codes to keep (null keeps all); at last the first and the last
    day, both included, either of them null when it is open. It gives a column for each dimension
    and `value`.
    """

    name: str
    statement: str
    dimensions: tuple[Dimension, ...]
    lock: str
    """Holds the tables it reads, in the order of their names as a rebuild does."""
    sql: str


PROJECT_YEAR = Dimension("project_year")
WHO = (Dimension("sector"), Dimension("work_field"), Dimension("role_level"), Dimension("area"))
"""As they were at the time."""
EVENT_KIND = Dimension("event_kind", tuple(EventKind))
ATTENDED = Dimension("state", (AttendanceState.PRESENT, AttendanceState.PARTIAL))
"""Apologies and no-shows are states of an attendance too, but nobody came."""
