"""What of the library is asked for, and the page of it as PostgreSQL writes it."""

import hashlib
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from pdu_resources.library.form import Key, Tag
from pdu_resources.library.streams import family_of
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.library import ItemType, Scope
from pdu_shared.contracts.vocabulary import Level
from pdu_shared.forms import Form
from pdu_shared.runtime import Runtime
from pdu_shared.together import Together


class Sort(StrEnum):
    """In which order."""

    NEWEST = "newest"
    TITLE = "title"


class Browse(Form):
    """What to list. Filters add up; what is left out does not matter."""

    sort: Sort = Sort.NEWEST
    type: ItemType | None = None
    workstream: Annotated[
        Code | None, Field(description="An old code finds what is kept under its new one, too")
    ] = None
    scope: Scope | None = None
    level: Level | None = None
    tag: Tag | None = None
    letter: Annotated[
        str | None, Field(pattern="^([a-z]|other)$", description="The letter of the A to Z")
    ] = None
    minutes: Annotated[int | None, Field(ge=1, le=1200, description="At most as long")] = None
    learning_event_id: UUID | None = None
    collection: Code | None = None
    after: Annotated[Key | None, Field(description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20

    @property
    def any(self) -> bool:
        """Whether anything in particular is looked for."""
        return bool(self.model_fields_set - {"sort", "after", "limit"})


def written_together(runtime: Runtime) -> Together[Browse, tuple[bytes, str]]:
    """Writes pages of the library, each with its ETag, once for all who ask for the same."""

    async def page(asked: Browse) -> tuple[bytes, str]:
        async with runtime.database.pool.acquire(timeout=5) as conn:
            streams = await family_of(conn, asked.workstream) if asked.workstream else None
            # PostgreSQL writes the JSON: to read rows here only to write them again takes its time.
            text: str = await conn.fetchval(_statement(asked.sort), *_arguments(asked, streams))
        body = text.encode()
        return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'

    return Together(page)


def _statement(sort: Sort) -> str:
    return _NEWEST if sort is Sort.NEWEST else _FROM_A_TO_Z


def _arguments(asked: Browse, streams: list[str] | None) -> tuple[object, ...]:
    return (
        asked.any,
        asked.type,
        streams,
        asked.scope,
        asked.level,
        asked.tag,
        asked.letter,
        asked.minutes,
        asked.learning_event_id,
        asked.collection,
        asked.after,
        asked.limit,
    )


# One look at `$1` spares whoever looks for nothing in particular all the others.
_WANTED = """
               AND (NOT $1 OR (
                       ($2::text IS NULL OR type = $2)
                   AND ($3::text[] IS NULL OR workstreams && $3)
                   AND ($4::text IS NULL OR scope = $4)
                   AND ($5::text IS NULL OR level = $5)
                   AND ($6::text IS NULL OR $6 = ANY (tags))
                   AND ($7::text IS NULL OR letter = $7)
                   AND ($8::int IS NULL OR minutes <= $8)
                   AND ($9::uuid IS NULL OR learning_event_id = $9)
                   AND ($10::text IS NULL OR item_id IN (
                           SELECT collection_item.item_id FROM collection_item
                             JOIN collection USING (collection_key)
                            WHERE collection_key = $10 AND published))))
    """
_SHOWN = """
    SELECT json_build_object(
               'items', coalesce(json_agg(json_build_object(
                   'item_key', item_key, 'type', type, 'title', title, 'summary', summary,
                   'workstreams', workstreams, 'tags', tags, 'scope', scope, 'level', level,
                   'minutes', minutes, 'members_only', members_only,
                   'learning_event_id', learning_event_id, 'speaker', speaker,
                   'published_at', published_at, 'review_due_on', review_due_on) ORDER BY n)
                   FILTER (WHERE n <= $12), '[]'),
               'next', CASE WHEN count(*) > $12
                            THEN max(item_key) FILTER (WHERE n = $12) END)::text
      FROM page
    """
_NEWEST = (
    """
    WITH page AS (
            SELECT row_number() OVER (ORDER BY published_at DESC, item_id DESC) AS n, *
              FROM (SELECT * FROM library_item
             WHERE state = 'published'
               AND ($11::text IS NULL OR (published_at, item_id) <
                       (SELECT published_at, item_id FROM library_item WHERE item_key = $11))
"""  # noqa: S608 - constants only
    + _WANTED
    + """
             ORDER BY published_at DESC, item_id DESC
             LIMIT $12 + 1) AS wanted)
"""
    + _SHOWN
)
_FROM_A_TO_Z = (
    """
    WITH page AS (
            SELECT row_number() OVER (ORDER BY sort_title, item_id) AS n, *
              FROM (SELECT * FROM library_item
             WHERE state = 'published'
               AND ($11::text IS NULL OR (sort_title, item_id) >
                       (SELECT sort_title, item_id FROM library_item WHERE item_key = $11))
"""  # noqa: S608 - constants only
    + _WANTED
    + """
             ORDER BY sort_title, item_id
             LIMIT $12 + 1) AS wanted)
"""
    + _SHOWN
)
