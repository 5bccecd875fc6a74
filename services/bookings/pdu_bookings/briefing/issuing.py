"""A briefing of a learning event: what came of it, for those who decide about what it was about."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
import structlog
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_shared import outbox
from pdu_shared.contracts.bookings.briefing import EventBriefingIssued
from pdu_shared.contracts.vocabulary import Channel
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, PublishedLine
from pdu_shared.identity import derived_id
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Here, Now, Store

log = structlog.get_logger()
router = APIRouter(tags=["briefings"])

Point = Annotated[PublishedLine, Field(max_length=300)]


class IssueBriefing(Form):
    """What came of a learning event, in sentences that name nobody."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"points": ["Two hostels now let visitors stay until ten in the evening."]}
            ]
        }
    )

    points: Annotated[tuple[Point, ...], Field(min_length=1, max_length=8)]


class Briefing(BaseModel):
    """A briefing that was sent: what it says, to how many, and when."""

    learning_event_id: UUID
    points: list[str]
    readers: int = Field(description="How many it went to")
    issued_at: datetime


@router.get("/learning-events/{learning_event_id}/briefing")
async def read_briefing(learning_event_id: UUID, database: Store) -> Briefing:
    """The briefing of a learning event, if there was one."""
    async with database.pool.acquire(timeout=5) as conn:
        return await _briefing(conn, learning_event_id)


@router.put("/learning-events/{learning_event_id}/briefing")
async def issue_briefing(
    learning_event_id: UUID, form: IssueBriefing, here: Here, now: Now
) -> Briefing:
    """Send a briefing to everybody who decides about the work streams of a learning event.

    The same again changes nothing. 409 before it has taken place, when nobody gets briefings of
    these work streams, and for other words once it was sent: a letter cannot be changed.
    """
    async with transaction(here.database) as conn:
        event = await _lock(conn, learning_event_id)
        try:
            sent = await _briefing(conn, learning_event_id)
        except NotFound:
            await _issue(conn, event, form, here, now=now)
            return await _briefing(conn, learning_event_id)
    if sent.points != list(form.points):
        raise Conflict("Its briefing was sent, and says something else.")
    return sent


async def _issue(
    conn: Conn, event: asyncpg.Record, form: IssueBriefing, here: Here, *, now: datetime
) -> None:
    if event["state"] in {"draft", "cancelled"} or event["ends_at"] > now:
        raise Conflict("It has not taken place: there is nothing to tell yet.")
    readers = await _readers(conn, event["workstreams"])
    if not readers:
        raise Conflict("Nobody gets briefings of its work streams: add readers first.")
    letters = [
        EventBriefingIssued(
            briefing_id=derived_id("briefing", event["learning_event_id"], reader["reader_id"]),
            learning_event_id=event["learning_event_id"],
            person_id=reader["person_id"],
            channel=Channel.EMAIL,
            address=reader["address"],
            name=reader["name"],
            points=form.points,
        )
        for reader in readers
    ]
    await outbox.add(conn, *(outbox.sealed(one, here.sealer) for one in letters))
    await conn.execute(
        """
        INSERT INTO briefing (learning_event_id, points, readers, issued_at)
        VALUES ($1, $2, $3, $4)
        """,
        event["learning_event_id"],
        list(form.points),
        len(readers),
        now,
    )
    log.info(
        "briefing issued", learning_event_id=str(event["learning_event_id"]), readers=len(readers)
    )


async def _lock(conn: Conn, learning_event_id: UUID) -> asyncpg.Record:
    row = await conn.fetchrow(
        """
        SELECT learning_event_id, state, workstreams,
               (SELECT max(ends_at) FROM session
                 WHERE session.learning_event_id = learning_event.learning_event_id) AS ends_at
          FROM learning_event
         WHERE learning_event_id = $1
           FOR NO KEY UPDATE
        """,
        learning_event_id,
    )
    if row is None:
        raise NotFound
    return row


async def _briefing(conn: Conn, learning_event_id: UUID) -> Briefing:
    row = await conn.fetchrow(
        """
        SELECT learning_event_id, points, readers, issued_at
          FROM briefing
         WHERE learning_event_id = $1
        """,
        learning_event_id,
    )
    if row is None:
        raise NotFound
    return Briefing(**row)


async def _readers(conn: Conn, workstreams: list[str]) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT reader_id, person_id, name, address
          FROM briefing_reader
         WHERE workstreams = '{}' OR workstreams && $1::text[]
         ORDER BY reader_id
        """,
        workstreams,
    )
