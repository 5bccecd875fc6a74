"""Who speaks at a session or runs it: asked by a coordinator, each by a letter with a link."""

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from pdu_bookings.topic.assigning import Ask, Assignments, assign, refuse_unknown, select
from pdu_shared.contracts.bookings.topic_words import SpeakerRole
from pdu_shared.database import Conn
from pdu_shared.forms import EmailAddress, Form, OneLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Here, Now, Runtime, Store

router = APIRouter(tags=["speakers"])


class AskSpeaker(Form):
    """Who is asked, and for which session."""

    session_id: UUID
    role: SpeakerRole
    name: OneLine
    email: EmailAddress
    organisation: OneLine | None = None


class AskSpeakers(Form):
    """Those who are asked: one or many, also for sessions at the same time."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "speakers": [
                        {
                            "session_id": "018f0000-0000-7000-8000-000000000001",
                            "role": "facilitator",
                            "name": "Alan a Dale",
                            "email": "alan@example.org",
                        }
                    ]
                }
            ]
        }
    )

    speakers: Annotated[tuple[AskSpeaker, ...], Field(min_length=1, max_length=50)]


@router.post(
    "/learning-events/{learning_event_id}/assignments",
    status_code=201,
    response_model=Assignments,
)
async def ask(
    learning_event_id: UUID, form: AskSpeakers, here: Here, asked: Asked, now: Now
) -> Response:
    """Ask people to speak at sessions, or to run them. All of them, or nobody.

    Whoever is asked for a session already gets no second letter.
    """
    use_case = partial(_ask, learning_event_id=learning_event_id, form=form, here=here, now=now)
    return await once(here.database, asked, use_case)


@router.get("/learning-events/{learning_event_id}/assignments")
async def assignments(learning_event_id: UUID, database: Store) -> Assignments:
    """Who was asked, who will come, and who has read the brief."""
    async with database.pool.acquire(timeout=5) as conn:
        sessions = await conn.fetch(
            "SELECT session_id FROM session WHERE learning_event_id = $1", learning_event_id
        )
        if not sessions:
            raise NotFound
        return await select(conn, [row["session_id"] for row in sessions])


async def _ask(
    conn: Conn, *, learning_event_id: UUID, form: AskSpeakers, here: Runtime, now: datetime
) -> Answer:
    asks = [
        Ask(**dict(one), pointer=f"/speakers/{place}/session_id")
        for place, one in enumerate(form.speakers)
    ]
    own = await conn.fetch(
        "SELECT session_id FROM session WHERE learning_event_id = $1", learning_event_id
    )
    if not own:
        raise NotFound
    refuse_unknown(asks, {row["session_id"] for row in own})
    return Answer.of(await assign(conn, asks, here, now=now))
