"""The same again: copies of learning events with other dates, and templates that have none."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from pdu_bookings.category import Categories
from pdu_bookings.programme.change import By, Hand
from pdu_bookings.programme.description import AnnounceSession, FollowUp
from pdu_bookings.programme.learning_event import described, publish_or_tell, write_down
from pdu_bookings.programme.public import LearningEvent
from pdu_bookings.programme.reading import learning_event
from pdu_bookings.programme.rows import ANNOUNCED, lock_learning_events
from pdu_bookings.rules.description import Announced
from pdu_bookings.rules.programme import State
from pdu_shared.contracts.vocabulary import AccessTier
from pdu_shared.database import Conn
from pdu_shared.forms import Form, PublishedLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Here, Now, Runtime, Store

router = APIRouter(tags=["learning events"])


class Again(FollowUp):
    """When it is offered again; everything else is taken over."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "sessions": [
                        {
                            "starts_at": "2027-06-10T13:00",
                            "ends_at": "2027-06-10T16:00",
                            "mode": "in_person",
                            "place": "Sneinton Hermitage",
                            "capacity": 20,
                        }
                    ],
                    "publish": True,
                }
            ]
        }
    )

    title: Annotated[
        PublishedLine | None, Field(description="Its title, if it is to be another")
    ] = None
    sessions: Annotated[tuple[AnnounceSession, ...], Field(min_length=1, max_length=20)]
    publish: Annotated[StrictBool, Field(description="Publish it in the same step")] = False


class KeepTemplate(Form):
    """Which learning event is kept as a template, and under what name."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Hoarding for new staff",
                    "learning_event_id": "0194c000-0000-7000-8000-000000000101",
                }
            ]
        }
    )

    name: PublishedLine
    learning_event_id: UUID


class Template(BaseModel):
    """A learning event without dates, to be used again."""

    template_id: UUID
    name: str
    title: str


class Templates(BaseModel):
    """The templates, by name."""

    items: list[Template]


@router.post(
    "/learning-events/{learning_event_id}/copies", status_code=201, response_model=LearningEvent
)
async def copy(
    learning_event_id: UUID, form: Again, runtime: Here, asked: Asked, by: By
) -> Response:
    """Offer a learning event again, at other dates: a draft, or published in the same step.

    What was copied from one another shares a `template_id`.
    """

    async def from_event(conn: Conn) -> Answer:
        found = await lock_learning_events(conn, [learning_event_id])
        if learning_event_id not in found:
            raise NotFound
        event = found[learning_event_id]
        template_id = event.template_id or learning_event_id
        return await _again(conn, replace(event, template_id=template_id), form, runtime, by)

    return await once(runtime.database, asked, from_event)


@router.get("/templates")
async def templates(database: Store) -> Templates:
    """The templates, by name."""
    async with database.pool.acquire(timeout=5) as conn:
        rows = await conn.fetch(
            """
            SELECT template_id, name, description ->> 'title' AS title
              FROM template
             ORDER BY name
            """
        )
    return Templates(items=[Template(**row) for row in rows])


@router.post("/templates", status_code=201, response_model=Template)
async def keep(form: KeepTemplate, database: Store, asked: Asked, now: Now) -> Response:
    """Keep a learning event as a template, without its dates. 409 when the name is in use."""
    return await once(database, asked, partial(_keep, form=form, now=now))


async def _keep(conn: Conn, *, form: KeepTemplate, now: datetime) -> Answer:
    found = await lock_learning_events(conn, [form.learning_event_id])
    if form.learning_event_id not in found:
        raise NotFound
    event = found[form.learning_event_id]
    template_id = event.template_id or event.learning_event_id
    try:
        await _insert_template(conn, template_id, form.name, event, now)
    except asyncpg.UniqueViolationError:
        raise Conflict("There is such a template already.") from None
    return Answer.of(Template(template_id=template_id, name=form.name, title=event.title))


@router.post(
    "/templates/{template_id}/learning-events", status_code=201, response_model=LearningEvent
)
async def from_template(
    template_id: UUID, form: Again, runtime: Here, asked: Asked, by: By
) -> Response:
    """Offer what a template describes, at these dates."""

    async def from_kept(conn: Conn) -> Answer:
        kept = await conn.fetchval(
            "SELECT description::text FROM template WHERE template_id = $1", template_id
        )
        if kept is None:
            raise NotFound
        [event] = ANNOUNCED.validate_json(f"[{kept}]")
        return await _again(conn, replace(event, template_id=template_id), form, runtime, by)

    return await once(runtime.database, asked, from_kept)


async def _again(conn: Conn, event: Announced, form: Again, runtime: Runtime, by: Hand) -> Answer:
    over = event.opens_wider_at is not None and event.opens_wider_at <= by.now
    again = replace(
        event,
        learning_event_id=uuid7(),
        state=State.DRAFT,
        title=form.title or event.title,
        access_tier=AccessTier.OPEN if over else event.access_tier,
        opens_wider_at=None if over else event.opens_wider_at,
        **described(form, FollowUp.model_fields),
    )
    await write_down(conn, again, form.sessions, words=runtime.part(Categories), now=by.now)
    await publish_or_tell(conn, again, runtime, by, publish=form.publish)
    return Answer.of(await learning_event(conn, again.learning_event_id, now=by.now))


async def _insert_template(
    conn: Conn, template_id: UUID, name: str, event: Announced, now: datetime
) -> None:
    await conn.execute(
        """
        INSERT INTO template (template_id, name, description, kept_at)
        VALUES ($1, $2, ($3::text::jsonb) -> 0, $4)
        """,
        template_id,
        name,
        ANNOUNCED.dump_json([event]).decode(),
        now,
    )
