"""Two counts of the same figures side by side, and why they differ."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pydantic import BaseModel

from pdu_reporting import snapshot_rows
from pdu_reporting.answer import Answer, Cell, answer_of
from pdu_reporting.asking import Asked
from pdu_reporting.counting import count_together
from pdu_reporting.figure import Figure
from pdu_reporting.figures import FIGURES
from pdu_reporting.projections import PROJECTIONS
from pdu_reporting.rules.reason import Reason, reason
from pdu_reporting.snapshot_rows import Snapshot
from pdu_shared.database import Conn, Database

Place = tuple[tuple[str, Cell], ...]
"""The dimensions of a row."""


class Difference(BaseModel):
    """A row then and now."""

    row: dict[str, Cell]
    """Its dimensions."""
    then: int | float | str | None
    now: int | float | str | None
    difference: int | float | None
    """Null where one of them is no number."""


class ComparedTable(BaseModel):
    """A table then and now."""

    name: str
    figure: str
    by: list[str]
    filters: dict[str, str | int | list[str]]
    same: bool
    rows: list[Difference]
    """All of its rows; a row that is missing on one side is null there."""
    reasons: dict[Reason, int]
    """Messages that this figure rests on, by what they mean for it, that came in between."""
    messages: dict[str, int]
    """The same by type."""


class Comparison(BaseModel):
    """A snapshot and what the same figures are at another moment."""

    then: Snapshot
    now: Snapshot | None
    """Null when it is compared with the present."""
    positions: tuple[int, int]
    tables: list[ComparedTable]


async def compared(database: Database, then: Snapshot, later: Snapshot | None) -> Comparison:
    """Compare a snapshot with a later one, or with now."""
    async with database.pool.acquire(timeout=5) as conn:
        before = await snapshot_rows.answers_of(conn, then.snapshot_id)
        kept = await snapshot_rows.answers_of(conn, later.snapshot_id) if later else []
    before = [(name, answer) for name, answer in before if answer.name in FIGURES]
    after = dict(kept) if later else await _counted_now(database, before)
    first = then.journal_position
    last = later.journal_position if later else _position(after.values(), first)
    async with database.pool.acquire(timeout=5) as conn:
        tables = [
            _table(name, answer, after[name], await _between(conn, answer, (first, last), then))
            for name, answer in before
            if name in after
        ]
    return Comparison(then=then, now=later, positions=(first, last), tables=tables)


async def _counted_now(
    database: Database, before: Sequence[tuple[str, Answer]]
) -> dict[str, Answer]:
    asked = [(FIGURES[answer.name], _asked(FIGURES[answer.name], answer)) for _, answer in before]
    counted = await count_together(database, asked) if asked else []
    return {
        name: answer_of(*question, one)
        for (name, _), question, one in zip(before, asked, counted, strict=True)
    }


def _asked(figure: Figure, answer: Answer) -> Asked:
    """The question that an answer answered."""
    first, last = (_day(answer, day.name if day else None) for day in figure.days)
    return Asked(tuple(answer.by), answer.filters, first, last)


def _day(answer: Answer, name: str | None) -> date | None:
    told = answer.filters.get(name) if name else None
    return date.fromisoformat(told) if isinstance(told, str) else None


def _position(answers: Iterable[Answer], first: int) -> int:
    return max((answer.journal_position for answer in answers), default=first)


def _table(
    name: str, then: Answer, now: Answer, between: Mapping[tuple[str, Reason], int]
) -> ComparedTable:
    was, is_now = _by_place(then), _by_place(now)
    rows = [
        Difference(
            row=dict(place),
            then=was.get(place),
            now=is_now.get(place),
            difference=_difference(was.get(place), is_now.get(place)),
        )
        for place in dict.fromkeys([*was, *is_now])
    ]
    reasons, messages = dict[Reason, int](), dict[str, int]()
    for (routing_key, why), number in between.items():
        reasons[why] = reasons.get(why, 0) + number
        messages[routing_key] = messages.get(routing_key, 0) + number
    return ComparedTable(
        name=name,
        figure=then.name,
        by=then.by,
        filters=then.filters,
        same=was == is_now,
        rows=rows,
        reasons=reasons,
        messages=messages,
    )


def _by_place(answer: Answer) -> dict[Place, int | float | str | None]:
    return {
        tuple((name, row[name]) for name in answer.by): _value(row["value"]) for row in answer.rows
    }


def _value(cell: Cell) -> int | float | str | None:
    return None if isinstance(cell, list) else cell


def _difference(then: object, now: object) -> int | float | None:
    if not isinstance(then, int | float) or not isinstance(now, int | float):
        return None
    return round(now - then, 2)


async def _between(
    conn: Conn, answer: Answer, positions: tuple[int, int], then: Snapshot
) -> dict[tuple[str, Reason], int]:
    tables = FIGURES[answer.name].fact.tables
    heard = {key for one in PROJECTIONS if one.name in tables for key in one.routing_keys or ()}
    rows = await conn.fetch(
        """
        SELECT routing_key, origin, occurred_at < $4 AS before, count(*) AS messages
          FROM journal
         WHERE position > $1 AND position <= $2 AND routing_key = ANY ($3::text[])
         GROUP BY routing_key, origin, occurred_at < $4
         ORDER BY routing_key
        """,
        *positions,
        sorted(heard),
        then.as_of,
    )
    found: dict[tuple[str, Reason], int] = {}
    for row in rows:
        why = reason(row["routing_key"], origin=row["origin"], happened_before=row["before"])
        place = row["routing_key"], why
        found[place] = found.get(place, 0) + row["messages"]
    return found
