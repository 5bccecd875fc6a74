"""Topics to read: the open ones for everybody, all of them for a coordinator."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from pdu_shared.contracts.bookings.topic_words import TopicSource, TopicState
from pdu_shared.contracts.message import Code
from pdu_shared.runtime import Store

router = APIRouter(tags=["topics"])

After = Annotated[UUID | None, Query(description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=100)]


class OpenTopic(BaseModel):
    """A topic as everybody may see it, in a coordinator's words."""

    topic_id: UUID
    wording: str
    workstream: str | None
    state: TopicState
    backers: int
    learning_event_id: UUID | None = Field(description="The event about it, once there is one")


class OpenTopics(BaseModel):
    """One page of topics. `next` goes into `after` for the following page."""

    items: list[OpenTopic]
    next: UUID | None


class Suggestion(BaseModel):
    """A topic as a coordinator sees it, in the words of who suggested it."""

    topic_id: UUID
    text: str
    source: TopicSource
    workstream: str | None
    wording: str | None
    state: TopicState
    backers: int
    merged_into: UUID | None
    learning_event_id: UUID | None
    reason: str | None
    answer: str | None
    answer_wanted: bool
    suggested_at: datetime


class Suggestions(BaseModel):
    """One page of suggestions. `next` goes into `after` for the following page."""

    items: list[Suggestion]
    next: UUID | None


@router.get("/topics")
async def open_topics(
    database: Store,
    after: After = None,
    limit: Limit = 20,
    workstream: Annotated[Code | None, Query(description="A code of the work streams")] = None,
) -> OpenTopics:
    """Topics that have not been declined or answered, newest first."""
    rows = await database.pool.fetch(
        """
        SELECT topic_id, wording, workstream, state, learning_event_id,
               (SELECT count(*) FROM topic_backer
                 WHERE topic_backer.topic_id = topic.topic_id) AS backers
          FROM topic
         WHERE wording IS NOT NULL AND state IN ('received', 'backed', 'planned', 'scheduled')
           AND ($1::uuid IS NULL OR topic_id < $1)
           AND ($2::text IS NULL OR workstream = $2)
         ORDER BY topic_id DESC
         LIMIT $3
        """,
        after,
        workstream,
        limit + 1,
    )
    items = [OpenTopic(**row) for row in rows[:limit]]
    return OpenTopics(items=items, next=items[-1].topic_id if len(rows) > limit else None)


@router.get("/topics/backlog")
async def backlog(
    database: Store,
    after: After = None,
    limit: Limit = 20,
    state: Annotated[TopicState | None, Query(description="Only those in this state")] = None,
) -> Suggestions:
    """All topics with the words of who suggested them, newest first."""
    rows = await database.pool.fetch(
        """
        SELECT topic_id, text, source, workstream, wording, state, merged_into, learning_event_id,
               reason, answer, suggested_at, contact.topic_id IS NOT NULL AS answer_wanted,
               (SELECT count(*) FROM topic_backer
                 WHERE topic_backer.topic_id = topic.topic_id) AS backers
          FROM topic LEFT JOIN topic_contact AS contact USING (topic_id)
         WHERE ($1::uuid IS NULL OR topic_id < $1)
           AND ($2::text IS NULL OR state = $2)
         ORDER BY topic_id DESC
         LIMIT $3
        """,
        after,
        state,
        limit + 1,
    )
    items = [Suggestion(**row) for row in rows[:limit]]
    return Suggestions(items=items, next=items[-1].topic_id if len(rows) > limit else None)
