"""The first answer to a creating request, given again to whoever repeats it with the same key."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

import asyncpg
from fastapi import Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel

from pdu_shared.access import caller
from pdu_shared.database import Conn, Database, transaction
from pdu_shared.problems import Conflict, IdempotencyMismatch

KEPT_FOR = timedelta(days=30)
PRINTABLE = r"^[\x21-\x7e]{1,255}$"


@dataclass(frozen=True, slots=True)
class Key:
    """Who asks, where, under which key, and a hash of what they ask."""

    client: str
    route: str
    key: str
    request_hash: bytes


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
        hashlib.sha256(await request.body()).digest()[:16],
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
        match (await answers(conn, [asked])).get(asked):
            case Answer() as kept:
                return kept
            case IdempotencyMismatch() as mismatch:
                raise mismatch
        given = await use_case(conn)
        await keep(conn, {asked: given})
    return given


async def answers(conn: Conn, asked: Sequence[Key]) -> dict[Key, Answer | IdempotencyMismatch]:
    """What was answered under these keys, or the problem that it was another request."""
    rows = await conn.fetch(
        """
        SELECT asked.place, kept.request_hash, kept.status, kept.answer
          FROM unnest($1::text[], $2::text[], $3::text[])
               WITH ORDINALITY AS asked (client, route, key, place)
          JOIN idempotency AS kept USING (client, route, key)
        """,
        [one.client for one in asked],
        [one.route for one in asked],
        [one.key for one in asked],
    )
    found: dict[Key, Answer | IdempotencyMismatch] = {}
    for row in rows:
        one = asked[row["place"] - 1]
        same = row["request_hash"] == one.request_hash
        found[one] = Answer(row["status"], row["answer"]) if same else IdempotencyMismatch()
    return found


async def keep(conn: Conn, given: Mapping[Key, Answer]) -> None:
    """Write answers down. A key that somebody else just used raises UniqueViolationError."""
    if not given:
        return
    rows: list[tuple[Any, ...]] = [
        (one.client, one.route, one.key, one.request_hash, answer.status, answer.body)
        for one, answer in given.items()
    ]
    await conn.execute(
        """
        INSERT INTO idempotency (client, route, key, request_hash, status, answer)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::int[], $6::text[])
        """,
        *[list(column) for column in zip(*rows, strict=True)],
    )


async def forget_answers(conn: Conn, now: datetime) -> int:
    """Forget answers that are older than 30 days; how many."""
    done: str = await conn.execute("DELETE FROM idempotency WHERE answered_at < $1", now - KEPT_FOR)
    return int(done.rsplit(maxsplit=1)[-1])
