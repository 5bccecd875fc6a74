"""Figures counted, all of an answer from one moment of the journal."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

import asyncpg

from pdu_reporting.asking import Asked
from pdu_reporting.explained import Annotated, Recoded, annotated, recoded
from pdu_reporting.facts.surveyed import SURVEY
from pdu_reporting.figure import Figure, Unit
from pdu_reporting.figures.response_rate import RESPONSE_RATE
from pdu_reporting.rules.caveat import SMALL, Caveat, caveats
from pdu_reporting.rules.project_year import ProjectYear
from pdu_reporting.rules.share import share
from pdu_reporting.rules.withholding import LIMIT
from pdu_reporting.tally.asked import kept_for, tallied
from pdu_reporting.tally.keeping import catch_up, nobody_waits
from pdu_shared.database import Conn, Database

WHOLE = {Unit.PERCENT: 100, Unit.RATIO: 1, Unit.SCORE: 1}
"""Units whose value is worked out from two counts, and what equal counts give."""
OF_A_RATE = ("survey_key", "wave", "learning_event")
"""What a response rate can be cut and filtered by."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an answer."""

    dimensions: Mapping[str, str | None]
    value: int | float | str | None
    numerator: int | None
    denominator: int | None
    comparable: bool
    """False where a project year that it is about is partial, or not over."""
    caveats: Sequence[Caveat]
    withheld: bool = False
    """Its numbers are not shown: few people stand behind them, or behind their neighbours."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a figure came to, and how far the journal had come."""

    rows: Sequence[Row]
    years: Sequence[ProjectYear]
    """The project years that the rows are about."""
    today: date
    as_of: datetime | None
    position: int
    small: int
    """Fewer than these are a small base."""
    withheld_below: int
    """Fewer people than these are not told to everybody."""
    recodings: Sequence[Recoded] = ()
    """Words that count as others in it."""
    annotations: Sequence[Annotated] = ()
    """What happened in the years and months of its rows."""


@asynccontextmanager
async def moment(database: Database, tables: Iterable[str]) -> AsyncIterator[Conn]:
    """One moment of the journal, in which these tables are counted."""
    await catch_up(database)
    async with (
        database.pool.acquire(timeout=5) as conn,
        conn.transaction(isolation="repeatable_read", readonly=True),
    ):
        # Before the first question, which fixes what is seen: else a rebuilt table that is swapped
        # in between two questions would look empty.
        await conn.execute(f"LOCK TABLE {', '.join(sorted(tables))} IN ACCESS SHARE MODE")
        await _prepare(conn)
        yield conn


async def count(database: Database, figure: Figure, asked: Asked) -> Counted:
    """Count a figure."""
    async with moment(database, figure.fact.tables) as conn:
        return await counted_in(conn, figure, asked)


async def count_together(
    database: Database, asked: Sequence[tuple[Figure, Asked]]
) -> list[Counted]:
    """Count several figures, all from one moment of the journal."""
    tables = {table for figure, _ in asked for table in figure.fact.tables}
    async with moment(database, tables) as conn:
        return [await counted_in(conn, figure, cut) for figure, cut in asked]


async def counted_in(conn: Conn, figure: Figure, asked: Asked) -> Counted:
    """Count a figure in a moment that has begun."""
    position, as_of = await reached(conn)
    today: date = await conn.fetchval("SELECT (now() AT TIME ZONE 'Europe/London')::date")
    found = await _found(conn, figure, asked)
    rates = await _response_rates(conn, asked) if figure.fact is SURVEY else {}
    years = await _years(conn, asked)
    small = await _setting(conn, "figures.small_base", SMALL)
    withheld_below = await _setting(conn, "figures.withheld_below", LIMIT)
    names = [one.name for one in figure.cut]
    cuts = [dict(zip(names, one["cut"], strict=True)) for one in found]
    rows = [
        Row(
            {name: cut[name] for name in asked.by},
            *_numbers(figure.unit, one),
            comparable=all(year.comparable(today) for year in _years_of(cut, asked, years)),
            caveats=caveats(
                base=_base(figure.unit, one), response_rate=rates.get(_rated(cut)), small=small
            ),
        )
        for cut, one in zip(cuts, found, strict=True)
    ]
    about = {year.code for cut in cuts for year in _years_of(cut, asked, years)}
    told = [year for year in years.values() if year.code in about]
    counted = rows or _nothing(figure, asked)
    return Counted(
        counted,
        told,
        today,
        as_of,
        position,
        small,
        withheld_below,
        recodings=await recoded(conn, figure, asked),
        annotations=await annotated(conn, told if "project_year" in asked.by else (), cuts),
    )


async def _found(conn: Conn, figure: Figure, asked: Asked) -> Sequence[asyncpg.Record]:
    """From the cells where it is kept counted and nobody waits; else from the facts."""
    kept = kept_for(figure, asked)
    if kept is not None and await nobody_waits(conn):
        return await tallied(conn, figure, asked, kept)
    return await conn.fetch(figure.query, *asked.arguments)


async def _setting(conn: Conn, key: str, begins_with: int) -> int:
    told = await conn.fetchval("SELECT number FROM setting WHERE key = $1", key)
    return begins_with if told is None else int(told)


def _numbers(
    unit: Unit, row: asyncpg.Record
) -> tuple[int | float | str | None, int | None, int | None]:
    """Value, numerator and denominator."""
    if "denominator" not in row:
        return row["value"], None, None
    numerator, denominator = int(row["numerator"]), int(row["denominator"])
    if unit not in WHOLE:
        return row["value"], numerator, denominator
    return share(numerator, denominator, of=WHOLE[unit]), numerator, denominator


def _base(unit: Unit, row: asyncpg.Record) -> int | None:
    """How many a row rests on; of a ratio, both sides together."""
    if "denominator" not in row:
        return None
    return int(row["denominator"]) + (int(row["numerator"]) if unit is Unit.RATIO else 0)


def _nothing(figure: Figure, asked: Asked) -> list[Row]:
    """A total of nothing is still a total."""
    if asked.by:
        return []
    count = 0 if figure.unit is Unit.COUNT else None
    part = 0 if figure.unit in WHOLE else None
    return [Row({}, count, part, part, comparable=True, caveats=())]


def _rated(cut: Mapping[str, str | None]) -> tuple[str | None, ...]:
    return tuple(cut.get(name) for name in OF_A_RATE)


def _years_of(
    cut: Mapping[str, str | None], asked: Asked, years: Mapping[str, ProjectYear]
) -> Iterator[ProjectYear]:
    """The project years that a row is about: its own, or else those that were asked for."""
    codes = (
        [cut["project_year"] or ""] if "project_year" in asked.by else asked.codes("project_year")
    )
    yield from (years[code] for code in codes if code in years)


async def _prepare(conn: Conn) -> None:
    """Plan for this question alone, sort people out in memory, and compile nothing."""
    # What is not asked falls out of such a plan; compiling takes longer than most answers.
    await conn.execute(
        """
        SELECT set_config('plan_cache_mode', 'force_custom_plan', true),
               set_config('work_mem', '32MB', true),
               set_config('jit', 'off', true)
        """
    )


async def reached(conn: Conn) -> tuple[int, datetime | None]:
    """How far the journal has come: its last position, and when that came in."""
    row = await conn.fetchrow(
        "SELECT position, received_at FROM journal ORDER BY position DESC LIMIT 1"
    )
    return (row["position"], row["received_at"]) if row else (0, None)


async def _response_rates(conn: Conn, asked: Asked) -> dict[tuple[str | None, ...], Fraction]:
    """The response rate of the surveys that each row is about, where anybody was invited."""
    alike = Asked(
        tuple(name for name in asked.by if name in OF_A_RATE),
        {name: word for name, word in asked.words.items() if name in OF_A_RATE},
        first=None,
        last=None,
    )
    names = [one.name for one in RESPONSE_RATE.cut]
    rows = await conn.fetch(RESPONSE_RATE.query, *alike.arguments)
    return {
        _rated(dict(zip(names, row["cut"], strict=True))): Fraction(
            row["numerator"], row["denominator"]
        )
        for row in rows
        if row["denominator"]
    }


async def _years(conn: Conn, asked: Asked) -> dict[str, ProjectYear]:
    """The project years, from the first to the last, where they are asked about."""
    if "project_year" not in asked.by and "project_year" not in asked.words:
        return {}
    rows = await conn.fetch(
        "SELECT code, label, starts_on, ends_on, is_partial FROM project_year ORDER BY starts_on"
    )
    return {row["code"]: ProjectYear(**row) for row in rows}
