"""People say that they, too, would come: each once, signed in or by the link of a booking."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel

from pdu_bookings.place.link import booking_of
from pdu_bookings.rules.topic import can_be_backed, with_backers
from pdu_bookings.topic.rows import count_backers, lock_topic, set_state, standing_for
from pdu_shared import outbox
from pdu_shared.access import Who
from pdu_shared.contracts.bookings.topic import TopicBacked
from pdu_shared.contracts.bookings.topic_words import TopicState
from pdu_shared.database import Conn, transaction
from pdu_shared.problems import Conflict, Forbidden, NotFound
from pdu_shared.runtime import Here, Now, Store

router = APIRouter(tags=["topics"])

Token = Annotated[str, Path(description="The token of one booking, from its letter")]


class TopicStands(BaseModel):
    """How many people stand behind a topic."""

    topic_id: UUID
    state: TopicState
    backers: int


@router.put("/topics/{topic_id}/backing")
async def back(topic_id: UUID, database: Store, caller: Who, now: Now) -> TopicStands:
    """Say that you would come. Saying it twice is saying it once."""
    if caller.sub is None:
        raise Forbidden("Only people can back a topic.")
    async with transaction(database) as conn:
        return await _back(conn, topic_id, caller.sub, now)


@router.put("/b/{token}/topics/{topic_id}/backing")
async def back_by_link(token: Token, topic_id: UUID, here: Here, now: Now) -> TopicStands:
    """Say that you would come, by the link of a booking."""
    booking_id = booking_of(here.settings.secret("link_key").encode(), token)
    async with transaction(here.database) as conn:
        person_id: UUID | None = await conn.fetchval(
            "SELECT person_id FROM booking WHERE booking_id = $1", booking_id
        )
        if person_id is None:
            raise NotFound
        return await _back(conn, topic_id, person_id, now)


async def _back(conn: Conn, topic_id: UUID, person_id: UUID, now: datetime) -> TopicStands:
    topic = await lock_topic(conn, await standing_for(conn, topic_id))
    if topic.wording is None:
        raise NotFound  # what nobody has read over is not public
    if not can_be_backed(topic.state):
        raise Conflict("What becomes of this topic has been decided.")
    newly = await _insert(conn, topic.topic_id, person_id, now)
    backers = await count_backers(conn, topic.topic_id)
    state = with_backers(topic.state, backers)
    if newly:
        await set_state(conn, topic.topic_id, state)
        told = TopicBacked(topic_id=topic.topic_id, workstream=topic.workstream, backers=backers)
        await outbox.add(conn, told)
    return TopicStands(topic_id=topic.topic_id, state=state, backers=backers)


async def _insert(conn: Conn, topic_id: UUID, person_id: UUID, now: datetime) -> bool:
    """Whether they had not said so before."""
    inserted = await conn.fetchval(
        """
        INSERT INTO topic_backer (topic_id, person_id, backed_at) VALUES ($1, $2, $3)
            ON CONFLICT DO NOTHING
     RETURNING true
        """,
        topic_id,
        person_id,
        now,
    )
    return bool(inserted)
