"""Topics come in: suggested by anybody, or gathered where people talked about them."""

from datetime import datetime
from functools import partial
from typing import Literal, TypeAlias
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.category import Categories
from pdu_bookings.link import Purpose
from pdu_bookings.rules.topic import forgotten_on
from pdu_shared import outbox
from pdu_shared.contracts.bookings.topic import TopicSuggested
from pdu_shared.contracts.bookings.topic_words import TopicSource, TopicState
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn
from pdu_shared.forms import EmailAddress, Form, OneLine, Paragraphs
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.links import token_of
from pdu_shared.local_time import local_day
from pdu_shared.persons import persons_of
from pdu_shared.runtime import Here, Now, Runtime

router = APIRouter(tags=["topics"])


class ReplyTo(Form):
    """Who is written to, and where."""

    name: OneLine
    email: EmailAddress


class SuggestTopic(Form):
    """What somebody would like to learn about."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "How do others keep contact with people who move every few weeks?",
                    "workstream": "housing",
                    "reply_to": {"name": "Alan a Dale", "email": "alan@example.org"},
                }
            ]
        }
    )

    text: Paragraphs = Field(description="In your own words. Only coordinators read them.")
    source: Literal[TopicSource.SUGGESTION, TopicSource.PARTNER, TopicSource.EXPERT] = Field(
        default=TopicSource.SUGGESTION,
        description="For whom you speak: yourself, a partner organisation, or, if you want to say "
        "so, your own lived experience. Who you are is not kept with the topic.",
    )
    workstream: Code | None = Field(default=None, description="A code of the list of work streams")
    reply_to: ReplyTo | None = Field(
        default=None,
        description="Where the answer goes, if you want one. Deleted 28 days after the answer.",
    )


class GatherTopic(Form):
    """A topic that was not sent in by somebody, but found."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "More about gambling, please.",
                    "source": "survey",
                    "text_id": "018f0000-0000-7000-8000-000000000001",
                }
            ]
        }
    )

    text: Paragraphs
    source: TopicSource = Field(description="Where it was found")
    workstream: Code | None = None
    text_id: UUID | None = Field(
        default=None,
        description="The survey answer that it is taken from; each becomes a topic once",
    )


class TopicReceived(BaseModel):
    """A topic that came in. With the token its status can be seen under `/t/{token}`."""

    topic_id: UUID
    state: TopicState
    token: str


Said: TypeAlias = SuggestTopic | GatherTopic


@router.post("/topics", status_code=201, response_model=TopicReceived)
async def suggest(form: SuggestTopic, here: Here, asked: Asked, now: Now) -> Response:
    """Suggest a topic. Anybody may; nobody has to say who they are."""
    await here.part(Categories).check([("/workstream", "workstream", form.workstream)])
    return await once(here.database, asked, partial(_suggest, form=form, here=here, now=now))


@router.post("/topics/gathered", status_code=201, response_model=TopicReceived)
async def gather(form: GatherTopic, here: Here, asked: Asked, now: Now) -> Response:
    """Write down a topic from a survey, the steering group, a partner or a conversation."""
    await here.part(Categories).check([("/workstream", "workstream", form.workstream)])
    return await once(here.database, asked, partial(_gather, form=form, here=here, now=now))


async def _suggest(conn: Conn, *, form: SuggestTopic, here: Runtime, now: datetime) -> Answer:
    topic_id = uuid7()
    await _insert(conn, topic_id, form, text_id=None, now=now)
    if form.reply_to:
        [person_id] = await persons_of(conn, here.person_key, [form.reply_to.email])
        await _insert_contact(conn, topic_id, person_id, form.reply_to, now)
    await _tell(conn, topic_id, form)
    return _received(here, topic_id, TopicState.RECEIVED)


async def _gather(conn: Conn, *, form: GatherTopic, here: Runtime, now: datetime) -> Answer:
    topic_id = uuid7()
    if not await _insert(conn, topic_id, form, text_id=form.text_id, now=now):
        before = await conn.fetchrow(
            "SELECT topic_id, state FROM topic WHERE text_id = $1", form.text_id
        )
        assert before is not None, "topics are never deleted"
        return _received(here, before["topic_id"], TopicState(before["state"]))
    await _tell(conn, topic_id, form)
    return _received(here, topic_id, TopicState.RECEIVED)


def _received(here: Runtime, topic_id: UUID, state: TopicState) -> Answer:
    token = token_of(here.settings.secret("link_key").encode(), Purpose.TOPIC, topic_id)
    return Answer.of(TopicReceived(topic_id=topic_id, state=state, token=token))


async def _tell(conn: Conn, topic_id: UUID, form: Said) -> None:
    suggested = TopicSuggested(topic_id=topic_id, source=form.source, workstream=form.workstream)
    await outbox.add(conn, suggested)


async def _insert(
    conn: Conn, topic_id: UUID, form: Said, *, text_id: UUID | None, now: datetime
) -> bool:
    """Whether it was new: an answer to a survey becomes a topic once."""
    inserted = await conn.fetchval(
        """
        INSERT INTO topic (topic_id, text, source, text_id, workstream, state, suggested_at)
        VALUES ($1, $2, $3, $4, $5, 'received', $6)
            ON CONFLICT (text_id) DO NOTHING
     RETURNING true
        """,
        topic_id,
        form.text,
        form.source,
        text_id,
        form.workstream,
        now,
    )
    return bool(inserted)


async def _insert_contact(
    conn: Conn, topic_id: UUID, person_id: UUID, reply_to: ReplyTo, now: datetime
) -> None:
    await conn.execute(
        """
        INSERT INTO topic_contact (topic_id, person_id, name, address, purge_on)
        VALUES ($1, $2, $3, $4, $5)
        """,
        topic_id,
        person_id,
        reply_to.name,
        reply_to.email,
        forgotten_on(local_day(now), answered=False),
    )
