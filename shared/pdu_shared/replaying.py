"""Replays that operators ask for over HTTP: written down, and done piece by piece by a worker."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated
from uuid import UUID

import asyncpg
import structlog
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_shared.access import Role, Who, allow
from pdu_shared.again import rounds
from pdu_shared.contracts import MESSAGES
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, OneLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.platform import SERVICES
from pdu_shared.problems import Fault, Refused
from pdu_shared.publishing import open_publisher
from pdu_shared.replay import tell_again, told_after
from pdu_shared.runtime import Here, Now, Runtime, Store

router = APIRouter(tags=["kernel"])
log = structlog.get_logger()

ACCESS = {"GET /replays": allow(Role.OPERATOR), "POST /replays": allow(Role.OPERATOR)}
LOOK_EVERY = 1.0
AGAIN_AFTER = timedelta(seconds=10)
SHOWN = 50


class Wish(Form):
    """Which of its messages a service tells another again."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"to": "reporting", "messages": ["EventPublished"]}]}
    )

    to: Annotated[OneLine, Field(description="The service that hears them again")]
    messages: list[OneLine] = Field(
        default=[], max_length=100, description="Their names; none means all"
    )


class Replay(BaseModel):
    """A replay, and how far it is."""

    replay_id: UUID
    to: str
    messages: list[str]
    asked_at: datetime
    told: int = Field(description="How many messages were told so far")
    trouble: str | None = Field(description="Why it does not go on just now")
    done_at: datetime | None


class Replays(BaseModel):
    """The latest fifty, newest first."""

    items: list[Replay]


@router.get("/replays")
async def replays(database: Store) -> Replays:
    """What this service was asked to tell again, and how far that is."""
    rows = await database.pool.fetch(
        """
        SELECT replay_id, told_to AS to, messages, asked_at, told, trouble, done_at
          FROM replay_request
         ORDER BY replay_id DESC
         LIMIT $1
        """,
        SHOWN,
    )
    return Replays(items=[Replay(**row) for row in rows])


@router.post("/replays", status_code=202, response_model=Replay)
async def ask_for_replay(
    wish: Wish, runtime: Here, asking: Who, asked: Asked, now: Now
) -> Response:
    """Tell one service again what this one told. What it knows already has no second effect.

    Sealed messages are emptied once told and cannot be told again.
    """
    check(runtime.service, wish)

    async def use_case(conn: Conn) -> Answer:
        replay = await note_down(conn, wish, asking.sub, now)
        log.info("replay asked for", replay_id=str(replay.replay_id), to=wish.to)
        return Answer.of(replay, 202)

    return await once(runtime.database, asked, use_case)


async def note_down(conn: Conn, wish: Wish, asked_by: UUID | None, now: datetime) -> Replay:
    """Write down what somebody wants to have told again."""
    row = await conn.fetchrow(
        """
        INSERT INTO replay_request (replay_id, told_to, messages, asked_at, asked_by, next_at)
        VALUES ($1, $2, $3, $4, $5, $4)
     RETURNING replay_id, told_to AS to, messages, asked_at, told, trouble, done_at
        """,
        uuid7(),
        wish.to,
        wish.messages,
        now,
        asked_by,
    )
    assert row is not None, "an insert gives its row"
    return Replay(**row)


def check(service: str, wish: Wish) -> None:
    """Raise Refused, with what is possible, for a service or a message that there is not."""
    tells = sorted(key.partition(".")[2] for key in MESSAGES if key.startswith(f"{service}."))
    faults = []
    if wish.to not in SERVICES:
        faults.append(Fault("/to", "unknown", f"One of {', '.join(SERVICES)}."))
    faults += [
        Fault(f"/messages/{place}", "unknown", f"One of {', '.join(tells)}.")
        for place, name in enumerate(wish.messages)
        if name not in tells
    ]
    if faults:
        raise Refused(errors=faults)


async def work(runtime: Runtime) -> None:
    """Do what was asked for, for ever."""
    await rounds(partial(go_on, runtime), name="replays", rest=LOOK_EVERY)


async def go_on(
    runtime: Runtime, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> bool:
    """Tell the next piece of the replay that has waited longest; False when none is due."""
    async with transaction(runtime.database) as conn:
        row = await _due(conn, clock())
        if row is None:
            return False
        try:
            rows = await told_after(
                conn, row["position"], service=runtime.service, names=row["messages"]
            )
            if rows:
                publisher = await open_publisher(
                    runtime.settings.amqp_urls(), runtime.service, role="replay"
                )
                async with publisher.connection:
                    await tell_again(publisher, rows, to=row["told_to"])
        except Exception as trouble:
            if conn.is_closed():
                raise
            await _postpone(conn, row["replay_id"], type(trouble).__name__, clock() + AGAIN_AFTER)
            log.warning(
                "replay waits", replay_id=str(row["replay_id"]), reason=type(trouble).__name__
            )
            return True
        await _note(conn, row, rows, clock())
    return True


async def _due(conn: Conn, now: datetime) -> asyncpg.Record | None:
    return await conn.fetchrow(
        """
        SELECT replay_id, told_to, messages, position
          FROM replay_request
         WHERE done_at IS NULL AND next_at <= $1
         ORDER BY next_at
         LIMIT 1
           FOR UPDATE SKIP LOCKED
        """,
        now,
    )


async def _postpone(conn: Conn, replay_id: UUID, trouble: str, until: datetime) -> None:
    await conn.execute(
        "UPDATE replay_request SET trouble = $2, next_at = $3 WHERE replay_id = $1",
        replay_id,
        trouble,
        until,
    )


async def _note(conn: Conn, row: asyncpg.Record, rows: list[asyncpg.Record], now: datetime) -> None:
    await conn.execute(
        """
        UPDATE replay_request
           SET position = $2, told = told + $3::bigint, trouble = NULL, next_at = $4,
               done_at = CASE WHEN $3::bigint = 0 THEN $4::timestamptz END
         WHERE replay_id = $1
        """,
        row["replay_id"],
        rows[-1]["position"] if rows else row["position"],
        len(rows),
        now,
    )
