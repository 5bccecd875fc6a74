"""Which other tools are told, and of what; how their calls fared."""

from datetime import datetime
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_notifications.webhook.calls import secret_for
from pdu_notifications.webhook.telling import Announcement, body_of, note
from pdu_shared.access import Who
from pdu_shared.calling import objection
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, WebAddress
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Here, Now, Store

router = APIRouter(tags=["webhooks"])

MOST_WEBHOOKS = 20
TEST = "webhook.test"


class NewWebhook(Form):
    """A tool that wants to be told."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "url": "https://tool.example.org/pdu",
                    "messages": ["bookings.EventPublished", "bookings.EventCancelled"],
                }
            ]
        }
    )

    url: Annotated[WebAddress, Field(description="On the web, with https://")]
    messages: Annotated[list[Announcement], Field(min_length=1, max_length=20)]


class Switch(Form):
    """Whether it is called."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"state": "on"}]})

    state: Literal["on", "off"]


class Webhook(BaseModel):
    """A tool that is told, and how that goes."""

    webhook_id: UUID
    url: str
    messages: list[str]
    state: Literal["on", "off"]
    reason: str | None
    waiting: int
    made_at: datetime
    changed_at: datetime


class Secret(BaseModel):
    """What the tool verifies our calls with (Standard Webhooks)."""

    secret: str


class CallLine(BaseModel):
    """A call, and what came of it."""

    message_id: UUID
    type: str
    state: Literal["waiting", "done", "given_up"]
    attempt: int
    answer: str | None
    made_at: datetime
    changed_at: datetime


@router.get("/webhooks")
async def webhooks(database: Store) -> list[Webhook]:
    """Who is told."""
    async with database.pool.acquire(timeout=5) as conn:
        return await _webhooks(conn, None)


@router.post("/webhooks", status_code=201, response_model=Webhook)
async def add(form: NewWebhook, asked: Asked, here: Here, who: Who, now: Now) -> Response:
    """Have another tool told. What it verifies calls with is at `/webhooks/{webhook_id}/secret`."""
    if words := objection(form.url, at_home=here.settings.webhooks_at_home):
        raise Refused(errors=[Fault("/url", "unusable", words)])
    add_one = partial(_add, form=form, made_by=who.sub, now=now)
    return await once(here.database, asked, add_one)


@router.get("/webhooks/{webhook_id}/secret")
async def secret(webhook_id: UUID, here: Here) -> Secret:
    """What the tool verifies our calls with. Give it to nobody else."""
    async with here.database.pool.acquire(timeout=5) as conn:
        await _one(conn, webhook_id)
    return Secret(secret=secret_for(here.settings.secret("link_key").encode(), webhook_id))


@router.put("/webhooks/{webhook_id}/state")
async def switch(webhook_id: UUID, form: Switch, database: Store, now: Now) -> Webhook:
    """Call it, or do not. What waited is told when it is on again."""
    async with transaction(database) as conn:
        await conn.execute(
            """
            UPDATE webhook SET state = $2, reason = NULL, changed_at = $3
             WHERE webhook_id = $1 AND state <> $2
            """,
            webhook_id,
            form.state,
            now,
        )
        if form.state == "on":
            await conn.execute(
                """
                UPDATE webhook_call SET attempt = 0, next_at = $2
                 WHERE webhook_id = $1 AND state = 'waiting'
                """,
                webhook_id,
                now,
            )
        return await _one(conn, webhook_id)


@router.post("/webhooks/{webhook_id}/test")
async def try_out(webhook_id: UUID, database: Store, now: Now) -> Webhook:
    """Call it with a message that means nothing, to see whether it is taken."""
    async with transaction(database) as conn:
        found = await _one(conn, webhook_id)
        if found.state == "off":
            raise Conflict("This webhook is off.")
        body = body_of(TEST, {"webhook_id": str(webhook_id)}, now)
        await note(conn, webhook_id, uuid7(), (TEST, body), now)
        return await _one(conn, webhook_id)


@router.get("/webhooks/{webhook_id}/calls")
async def calls(webhook_id: UUID, database: Store) -> list[CallLine]:
    """Its last hundred calls, newest first."""
    async with database.pool.acquire(timeout=5) as conn:
        await _one(conn, webhook_id)
        rows = await conn.fetch(
            """
            SELECT message_id, type, state, attempt, answer, made_at, changed_at
              FROM webhook_call
             WHERE webhook_id = $1
             ORDER BY made_at DESC, message_id
             LIMIT 100
            """,
            webhook_id,
        )
    return [CallLine(**row) for row in rows]


@router.delete("/webhooks/{webhook_id}", status_code=204)
async def remove(webhook_id: UUID, database: Store) -> None:
    """Tell this tool nothing more, and forget it."""
    async with transaction(database) as conn:
        gone = await conn.execute("DELETE FROM webhook WHERE webhook_id = $1", webhook_id)
    if gone == "DELETE 0":
        raise NotFound


async def _add(conn: Conn, *, form: NewWebhook, made_by: UUID | None, now: datetime) -> Answer:
    webhook_id = uuid7()
    # Two who add at once must not both find room for one.
    await conn.execute("LOCK TABLE webhook IN SHARE ROW EXCLUSIVE MODE")
    if await conn.fetchval("SELECT count(*) FROM webhook") >= MOST_WEBHOOKS:
        raise Conflict(f"There are {MOST_WEBHOOKS} webhooks: remove one first.")
    await conn.execute(
        """
        INSERT INTO webhook (webhook_id, url, messages, state, made_by, made_at, changed_at)
        VALUES ($1, $2, $3, 'on', $4, $5, $5)
        """,
        webhook_id,
        form.url,
        sorted(set(form.messages)),
        made_by,
        now,
    )
    return Answer.of(await _one(conn, webhook_id))


async def _one(conn: Conn, webhook_id: UUID) -> Webhook:
    found = await _webhooks(conn, webhook_id)
    if not found:
        raise NotFound
    return found[0]


async def _webhooks(conn: Conn, webhook_id: UUID | None) -> list[Webhook]:
    rows = await conn.fetch(
        """
        SELECT webhook_id, url, messages, state, reason, made_at, changed_at,
               (SELECT count(*) FROM webhook_call AS call
                 WHERE call.webhook_id = webhook.webhook_id AND call.state = 'waiting') AS waiting
          FROM webhook
         WHERE $1::uuid IS NULL OR webhook_id = $1
         ORDER BY made_at DESC, webhook_id
        """,
        webhook_id,
    )
    return [Webhook(**row) for row in rows]
