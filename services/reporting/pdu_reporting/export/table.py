"""A table as it is exported: what its columns mean, its rows, and what is told of the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias

Cell: TypeAlias = str | int | float | bool | date | datetime | None


class Holds(StrEnum):
    """What stands in a column, in the words of CSV on the Web."""

    TEXT = "string"
    WHOLE = "integer"
    NUMBER = "double"
    FLAG = "boolean"
    DAY = "date"
    MOMENT = "dateTime"


@dataclass(frozen=True, slots=True)
class Column:
    """A column, and what it means."""

    name: str
    holds: Holds
    means: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is held whole, as figures are."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    told: Mapping[str, Any]
    """What else has to be known, as JSON has it."""
