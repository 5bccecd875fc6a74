"""What learning events belong to: series that build on themselves, programmes that gather."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.programme.public import LearningEvent
from pdu_bookings.programme.reading import learning_events
from pdu_shared import outbox
from pdu_shared.contracts.bookings.programme import SeriesDefined
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import SeriesKind
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, PublishedLine
from pdu_shared.identity import derived_id
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["series"])

Key = Annotated[Code, Path(description="Its own short word, such as hoarding_in_depth")]


class DefineSeries(Form):
    """A series or a programme, as everybody sees it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "series", "title": "Hoarding in depth", "about": "Three steps"}]
        }
    )

    kind: Annotated[
        SeriesKind, Field(description="A series builds on itself, a programme gathers")
    ] = SeriesKind.SERIES
    title: PublishedLine
    about: PublishedLine | None = None


class Series(BaseModel):
    """A series or a programme."""

    key: str
    series_id: UUID
    kind: SeriesKind
    title: str
    about: str | None


class SeriesList(BaseModel):
    """Every series and programme, by title."""

    items: list[Series]


class SeriesSeen(Series):
    """A series or a programme with its learning events, in their order."""

    learning_events: list[LearningEvent]


@router.get("/series")
async def all_series(database: Store) -> SeriesList:
    """Every series and programme, by title."""
    async with database.pool.acquire(timeout=5) as conn:
        rows = await conn.fetch(
            "SELECT key, series_id, kind, title, about FROM series ORDER BY title, key"
        )
    return SeriesList(items=[Series(**row) for row in rows])


@router.get("/series/{key}")
async def one(key: Key, database: Store, now: Now) -> SeriesSeen:
    """A series or a programme with its published learning events, in their order."""
    async with database.pool.acquire(timeout=5) as conn:
        series = await _select_series(conn, key)
        if series is None:
            raise NotFound
        events = await learning_events(conn, await _events_of(conn, key), now=now)
    return SeriesSeen(**series, learning_events=events)


@router.put("/series/{key}")
async def define(key: Key, form: DefineSeries, database: Store, now: Now) -> Series:
    """Define a series or a programme, or describe it otherwise. Twice is once.

    409 when the key belongs to the other kind.
    """
    async with transaction(database) as conn:
        return await define_series(conn, key, form, now=now)


async def define_series(conn: Conn, key: str, form: DefineSeries, *, now: datetime) -> Series:
    """Write a series down and tell it when it is new or another than before."""
    series = Series(key=key, series_id=derived_id("series", key), **form.model_dump())
    before = await _select_series(conn, key)
    if before and before["kind"] != series.kind:
        raise Conflict(f"This key belongs to a {before['kind']} already.")
    if before is None or Series(**before) != series:
        await _upsert(conn, series, now)
        await outbox.add(conn, SeriesDefined.model_validate(series.model_dump()))
    return series


async def check_keys(conn: Conn, *, series: str | None, programme: str | None) -> None:
    """Raise Refused for a programme, a series or a community that nobody defined."""
    if series is None and programme is None:
        return
    known = await conn.fetchrow(
        """
        SELECT EXISTS (SELECT FROM series WHERE key = $1 AND kind = 'series')
               OR EXISTS (SELECT FROM community WHERE key = $1) AS series,
               EXISTS (SELECT FROM series WHERE key = $2 AND kind = 'programme') AS programme
        """,
        series,
        programme,
    )
    assert known is not None, "it is asked of no table"
    asked = {"series": series, "programme": programme}
    if faults := [
        Fault(f"/{field}", "unknown-key", f"Define it first: PUT /series/{{key}}, a {field}.")
        for field, key in asked.items()
        if key is not None and not known[field]
    ]:
        raise Refused(errors=faults)


async def _select_series(conn: Conn, key: str) -> asyncpg.Record | None:
    return await conn.fetchrow(
        "SELECT key, series_id, kind, title, about FROM series WHERE key = $1", key
    )


async def _upsert(conn: Conn, series: Series, now: datetime) -> None:
    await conn.execute(
        """
        INSERT INTO series (key, series_id, kind, title, about, defined_at)
        VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (key) DO UPDATE SET title = excluded.title, about = excluded.about
        """,
        series.key,
        series.series_id,
        series.kind,
        series.title,
        series.about,
        now,
    )


async def _events_of(conn: Conn, key: str) -> list[UUID]:
    rows = await conn.fetch(
        """
        SELECT learning_event_id
          FROM learning_event JOIN session USING (learning_event_id)
         WHERE $1 IN (series, programme) AND published_at IS NOT NULL AND state <> 'archived'
         GROUP BY learning_event_id
         ORDER BY series_order, min(starts_at), learning_event_id
         LIMIT 100
        """,
        key,
    )
    return [row["learning_event_id"] for row in rows]
