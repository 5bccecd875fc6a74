"""Topics as rows: locked, so that of two who decide at once the second sees what the first did."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from pdu_shared.contracts.bookings.topic_words import TopicState
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic as it stands."""

    topic_id: UUID
    workstream: str | None
    wording: str | None
    state: TopicState
    merged_into: UUID | None
    learning_event_id: UUID | None
    reason: str | None
    answer: str | None


async def lock_topic(conn: Conn, topic_id: UUID) -> Topic:
    """A topic, locked until the transaction ends. Raises NotFound."""
    found = await lock_topics(conn, [topic_id])
    if topic_id not in found:
        raise NotFound
    return found[topic_id]


async def lock_topics(conn: Conn, topic_ids: Iterable[UUID]) -> dict[UUID, Topic]:
    """Topics by their id, locked in the order of their ids."""
    rows = await conn.fetch(
        """
        SELECT topic_id, workstream, wording, state, merged_into, learning_event_id, reason, answer
          FROM topic
         WHERE topic_id = ANY ($1::uuid[])
         ORDER BY topic_id
           FOR UPDATE
        """,
        list(topic_ids),
    )
    return {row["topic_id"]: Topic(**{**row, "state": TopicState(row["state"])}) for row in rows}


async def standing_for(conn: Conn, topic_id: UUID) -> UUID:
    """The topic that this one was merged into, or itself. Raises NotFound."""
    kept: UUID | None = await conn.fetchval(
        "SELECT coalesce(merged_into, topic_id) FROM topic WHERE topic_id = $1", topic_id
    )
    if kept is None:
        raise NotFound
    return kept


async def set_state(conn: Conn, topic_id: UUID, state: TopicState) -> None:
    """Write down the state that a topic has come into."""
    await conn.execute("UPDATE topic SET state = $2 WHERE topic_id = $1", topic_id, state)


async def count_backers(conn: Conn, topic_id: UUID) -> int:
    """How many people stand behind a topic."""
    backers: int = await conn.fetchval(
        "SELECT count(*) FROM topic_backer WHERE topic_id = $1", topic_id
    )
    return backers
