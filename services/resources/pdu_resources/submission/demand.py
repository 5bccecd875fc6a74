"""What people want of the library: what they use, look for in vain, and ask to learn about."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from pdu_resources.library.holding import WORDS_KEPT_FOR
from pdu_shared.forms import Form
from pdu_shared.local_time import local_day
from pdu_shared.runtime import Now, Store

AT_LEAST = 3
"""Words that fewer searches had are not shown: they might be somebody's name."""
router = APIRouter(tags=["library"])


class Used(BaseModel):
    """An item, and how often members looked at it and took it with them."""

    item_key: str
    title: str
    views: int
    downloads: int


class LookedFor(BaseModel):
    """Words that found nothing."""

    words: str
    times: int


class AskedFor(BaseModel):
    """Topics that people suggested in a work stream, and how many stand behind them."""

    workstream: str | None
    open_topics: int
    backers: int


class Filed(BaseModel):
    """A work stream: how much there is, and how much it is used."""

    workstream: str
    items: int
    uses: int


class Demand(BaseModel):
    """What people want, over the last so many days."""

    days: int
    most_used: list[Used]
    without_result: list[LookedFor]
    topics: list[AskedFor]
    workstreams: list[Filed]


class Days(Form):
    """How far back to look."""

    days: Annotated[int, Field(ge=1, le=WORDS_KEPT_FOR.days)] = 90


@router.get("/library/demand")
async def demand(asked: Annotated[Days, Query()], database: Store, now: Now) -> Demand:
    """What people use, look for in vain and ask for, so that the programme can follow."""
    since = local_day(now) - timedelta(days=asked.days)
    async with database.pool.acquire(timeout=5) as conn:
        used = await conn.fetch(_USED, since)
        words = await conn.fetch(_WITHOUT_RESULT, since, AT_LEAST)
        topics = await conn.fetch(_TOPICS)
        streams = await conn.fetch(_STREAMS, since)
    return Demand(
        days=asked.days,
        most_used=[Used(**row) for row in used],
        without_result=[LookedFor(**row) for row in words],
        topics=[AskedFor(**row) for row in topics],
        workstreams=[Filed(**row) for row in streams],
    )


_USED = """
    SELECT item_key::text, title,
           count(*) FILTER (WHERE action = 'viewed') AS views,
           count(*) FILTER (WHERE action = 'downloaded') AS downloads
      FROM activity JOIN library_item USING (item_id)
     WHERE happened_on > $1
     GROUP BY library_item.item_id
     ORDER BY count(*) DESC, item_key
     LIMIT 20
    """
_WITHOUT_RESULT = """
    SELECT words, sum(times)::int AS times
      FROM search_without_result
     WHERE looked_on > $1 AND words !~ '[0-9]{6}'
     GROUP BY words HAVING sum(times) >= $2
     ORDER BY times DESC, words
     LIMIT 50
    """
_TOPICS = """
    SELECT workstream, count(*) AS open_topics, sum(backers)::int AS backers
      FROM hub_topic WHERE NOT decided
     GROUP BY workstream
     ORDER BY count(*) + sum(backers) DESC, workstream
    """
_STREAMS = """
    SELECT workstream, count(DISTINCT item_id)::int AS items, count(activity_id)::int AS uses
      FROM library_item
      CROSS JOIN unnest(workstreams) AS workstream
      LEFT JOIN (SELECT activity_id, item_id FROM activity WHERE happened_on > $1) AS lately
           USING (item_id)
     WHERE state = 'published'
     GROUP BY workstream
     ORDER BY uses DESC, workstream
    """
