"""The first answer to a creating request, given again to whoever repeats it with the same key."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any

import asyncpg
from fastapi import Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel

from pdu_shared.access import caller
from pdu_shared.database import Conn, Database, transaction
from pdu_shared.guard import body_of
from pdu_shared.problems import Conflict, IdempotencyMismatch
from pdu_shared.tables import Table, Writing

KEPT_FOR = timedelta(days=30)
PRINTABLE = r"^[\x21-\x7e]{1,255}$"
ANSWERS = Table("text text text bytea int text")
KEPT = """
    INSERT INTO idempotency (client, route, key, request_hash, status, answer)
    SELECT * FROM {answers} AS given
    """
"""What keeps answers, as a statement or as part of one. Its table is `answers`."""
_KEEP = Writing(KEPT, answers=ANSWERS)


@dataclass(frozen=True, slots=True)
class Key:
    """Who asks, where, under which key, and a hash of what they ask."""

    client: str
    route: str
    key: str
    request_hash: bytes

    def part(self, name: object) -> "Key":
        """The key of one part of a request that has several."""
        return replace(self, key=f"{self.key}#{name}")

    def again(self, kept: asyncpg.Record) -> "Answer | IdempotencyMismatch | None":
        """What a row of `idempotency` says to this request; None when there is none."""
        if kept["request_hash"] is None:
            return None
        if kept["request_hash"] != self.request_hash:
            return IdempotencyMismatch()
        return Answer(kept["status"], kept["answer"])


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered the first time."""

    status: int
    body: str

    @classmethod
    def of(cls, model: BaseModel, status: int = 201) -> "Answer":
        """The answer that a model makes."""
        return cls(status, model.model_dump_json())

    def response(self) -> Response:
        """The answer over HTTP."""
        return Response(self.body, self.status, media_type="application/json")


async def key_of(
    request: Request,
    idempotency_key: Annotated[
        str,
        Header(
            pattern=PRINTABLE,
            description="Your own name for this request, 1 to 255 printable characters. "
            "Repeat the request with the same key and you get the same answer.",
        ),
    ],
) -> Key:
    """The key of a creating request; without a usable one it is answered with MissingKey."""
    asking = await caller(request)  # called, not depended on: FastAPI takes its time for each
    return Key(
        f"{asking.client_id}/{asking.sub}",
        f"{request.method} {request.scope['path']}",
        idempotency_key,
        hashlib.sha256(body_of(request.scope)).digest()[:16],
    )


Asked = Annotated[Key, Depends(key_of)]


async def once(
    database: Database, asked: Key, use_case: Callable[[Conn], Awaitable[Answer]]
) -> Response:
    """Run a use case and keep its answer in the same transaction; or give the answer kept.

    Raises IdempotencyMismatch when the key was used for another request, and Conflict while the
    first request with it is still running.
    """
    try:
        return (await _once(database, asked, use_case)).response()
    except asyncpg.UniqueViolationError as race:
        if race.table_name != "idempotency":
            raise
    except asyncpg.LockNotAvailableError:
        raise Conflict("The first request is still running.", retry_after=1) from None
    # The first request committed while this one ran, which was rolled back: give its answer.
    return (await _once(database, asked, use_case)).response()


async def _once(
    database: Database, asked: Key, use_case: Callable[[Conn], Awaitable[Answer]]
) -> Answer:
    async with transaction(database) as conn:
        match await _kept(conn, asked):
            case Answer() as kept:
                return kept
            case IdempotencyMismatch() as mismatch:
                raise mismatch
        given = await use_case(conn)
        await keep(conn, {asked: given})
    return given


async def begin(conn: Conn, asked: Key, plan: str) -> str:
    """Keep what a request of several parts sets out to do; what it was, when it is repeated.

    Each part is then asked for under a key of its own: `asked.part(…)`. Raises
    IdempotencyMismatch when the key was used for another request.
    """
    await conn.execute(
        """
        INSERT INTO idempotency (client, route, key, request_hash, status, answer)
        VALUES ($1, $2, $3, $4, 202, $5)
            ON CONFLICT DO NOTHING
        """,
        asked.client,
        asked.route,
        asked.key,
        asked.request_hash,
        plan,
    )
    match await _kept(conn, asked):
        case Answer(body=kept):
            return kept
        case IdempotencyMismatch() as mismatch:
            raise mismatch
    raise AssertionError("it was written a moment ago")


async def _kept(conn: Conn, asked: Key) -> Answer | IdempotencyMismatch | None:
    row = await conn.fetchrow(
        """
        SELECT request_hash, status, answer
          FROM idempotency
         WHERE client = $1 AND route = $2 AND key = $3
        """,
        asked.client,
        asked.route,
        asked.key,
    )
    return asked.again(row) if row else None


async def keep(conn: Conn, given: Mapping[Key, Answer]) -> None:
    """Write answers down. A key that somebody else just used raises UniqueViolationError."""
    if not given:
        return
    text, values = _KEEP.of(columns(given))
    await conn.execute(text, *values)


def columns(given: Mapping[Key, Answer]) -> list[list[Any]]:
    """Answers as columns of `idempotency`."""
    return [
        [one.client for one in given],
        [one.route for one in given],
        [one.key for one in given],
        [one.request_hash for one in given],
        [answer.status for answer in given.values()],
        [answer.body for answer in given.values()],
    ]


async def forget_answers(conn: Conn, now: datetime) -> int:
    """Forget answers that are older than 30 days; how many."""
    done: str = await conn.execute("DELETE FROM idempotency WHERE answered_at < $1", now - KEPT_FOR)
    return int(done.rsplit(maxsplit=1)[-1])
