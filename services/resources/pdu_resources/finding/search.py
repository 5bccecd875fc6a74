"""Searching the library: by any name of a thing, with mistakes, and best first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import asyncpg
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints

from pdu_resources.finding.synonym import Synonyms
from pdu_resources.library.form import Tag
from pdu_resources.library.listing import Listed
from pdu_resources.library.streams import family_of
from pdu_resources.rules.search import Thing, Unit, put_right, readings, units, words_of
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.library import ItemType, Scope
from pdu_shared.contracts.vocabulary import Level
from pdu_shared.database import Conn
from pdu_shared.forms import Form
from pdu_shared.local_time import local_day
from pdu_shared.runtime import Here, Now

LONGEST_REMEMBERED = 80
MOST_RANKED = 2000
"""Of a word that thousands of items have, so many are put in order."""
router = APIRouter(tags=["search"])


class Look(Form):
    """What to look for. Filters add up."""

    q: Annotated[
        str,
        StringConstraints(min_length=2, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$"),
        Field(description="In any words: 'complex needs' finds what says 'SMD'"),
    ]
    type: ItemType | None = None
    workstream: Code | None = None
    scope: Scope | None = None
    level: Level | None = None
    tag: Tag | None = None
    minutes: Annotated[int | None, Field(ge=1, le=1200, description="At most as long")] = None
    offset: Annotated[int, Field(ge=0, le=1000)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Found(Listed):
    """An item that was found."""

    rank: float


class Results(BaseModel):
    """What was found, best first. `how` is `some` when no item has all that was looked for.

    `total` is at least so many: nothing beyond two thousand is counted, nor what has the words deep
    in its text when enough have them in title, tags or summary.
    """

    total: int
    how: Literal["all", "some"]
    did_you_mean: str | None
    also_searched: list[str]
    items: list[Found]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for, as PostgreSQL reads it."""

    units: Sequence[Unit]
    corrected: str | None

    @property
    def also(self) -> list[str]:
        """The other names of what was named."""
        named = [one for one in self.units if one.thing]
        names = {name for one in named if one.thing for name in one.thing.names}
        return sorted(names - {one.said for one in named})


@router.get("/search")
async def search(asked: Annotated[Look, Query()], here: Here, now: Now) -> Results:
    """Look for something in the library, in whatever words.

    Other and older names of a thing are found too. A word that the library does not have is read
    as the one most like it, and `did_you_mean` says so. If nothing has all of it, what has some is
    shown. Words that find nothing are kept without saying whose they were, so that coordinators
    see what is missing.
    """
    words = words_of(asked.q)
    async with here.database.pool.acquire(timeout=5) as conn:
        wanted = await _wanted(conn, words, await here.part(Synonyms).things(conn))
        results = await look(conn, wanted, asked)
        if not (results.items or asked.offset):
            await _remember(conn, " ".join(words), local_day(now))
    return results


async def look(conn: Conn, wanted: Wanted, asked: Look) -> Results:
    """What is found: what has all of it; if there is nothing, what has two or one of it."""
    streams = await family_of(conn, asked.workstream) if asked.workstream else None
    rows: Sequence[asyncpg.Record] = []
    has_all = True
    for strict, query in readings(await _terms(conn, wanted.units)):
        has_all, rows = strict, await _find(conn, query, asked, streams)
        if rows or asked.offset:
            break
    return Results(
        total=rows[0]["total"] if rows else 0,
        how="all" if has_all else "some",
        did_you_mean=wanted.corrected,
        also_searched=wanted.also,
        items=[Found(**row) for row in rows],
    )


async def _wanted(conn: Conn, words: Sequence[str], things: Mapping[str, Thing]) -> Wanted:
    corrections = await _corrections(conn, words)
    right = put_right(words, corrections)
    corrected = " ".join(right) if right != list(words) else None
    return Wanted(units(right, things), corrected)


async def _corrections(conn: Conn, words: Sequence[str]) -> dict[str, str]:
    """The likeliest meant word for each that the library does not have."""
    rows = await conn.fetch(
        """
        SELECT said, likely_word(said) AS word
          FROM unnest($1::text[]) AS said
         WHERE length(said) BETWEEN 4 AND 40
           AND to_tsvector('english', said) <> ''
           AND NOT EXISTS (SELECT FROM library_word
                            WHERE lexeme = ANY (tsvector_to_array(to_tsvector('english', said))))
        """,
        list(words),
    )
    return {row["said"]: row["word"] for row in rows if row["word"]}


async def _terms(conn: Conn, wanted: Sequence[Unit]) -> list[str]:
    """Each unit as PostgreSQL looks for it. Little words such as `of` are left out."""
    plain = [one.said for one in wanted if one.thing is None]
    rows = await conn.fetch(
        """
        SELECT said, plainto_tsquery('english', said)::text AS term
          FROM unnest($1::text[]) AS said
        """,
        plain,
    )
    read = {row["said"]: row["term"] for row in rows}
    terms = [
        " | ".join(f"'={meaning}'" for meaning in one.thing.meanings)
        if one.thing
        else read[one.said]
        for one in wanted
    ]
    return list(dict.fromkeys(term for term in terms if term))


async def _find(
    conn: Conn, query: str, asked: Look, streams: Sequence[str] | None
) -> Sequence[asyncpg.Record]:
    return await conn.fetch(
        _FOUND,
        query,
        asked.type,
        streams,
        asked.scope,
        asked.level,
        asked.tag,
        asked.minutes,
        asked.limit,
        asked.offset,
        MOST_RANKED,
    )


async def _remember(conn: Conn, words: str, day: date) -> None:
    await conn.execute(
        """
        INSERT INTO search_without_result AS kept (words, looked_on) VALUES ($1, $2)
            ON CONFLICT (words, looked_on) DO UPDATE SET times = kept.times + 1
        """,
        words[:LONGEST_REMEMBERED],
        day,
    )


# What has it in title, tags or summary comes first; the texts are asked only when that is too
# little for the page.
_FOUND = """
    WITH near AS MATERIALIZED (
            SELECT item_id, head
              FROM library_search
             WHERE head @@ $1::tsquery
               AND ($2::text IS NULL OR type = $2)
               AND ($3::text[] IS NULL OR workstreams && $3)
               AND ($4::text IS NULL OR scope = $4)
               AND ($5::text IS NULL OR level = $5)
               AND ($6::text IS NULL OR $6 = ANY (tags))
               AND ($7::int IS NULL OR minutes <= $7)
             LIMIT $10),
         far AS MATERIALIZED (
            SELECT item_id, head
              FROM library_text JOIN library_search USING (item_id)
             WHERE (SELECT count(*) FROM near) < $8::bigint + $9::bigint
               AND whole @@ $1::tsquery
               AND NOT EXISTS (SELECT FROM near WHERE near.item_id = library_text.item_id)
               AND ($2::text IS NULL OR type = $2)
               AND ($3::text[] IS NULL OR workstreams && $3)
               AND ($4::text IS NULL OR scope = $4)
               AND ($5::text IS NULL OR level = $5)
               AND ($6::text IS NULL OR $6 = ANY (tags))
               AND ($7::int IS NULL OR minutes <= $7)
             LIMIT $10),
         ranked AS (
            SELECT item_id, 1 + ts_rank(head, $1::tsquery, 1) AS rank FROM near
             UNION ALL
            SELECT item_id, ts_rank(head, $1::tsquery, 1) FROM far),
         page AS (
            SELECT item_id, rank, count(*) OVER () AS total
              FROM ranked ORDER BY rank DESC, item_id LIMIT $8 OFFSET $9)
    SELECT item_key, type, title, summary, workstreams, tags, scope, level, minutes, members_only,
           learning_event_id, speaker, published_at, review_due_on, rank, total
      FROM page JOIN library_item USING (item_id)
     ORDER BY rank DESC, item_id
    """
