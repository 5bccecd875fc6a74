"""Tables as parameters of a statement: what is to be written, by the cheapest way there is.

Arrays take any number of rows by one text. But each array has its price, at both ends, and for a
single row that is more than the row: a few rows go as plain values, by a text for that many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

Columns: TypeAlias = Sequence[Sequence[Any]]
"""The rows of a table, column by column."""
FEW = 8
MANY = 0
"""Stands for any number of rows."""


@dataclass(frozen=True, slots=True)
class Table:
    """The types of its columns, as in `uuid text`."""

    columns: str
    numbered: bool = False
    """Whether one more column says which row it is, from 1 on."""

    @property
    def types(self) -> list[str]:
        """Column by column."""
        return self.columns.split()

    def source(self, rows: int, at: int) -> str:
        """What to select from, where its parameters begin with number `at`."""
        if rows == MANY:
            arrays = ", ".join(f"${at + place}::{one}[]" for place, one in enumerate(self.types))
            return f"unnest({arrays})" + " WITH ORDINALITY" * self.numbered
        said = (self._values(row, at + row * len(self.types)) for row in range(rows))
        return f"(VALUES {', '.join(said)})"

    def _values(self, row: int, at: int) -> str:
        values = [f"${at + place}::{one}" for place, one in enumerate(self.types)]
        return f"({', '.join([*values, str(row + 1)] if self.numbered else values)})"


class Writing:
    """A statement that takes tables: its text has their names in braces.

    Parameters before number `at` are not theirs.
    """

    def __init__(self, text: str, at: int = 1, **tables: Table) -> None:
        self._text, self._at, self._tables = text, at, tables
        self._texts: dict[tuple[int, ...], str] = {}

    def of(self, *tables: Columns) -> tuple[str, list[Any]]:
        """The text for these rows, and what to give it, from number `at` on."""
        shape = tuple(len(one[0]) if 0 < len(one[0]) <= FEW else MANY for one in tables)
        text = self._texts.get(shape)
        if text is None:
            text = self._texts[shape] = self._text_for(shape)
        given: list[Any] = []
        for columns, rows in zip(tables, shape, strict=True):
            given += columns if rows == MANY else chain.from_iterable(zip(*columns, strict=True))
        return text, given

    def _text_for(self, shape: Sequence[int]) -> str:
        at, sources = self._at, {}
        for (name, table), rows in zip(self._tables.items(), shape, strict=True):
            sources[name] = table.source(rows, at)
            at += len(table.types) * (rows or 1)
        return self._text.format(**sources)
