"""Experts look at what organisations say they did, and say what it will come to."""

from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.lived_experience.feedback import SHOWN_FROM
from pdu_shared.access import Who
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, Paragraphs
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Now, Store

router = APIRouter(prefix="/lived-experience/reported-actions", tags=["lived experience"])


class Effect(StrEnum):
    """What an action will come to for the people it is about."""

    HELPS = "helps"
    DEPENDS = "depends"
    NO_DIFFERENCE = "no_difference"
    HARMS = "harms"


class PutAction(Form):
    """An action as experts read it: nothing in it tells who did it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"text": "A hostel now lets visitors stay until ten in the evening."}]
        }
    )

    text: Annotated[Paragraphs, Field(description="Without a name of a person or organisation")]
    learning_event_id: Annotated[
        UUID | None, Field(description="The learning event that it came of")
    ] = None


class Comment(Form):
    """What an expert thinks that it will come to."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"effect": "depends", "text": "If the doors stay open."}]}
    )

    effect: Effect
    text: Annotated[Paragraphs | None, Field(description="Read without whose it is")] = None


class ReportedAction(BaseModel):
    """What an organisation says that it did."""

    action_id: UUID
    text: str
    learning_event_id: UUID | None


class ReportedActions(BaseModel):
    """Actions to be commented on, latest first, at most 200."""

    items: list[ReportedAction]


class Comments(BaseModel):
    """What experts said to an action, without whose words they are."""

    count: int
    effects: dict[Effect, int] | None = Field(
        description=f"How many think so; null until {SHOWN_FROM} said something"
    )
    texts: list[str]


@router.post("", status_code=201, response_model=ReportedAction)
async def put_action(form: PutAction, database: Store, asked: Asked, now: Now) -> Response:
    """Put an action before the experts, in words that name nobody."""
    return await once(database, asked, partial(_put, form=form, now=now))


@router.get("")
async def read_actions(database: Store) -> ReportedActions:
    """The actions that experts are asked about."""
    rows = await database.pool.fetch(
        """
        SELECT action_id, text, learning_event_id
          FROM lived_experience.reported_action
         ORDER BY action_id DESC
         LIMIT 200
        """
    )
    return ReportedActions(items=[ReportedAction(**row) for row in rows])


@router.post("/{action_id}/comments", status_code=204)
async def comment(action_id: UUID, form: Comment, database: Store, caller: Who) -> None:
    """Say what it will come to, once. It is kept without whose it is."""
    async with transaction(database) as conn:
        await _must_be_there(conn, action_id)
        expert_id = await _expert(conn, caller.sub)
        if not await _mark(conn, action_id, expert_id):
            raise Conflict("You have said so already, and nobody can tell any more which is yours.")
        await conn.execute(
            """
            INSERT INTO lived_experience.action_comment (comment_id, action_id, effect, text)
            VALUES ($1, $2, $3, $4)
            """,
            uuid4(),
            action_id,
            form.effect,
            form.text,
        )


@router.get("/{action_id}/comments")
async def read_comments(action_id: UUID, database: Store) -> Comments:
    """What experts said to it. Their order says nothing about who they are."""
    async with database.pool.acquire(timeout=5) as conn:
        await _must_be_there(conn, action_id)
        rows = await conn.fetch(
            """
            SELECT effect, text
              FROM lived_experience.action_comment
             WHERE action_id = $1
             ORDER BY comment_id
            """,
            action_id,
        )
    said = [Effect(row["effect"]) for row in rows]
    return Comments(
        count=len(said),
        effects={one: said.count(one) for one in Effect} if len(said) >= SHOWN_FROM else None,
        texts=[row["text"] for row in rows if row["text"]],
    )


async def _put(conn: Conn, *, form: PutAction, now: datetime) -> Answer:
    action = ReportedAction(action_id=uuid7(), **form.model_dump())
    event = form.learning_event_id
    if event and not await conn.fetchval(
        "SELECT true FROM learning_event WHERE learning_event_id = $1", event
    ):
        words = "There is no such learning event."
        raise Refused(errors=[Fault("/learning_event_id", "unknown-event", words)])
    await conn.execute(
        """
        INSERT INTO lived_experience.reported_action (action_id, text, learning_event_id, put_at)
        VALUES ($1, $2, $3, $4)
        """,
        action.action_id,
        action.text,
        event,
        now,
    )
    return Answer.of(action)


async def _must_be_there(conn: Conn, action_id: UUID) -> None:
    found = await conn.fetchval(
        "SELECT true FROM lived_experience.reported_action WHERE action_id = $1", action_id
    )
    if not found:
        raise NotFound


async def _expert(conn: Conn, person_id: UUID | None) -> UUID:
    """The caller as an expert in the register. Raises NotFound for everybody else."""
    expert_id: UUID | None = await conn.fetchval(
        """
        SELECT expert_id FROM lived_experience.expert
         WHERE person_id = $1 AND withdrawn_at IS NULL
        """,
        person_id,
    )
    if expert_id is None:
        raise NotFound
    return expert_id


async def _mark(conn: Conn, action_id: UUID, expert_id: UUID) -> bool:
    """Whether this is their first comment."""
    marked: str = await conn.execute(
        """
        INSERT INTO lived_experience.action_commented (action_id, expert_id) VALUES ($1, $2)
            ON CONFLICT DO NOTHING
        """,
        action_id,
        expert_id,
    )
    return marked != "INSERT 0 0"
