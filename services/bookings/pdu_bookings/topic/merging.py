"""Two topics that ask for the same become one: its backers are those of both."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from pdu_bookings.rules.topic import may_become, takes_in, with_backers
from pdu_bookings.topic.backing import TopicStands
from pdu_bookings.topic.rows import count_backers, lock_topics, set_state, standing_for
from pdu_shared import outbox
from pdu_shared.contracts.bookings.topic import TopicDecided
from pdu_shared.contracts.bookings.topic_words import TopicState
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["topics"])


class MergeTopic(Form):
    """The topic that says the same and stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"into": "018f0000-0000-7000-8000-000000000001"}]}
    )

    into: UUID = Field(description="If that one was merged itself, the one that it became counts")


@router.put("/topics/{topic_id}/merge")
async def merge(topic_id: UUID, form: MergeTopic, database: Store) -> TopicStands:
    """Merge a topic into another one, and all that were merged into it before."""
    async with transaction(database) as conn:
        await _one_merge_at_a_time(conn)
        kept_id = await _kept(conn, topic_id, form.into)
        topics = await lock_topics(conn, [topic_id, kept_id])
        if topic_id not in topics:
            raise NotFound
        topic, kept = topics[topic_id], topics[kept_id]
        if topic.merged_into != kept_id:
            if not may_become(topic.state, TopicState.MERGED):
                raise Conflict(f"A topic that is {topic.state} cannot be merged.")
            if not takes_in(kept.state):
                raise Conflict("That topic has been answered: answer this one, too.")
            await _move(conn, topic_id, kept_id)
            merged = TopicDecided(
                topic_id=topic_id, decision=TopicState.MERGED, merged_into=kept_id
            )
            await outbox.add(conn, merged)
        backers = await count_backers(conn, kept_id)
        state = with_backers(kept.state, backers)
        await set_state(conn, kept_id, state)
    return TopicStands(topic_id=kept_id, state=state, backers=backers)


async def _kept(conn: Conn, topic_id: UUID, into: UUID) -> UUID:
    """The topic that stays. Raises Refused when there is none, or when it is this one."""
    try:
        kept_id = await standing_for(conn, into)
    except NotFound:
        unknown = Fault("/into", "unknown-topic", "There is no such topic.")
        raise Refused(errors=[unknown]) from None
    if kept_id == topic_id:
        raise Refused(errors=[Fault("/into", "itself", "Both are one topic.")])
    return kept_id


async def _one_merge_at_a_time(conn: Conn) -> None:
    # Of topics merged into each other at once, or in a circle, the last sees what the others did.
    await conn.execute("SELECT pg_advisory_xact_lock(hashtext('topic.merging'))")


async def _move(conn: Conn, topic_id: UUID, kept_id: UUID) -> None:
    await conn.execute(
        """
        UPDATE topic SET state = 'merged', merged_into = $2
         WHERE topic_id = $1 OR merged_into = $1
        """,
        topic_id,
        kept_id,
    )
    await conn.execute(
        """
        WITH moved AS (DELETE FROM topic_backer WHERE topic_id = $1 RETURNING person_id, backed_at)
        INSERT INTO topic_backer (topic_id, person_id, backed_at)
        SELECT $2, person_id, backed_at FROM moved
            ON CONFLICT DO NOTHING
        """,
        topic_id,
        kept_id,
    )
