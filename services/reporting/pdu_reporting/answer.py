"""The answer of a figure: its rows, what was understood, and what has to be said beside it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeAlias

from pydantic import BaseModel

from pdu_reporting.asking import Asked, Audience
from pdu_reporting.counting import Counted, Row
from pdu_reporting.explained import Annotated, Recoded
from pdu_reporting.figure import Figure, Unit
from pdu_reporting.filters import Word
from pdu_reporting.rules.caveat import Caveat, in_words

BESIDE = ("value", "numerator", "denominator", "withheld", "comparable", "caveats")
"""The columns that stand beside the dimensions asked for."""
CONFIDENTIAL = "[c]"
"""What a table says in place of a number that is withheld."""

Cell: TypeAlias = str | int | float | bool | list[str] | None


class Year(BaseModel):
    """A project year that rows are about."""

    code: str
    label: str
    """Of a year in progress with the day to which it has come."""
    starts_on: date
    ends_on: date
    is_partial: bool
    in_progress: bool
    comparable: bool
    months: float
    """How many of its months have passed."""


class Answer(BaseModel):
    """A figure, and how far the journal had come when it was counted."""

    name: str
    statement: str
    unit: Unit
    as_of: datetime | None
    """When the newest message in the journal came in; null before the first."""
    journal_position: int
    audience: Audience
    by: list[str]
    filters: dict[str, Word]
    """As they were understood, with what was taken because nothing else was asked for."""
    project_years: list[Year]
    recodings: list[Recoded] = []
    """Words that count as others in it."""
    annotations: list[Annotated] = []
    """What happened in the years and months of its rows."""
    caveats: dict[Caveat, str]
    """Those of the rows, in words."""
    rows: list[dict[str, Cell]]
    """A column for each dimension asked for, null where it is not known; then value, numerator,
    denominator, withheld (they are null then), comparable and caveats."""


def answer_of(figure: Figure, asked: Asked, counted: Counted) -> Answer:
    """What was counted, as it is told."""
    return Answer(
        name=figure.name,
        statement=figure.statement,
        unit=figure.unit,
        as_of=counted.as_of,
        journal_position=counted.position,
        audience=asked.audience,
        by=list(asked.by),
        filters=dict(asked.words),
        project_years=[
            Year(
                code=year.code,
                label=year.label_on(counted.today),
                starts_on=year.starts_on,
                ends_on=year.ends_on,
                is_partial=year.is_partial,
                in_progress=year.in_progress(counted.today),
                comparable=year.comparable(counted.today),
                months=year.months(counted.today),
            )
            for year in counted.years
        ],
        recodings=list(counted.recodings),
        annotations=list(counted.annotations),
        caveats={
            one: in_words(one, small=counted.small, few=counted.withheld_below)
            for row in counted.rows
            for one in row.caveats
        },
        rows=[row_of(row) for row in counted.rows],
    )


def shown(row: Mapping[str, Cell]) -> dict[str, Cell]:
    """A row as a table shows it: an empty cell could be taken for a number that nobody knows."""
    if row["withheld"]:
        return {**row, **dict.fromkeys(("value", "numerator", "denominator"), CONFIDENTIAL)}
    return dict(row)


def row_of(row: Row) -> dict[str, Cell]:
    """A row as it is told: the dimensions, and what stands beside them."""
    return {
        **row.dimensions,
        "value": row.value,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "withheld": row.withheld,
        "comparable": row.comparable,
        "caveats": list(row.caveats),
    }
