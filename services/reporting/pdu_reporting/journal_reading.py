"""Reading the journal over HTTP: its public messages, in pages or as they come in."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, JsonValue

from pdu_reporting import journal
from pdu_shared.database import Conn, Database
from pdu_shared.probes import Handled, HandledMessages, MessageIds, wanted
from pdu_shared.runtime import Store

PAGE = 100
LOOK_EVERY = 1.0
QUIET_FOR = 15
"""Looks without news after which a comment keeps proxies from closing the stream."""
FURTHEST = 2**63 - 1

router = APIRouter(tags=["journal"])


class Entry(BaseModel):
    """A message with its place in the journal."""

    position: int
    message: dict[str, JsonValue]
    """The CloudEvent, as it was published."""
    received_at: datetime


class Page(BaseModel):
    """Public messages in the order of the journal."""

    items: list[Entry]
    next: int
    """Ask on with this as `after`; it moves on over messages that are not public, too."""


Position = Annotated[int, Query(ge=0, le=FURTHEST, description="The position to read on from.")]


@router.get("/journal", response_model=Page)
async def read(
    database: Store, after: Position = 0, limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE
) -> Response:
    """Public messages after a position, oldest first; complete since the beginning."""
    async with database.pool.acquire(timeout=5) as conn:
        rows, reached = await _read_on(conn, after, limit)
    items = ",".join(_entry(row) for row in rows)
    return Response(f'{{"items":[{items}],"next":{reached}}}', media_type="application/json")


@router.get(
    "/journal/stream",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "Entries as they come."}},
)
async def follow(
    request: Request,
    database: Store,
    after: Position = 0,
    last_event_id: Annotated[int | None, Header(ge=0, le=FURTHEST)] = None,
) -> StreamingResponse:
    """The same entries as server-sent events; a reader who comes back goes on where it was."""
    start = after if last_event_id is None else last_event_id
    events = stream(database, start, closing=request.app.state.closing)
    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


@router.get("/inbox")
async def handled(database: Store, ids: MessageIds) -> HandledMessages:
    """What this service did with some messages: the journal holds what was done."""
    async with database.pool.acquire(timeout=2) as conn:
        rows = await _handled(conn, wanted(ids))
    return HandledMessages(handled=[Handled(**row) for row in rows])


async def stream(
    database: Database, after: int, *, closing: Callable[[], bool]
) -> AsyncIterator[str]:
    """Server-sent events of all entries after a position, until the service is closing."""
    written, quiet = asyncio.Event(), 0
    journal.tell_when_written(written)
    try:
        yield "retry: 1000\n\n"
        while not closing():
            written.clear()
            # A stream lasts long and a connection is scarce: it is held for one look only.
            async with database.pool.acquire(timeout=5) as conn:
                rows, after = await _read_on(conn, after, PAGE)
            for row in rows:
                yield _event(row)
            quiet = 0 if rows else quiet + 1
            if quiet >= QUIET_FOR:
                yield ": still here\n\n"
                quiet = 0
            if len(rows) < PAGE:
                await _wait(written)
    finally:
        journal.forget(written)


async def _wait(written: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(LOOK_EVERY):
            await written.wait()
    except TimeoutError:
        return


def _entry(row: asyncpg.Record) -> str:
    # The body goes out as it came in; reading and writing it again might change it.
    received_at = row["received_at"].isoformat()
    return f'{{"position":{row["position"]},"message":{row["body"]},"received_at":"{received_at}"}}'


def _event(row: asyncpg.Record) -> str:
    lines = "".join(f"data: {line}\n" for line in re.split(r"\r\n|\r|\n", _entry(row)))
    return f"event: message\nid: {row['position']}\n{lines}\n"


async def _read_on(conn: Conn, after: int, limit: int) -> tuple[list[asyncpg.Record], int]:
    """Public entries after a position, and the position up to which there are no others."""
    # The end is looked up first: what is written between the two questions is found next time.
    end: int = await conn.fetchval("SELECT coalesce(max(position), 0) FROM journal")
    rows = await conn.fetch(
        """
        SELECT position, received_at, body
          FROM journal
         WHERE position > $1 AND public
         ORDER BY position
         LIMIT $2
        """,
        after,
        limit,
    )
    last = rows[-1]["position"] if rows else after
    return rows, last if len(rows) == limit else max(last, end)


async def _handled(conn: Conn, message_ids: list[UUID]) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT message_id, 'done' AS state, received_at AS handled_at
          FROM journal
         WHERE message_id = ANY ($1::uuid[])
         UNION ALL
        SELECT message_id, 'parked', max(first_seen)
          FROM parked
         WHERE message_id = ANY ($1::uuid[]) AND resolved_at IS NULL
           AND reason <> 'id_conflict'
         GROUP BY message_id
        """,
        message_ids,
    )
