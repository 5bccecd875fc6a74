"""Whoever suggested a topic hears what became of it: by letter if they want, and by their link."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.link import Purpose
from pdu_bookings.rules.topic import forgotten_on, may_become
from pdu_bookings.topic.rows import lock_topic
from pdu_shared import outbox
from pdu_shared.contracts.bookings.topic import TopicAnswered, TopicDecided
from pdu_shared.contracts.bookings.topic_words import TopicState
from pdu_shared.contracts.vocabulary import Channel
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, Paragraphs
from pdu_shared.links import opened_by
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Here, Now

router = APIRouter(tags=["topics"])


class AnswerTopic(Form):
    """What whoever suggested a topic is told."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"text": "Thank you. In March there is an evening about just this."}]
        }
    )

    text: Paragraphs = Field(
        description="Sent to everybody who wants an answer, also of merged ones"
    )


class AnswersSent(BaseModel):
    """How many people are written to."""

    letters: int


class TopicStatus(BaseModel):
    """What became of a topic, for whoever suggested it."""

    state: TopicState = Field(description="Of the topic that it was merged into, if it was")
    merged: bool
    wording: str | None
    backers: int
    learning_event_id: UUID | None
    reason: str | None
    answer: str | None


@router.put("/topics/{topic_id}/answer")
async def answer(topic_id: UUID, form: AnswerTopic, here: Here, now: Now) -> AnswersSent:
    """Answer all who suggested this topic, or one that was merged into it. Once only."""
    async with transaction(here.database) as conn:
        topic = await lock_topic(conn, topic_id)
        if topic.answer == form.text:
            return AnswersSent(letters=await _count_contacts(conn, topic_id))
        if topic.state is TopicState.ANSWERED:
            raise Conflict("It has been answered: the letters are on their way.")
        if not may_become(topic.state, TopicState.ANSWERED):
            raise Conflict("Decide what becomes of it first.")
        await conn.execute(
            "UPDATE topic SET state = 'answered', answer = $2 WHERE topic_id = $1",
            topic_id,
            form.text,
        )
        contacts = await _soon_forgotten(conn, topic_id, now)
        answered = TopicDecided(
            topic_id=topic_id,
            decision=TopicState.ANSWERED,
            learning_event_id=topic.learning_event_id,
        )
        letters = (
            outbox.sealed(_letter(one, topic.wording, form), here.sealer) for one in contacts
        )
        await outbox.add(conn, answered, *letters)
    return AnswersSent(letters=len(contacts))


@router.get("/t/{token}")
async def status(
    token: Annotated[str, Path(description="The token that came back with the suggestion")],
    here: Here,
) -> TopicStatus:
    """What became of a topic that you suggested."""
    topic_id = opened_by(here.settings.secret("link_key").encode(), Purpose.TOPIC, token)
    async with here.database.pool.acquire(timeout=5) as conn:
        row = await _status(conn, topic_id)
    if row is None:
        raise NotFound
    return TopicStatus(**row)


def _letter(contact: asyncpg.Record, wording: str | None, form: AnswerTopic) -> TopicAnswered:
    return TopicAnswered(**contact, channel=Channel.EMAIL, wording=wording, answer=form.text)


async def _soon_forgotten(conn: Conn, topic_id: UUID, now: datetime) -> list[asyncpg.Record]:
    """Who wants an answer. From now on their addresses are kept for 28 days only."""
    return await conn.fetch(
        """
        UPDATE topic_contact AS contact SET purge_on = $2
          FROM topic
         WHERE topic.topic_id = contact.topic_id
           AND (topic.topic_id = $1 OR topic.merged_into = $1)
     RETURNING contact.topic_id, person_id, name, address
        """,
        topic_id,
        forgotten_on(local_day(now), answered=True),
    )


async def _count_contacts(conn: Conn, topic_id: UUID) -> int:
    letters: int = await conn.fetchval(
        """
        SELECT count(*) FROM topic_contact JOIN topic USING (topic_id)
         WHERE topic_id = $1 OR merged_into = $1
        """,
        topic_id,
    )
    return letters


async def _status(conn: Conn, topic_id: UUID | None) -> asyncpg.Record | None:
    return await conn.fetchrow(
        """
        SELECT kept.state, suggested.merged_into IS NOT NULL AS merged, kept.wording,
               kept.learning_event_id, kept.reason, kept.answer,
               (SELECT count(*) FROM topic_backer
                 WHERE topic_backer.topic_id = kept.topic_id) AS backers
          FROM topic AS suggested
          JOIN topic AS kept
            ON kept.topic_id = coalesce(suggested.merged_into, suggested.topic_id)
         WHERE suggested.topic_id = $1
        """,
        topic_id,
    )
