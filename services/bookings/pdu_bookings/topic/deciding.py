"""A coordinator puts a topic into words for everybody, and decides what becomes of it."""

from typing import Annotated, Literal, TypeAlias, assert_never
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from pdu_bookings.category import Categories
from pdu_bookings.rules.topic import may_become
from pdu_bookings.topic.rows import Topic, lock_topic
from pdu_shared import outbox
from pdu_shared.contracts.bookings.topic import TopicDecided
from pdu_shared.contracts.bookings.topic_words import TopicState
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, Paragraphs, PublishedLine
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Here, Store

router = APIRouter(tags=["topics"])


class WordTopic(Form):
    """A topic as everybody may read it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"wording": "Keeping contact with people who move", "workstream": "housing"}
            ]
        }
    )

    wording: PublishedLine = Field(description="Your words, never those of who suggested it")
    workstream: Code | None = None


class Plan(Form):
    """There will be something about it."""

    decision: Literal[TopicState.PLANNED]


class Schedule(Form):
    """There is a learning event about it."""

    decision: Literal[TopicState.SCHEDULED]
    learning_event_id: UUID


class Decline(Form):
    """There will be nothing about it, and why."""

    decision: Literal[TopicState.DECLINED_WITH_REASON]
    reason: Paragraphs = Field(description="For whoever suggested it")


Decision: TypeAlias = Annotated[
    Plan | Schedule | Decline,
    Field(
        discriminator="decision",
        examples=[{"decision": "declined_with_reason", "reason": "The hub has a course on it."}],
    ),
]


@router.put("/topics/{topic_id}/wording", status_code=204)
async def word(topic_id: UUID, form: WordTopic, here: Here) -> Response:
    """Put a topic into the public list, in words for everybody."""
    await here.part(Categories).check([("/workstream", "workstream", form.workstream)])
    async with transaction(here.database) as conn:
        topic = await lock_topic(conn, topic_id)
        if topic.state is TopicState.MERGED:
            raise Conflict("This topic was merged into another one: word that one.")
        await conn.execute(
            "UPDATE topic SET wording = $2, workstream = $3 WHERE topic_id = $1",
            topic_id,
            form.wording,
            form.workstream,
        )
    return Response(status_code=204)


@router.put("/topics/{topic_id}/decision", status_code=204)
async def decide(topic_id: UUID, decision: Decision, database: Store) -> Response:
    """Plan a topic, link it to a learning event, or decline it with a reason.

    Deciding the same twice is deciding it once. An event that was called off can be planned anew.
    """
    async with transaction(database) as conn:
        topic = await lock_topic(conn, topic_id)
        event, reason = _said(decision)
        if (topic.state, topic.learning_event_id, topic.reason) != (
            decision.decision,
            event,
            reason,
        ):
            if event is not None:
                await _refuse_unpublished(conn, event)
            await _decide(conn, topic, decision.decision, event, reason)
    return Response(status_code=204)


async def _decide(
    conn: Conn, topic: Topic, state: TopicState, event: UUID | None, reason: str | None
) -> None:
    if not may_become(topic.state, state):
        raise Conflict(f"A topic that is {topic.state} cannot become {state}.")
    await conn.execute(
        """
        UPDATE topic SET state = $2, learning_event_id = $3, reason = $4 WHERE topic_id = $1
        """,
        topic.topic_id,
        state,
        event,
        reason,
    )
    decided = TopicDecided(topic_id=topic.topic_id, decision=state, learning_event_id=event)
    await outbox.add(conn, decided)


def _said(decision: Plan | Schedule | Decline) -> tuple[UUID | None, str | None]:
    """The learning event and the reason, as far as the decision has them."""
    match decision:
        case Plan():
            return None, None
        case Schedule():
            return decision.learning_event_id, None
        case Decline():
            return None, decision.reason
        case _:
            assert_never(decision)


async def _refuse_unpublished(conn: Conn, learning_event_id: UUID) -> None:
    published = await conn.fetchval(
        """
        SELECT true FROM learning_event WHERE learning_event_id = $1 AND state = 'published'
        """,
        learning_event_id,
    )
    if not published:
        detail = "There is no published learning event with this id."
        raise Refused(errors=[Fault("/learning_event_id", "unknown-learning-event", detail)])
