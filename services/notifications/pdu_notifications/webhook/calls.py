"""Calls webhooks: signed, again after a failure, and no more when failures do not end."""

import asyncio
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import structlog
from prometheus_client import Counter

from pdu_notifications.letter import Letter, post
from pdu_notifications.rules.webhook import Again, Done, Off, after_call
from pdu_notifications.wording import Content, Section
from pdu_shared.again import rounds
from pdu_shared.calling import NotCalled, post_json
from pdu_shared.database import Conn, Database, transaction
from pdu_shared.runtime import Runtime
from pdu_shared.standard_webhooks import secret_of, signed
from pdu_shared.telemetry import REGISTRY

log = structlog.get_logger()

CALLS = Counter("pdu_webhook_calls", "Calls of webhooks.", ["outcome"], registry=REGISTRY)
LINES = 2
LOOK_EVERY = 1.0
LEASE = timedelta(seconds=60)
KIND = "webhook_off"


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Switchboard:
    """What it takes to call webhooks."""

    database: Database
    key: bytes
    at_home: bool = False
    now: Callable[[], datetime] = _utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call in the hands of one line."""

    webhook_id: UUID
    message_id: UUID
    url: str
    body: bytes
    attempt: int


def secret_for(key: bytes, webhook_id: UUID) -> str:
    """What the calls of one webhook are signed with: kept nowhere, always the same."""
    return secret_of(hmac.digest(key, b"webhook" + webhook_id.bytes, "sha256"))


async def call_webhooks(runtime: Runtime) -> None:
    """Call for ever, a few at a time."""
    board = Switchboard(
        database=runtime.database,
        key=runtime.settings.secret("link_key").encode(),
        at_home=runtime.settings.webhooks_at_home,
    )
    async with asyncio.TaskGroup() as lines:
        for _ in range(LINES):
            lines.create_task(rounds(partial(call_next, board), name="webhooks", rest=LOOK_EVERY))


async def call_next(board: Switchboard) -> bool:
    """Make the call that has waited longest; False when none waits."""
    now = board.now()
    async with transaction(board.database) as conn:
        call = await _pick_up(conn, now)
    if call is None:
        return False
    answer = await _answer(board, call)
    now = board.now()
    outcome = after_call(call.attempt, answer, now=now)
    async with transaction(board.database) as conn:
        await _record(conn, call, outcome, answer, now)
    CALLS.labels(type(outcome).__name__.lower()).inc()
    log.info("webhook called", webhook_id=str(call.webhook_id), answer=answer, attempt=call.attempt)
    return True


async def _answer(board: Switchboard, call: Call) -> int | str:
    secret = secret_for(board.key, call.webhook_id)
    headers = signed(secret, str(call.message_id), call.body, now=board.now())
    try:
        return await post_json(call.url, call.body, headers, at_home=board.at_home)
    except NotCalled as why:
        return str(why)


async def _record(
    conn: Conn, call: Call, outcome: Done | Again | Off, answer: int | str, now: datetime
) -> None:
    match outcome:
        case Done():
            await _close(conn, call, "done", answer, now)
        case Again(at):
            await _postpone(conn, call, answer, at, now)
        case Off(reason):
            await _close(conn, call, "given_up", answer, now)
            made_by = await _switch_off(conn, call.webhook_id, reason, now)
            if made_by is not None:
                await post(conn, compose(call, made_by, reason, now))


def compose(call: Call, made_by: UUID, reason: str, now: datetime) -> Letter:
    """What we write to whoever set a webhook up that is off now."""
    return Letter(
        kind=KIND,
        person_id=made_by,
        related_id=call.webhook_id,
        offset=str(int(now.timestamp())),
        content=Content(
            subject="A webhook of yours was switched off",
            sections=(
                Section(
                    sentences=(
                        "Another tool did not take what we told it, so we stopped calling it.",
                        "What waited is told when a coordinator switches it on again.",
                    ),
                    facts=(("Webhook", str(call.webhook_id)), ("Last answer", reason)),
                ),
            ),
        ),
        repeatable=True,
    )


async def _pick_up(conn: Conn, now: datetime) -> Call | None:
    row = await conn.fetchrow(
        """
        UPDATE webhook_call AS call SET attempt = attempt + 1, next_at = $2
          FROM webhook
         WHERE webhook.webhook_id = call.webhook_id
           AND (call.webhook_id, call.message_id) = (
               SELECT webhook_id, message_id
                 FROM webhook_call JOIN webhook USING (webhook_id)
                WHERE webhook_call.state = 'waiting' AND next_at <= $1 AND webhook.state = 'on'
                ORDER BY next_at LIMIT 1
                  FOR UPDATE OF webhook_call SKIP LOCKED)
        RETURNING call.webhook_id, call.message_id, url, body, attempt
        """,
        now,
        now + LEASE,
    )
    if row is None:
        return None
    return Call(
        webhook_id=row["webhook_id"],
        message_id=row["message_id"],
        url=row["url"],
        body=row["body"].encode(),
        attempt=row["attempt"],
    )


async def _close(conn: Conn, call: Call, state: str, answer: int | str, now: datetime) -> None:
    await conn.execute(
        """
        UPDATE webhook_call SET state = $3, answer = $4, changed_at = $5
         WHERE webhook_id = $1 AND message_id = $2
        """,
        call.webhook_id,
        call.message_id,
        state,
        str(answer),
        now,
    )


async def _postpone(conn: Conn, call: Call, answer: int | str, at: datetime, now: datetime) -> None:
    await conn.execute(
        """
        UPDATE webhook_call SET answer = $3, next_at = $4, changed_at = $5
         WHERE webhook_id = $1 AND message_id = $2 AND attempt = $6
        """,
        call.webhook_id,
        call.message_id,
        str(answer),
        at,
        now,
        call.attempt,
    )


async def _switch_off(conn: Conn, webhook_id: UUID, reason: str, now: datetime) -> UUID | None:
    """Whom to tell; nobody when it was off already, or was set up by a machine."""
    made_by: UUID | None = await conn.fetchval(
        """
        UPDATE webhook SET state = 'off', reason = $2, changed_at = $3
         WHERE webhook_id = $1 AND state = 'on'
        RETURNING made_by
        """,
        webhook_id,
        reason,
        now,
    )
    return made_by
