"""Records of the past: files of rows, taken by their owner's use cases and told as history.

A row is a line of NDJSON, a JSON object with the columns of the file. What a file gives is told
under routing keys of its own, so nobody who writes to people hears of it.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from pdu_shared import outbox
from pdu_shared.access import Permission, Role, allow
from pdu_shared.batches import close_batch, note_part
from pdu_shared.bus import Thread, continuing
from pdu_shared.database import Conn, transaction
from pdu_shared.guard import Bodies
from pdu_shared.outbox import Tally
from pdu_shared.problems import Problem, TooLarge, Unavailable
from pdu_shared.rows import BadRow, RowT, bad_rows, read
from pdu_shared.runtime import Here, Runtime

NDJSON = "application/x-ndjson"
MOST_ROWS = 1000
LARGEST = 1024 * 1024
DEFECT = 500

BatchId = Annotated[UUID, Query(description="Your own name for this import of this file")]


@dataclass(frozen=True, slots=True)
class History(Generic[RowT]):
    """A file of records: its rows, and the use case that takes them.

    `take` upserts by the natural keys of the rows, promises what it changed, and says how many
    rows that were. It raises a Problem when one of its rows is wrong: then all of them are undone,
    and taken again in smaller parts.
    """

    file: str
    row: type[RowT]
    take: Callable[[Conn, Sequence[RowT], Runtime], Awaitable[int]]


class Taken(BaseModel):
    """How many rows came, how many of them changed something, and which are wrong."""

    rows: int
    changed: int
    problems: list[BadRow]


class Completed(BaseModel):
    """How many rows a batch had, and how many messages it gave."""

    rows: int
    messages: int


def router_of(histories: Sequence[History[Any]]) -> APIRouter:
    """The routes by which records come in: for each file one for its rows and one for its end."""
    router = APIRouter(tags=["imports"])
    for history in histories:
        path = f"/imports/{history.file}"
        router.add_api_route(
            path,
            _rows_of(history),
            methods=["POST"],
            response_model=Taken,
            name=f"import_{history.file}",
            description=f"Take up to {MOST_ROWS} rows. Rows that are there already change nothing.",
            openapi_extra=_described(history),
        )
        router.add_api_route(
            f"{path}/completion",
            _end_of(history),
            methods=["POST"],
            response_model=Completed,
            name=f"complete_{history.file}",
            description="Say that all rows of this batch have been sent. May be repeated.",
        )
    return router


def access_to(histories: Sequence[History[Any]]) -> dict[str, Permission]:
    """Who may import."""
    importer = allow(Role.INTEGRATION, Role.COORDINATOR, scope="import")
    return {
        f"POST /imports/{history.file}{ending}": importer
        for history in histories
        for ending in ("", "/completion")
    }


def uploads_of(histories: Sequence[History[Any]]) -> dict[str, Bodies]:
    """What the bodies of imports may be, by path."""
    return {
        f"/imports/{history.file}": Bodies(frozenset({NDJSON}), LARGEST) for history in histories
    }


def _described(history: History[Any]) -> dict[str, Any]:
    columns = ", ".join(history.row.model_fields)
    told = f"Lines of JSON, each an object of text with the columns {columns}"
    return {
        "requestBody": {
            "description": told,
            "content": {NDJSON: {"schema": {"type": "string", "maxLength": LARGEST}}},
        }
    }


def _rows_of(history: History[Any]) -> Callable[..., Awaitable[Taken]]:
    async def rows(request: Request, batch_id: BatchId, here: Here) -> Taken:
        return await take(here, history, batch_id, await request.body())

    return rows


def _end_of(history: History[Any]) -> Callable[..., Awaitable[Completed]]:
    async def end(batch_id: BatchId, here: Here) -> Completed:
        with continuing(Thread(batch_id, origin="import")):
            async with transaction(here.database) as conn:
                rows, messages = await close_batch(
                    conn, batch_id, service=here.service, file=history.file
                )
        return Completed(rows=rows, messages=messages)

    return end


async def take(here: Runtime, history: History[RowT], batch_id: UUID, body: bytes) -> Taken:
    """Take the rows of a request in one transaction, all but those that are wrong.

    Raises TooLarge for more than 1,000 lines, and Conflict when the batch is of another file.
    """
    lines = body.removesuffix(b"\n").split(b"\n") if body else []
    if len(lines) > MOST_ROWS:
        raise TooLarge(f"Send at most {MOST_ROWS} lines at once.")
    rows, wrong = read(history.row, lines)
    with continuing(Thread(batch_id, origin="import")), outbox.counting() as told:
        async with transaction(here.database) as conn:
            attempt = _Attempt(conn, history, here, told)
            changed = await attempt.take(rows)
            await note_part(
                conn,
                batch_id,
                file=history.file,
                body=body,
                counted=(len(lines), told.messages),
            )
    wrong.extend(attempt.wrong)
    return Taken(rows=len(lines), changed=changed, problems=sorted(wrong, key=lambda one: one.line))


class _Attempt(Generic[RowT]):
    """Taking rows: all at once, and where some are wrong, in halves until those are alone."""

    def __init__(self, conn: Conn, history: History[RowT], here: Runtime, told: Tally) -> None:
        self._conn, self._history, self._here, self._told = conn, history, here, told
        self.wrong: list[BadRow] = []

    async def take(self, rows: Sequence[tuple[int, RowT]]) -> int:
        """How many rows changed something."""
        if not rows:
            return 0
        before = self._told.messages
        try:
            async with self._conn.transaction():
                return await self._history.take(self._conn, [row for _, row in rows], self._here)
        except Problem as problem:
            if problem.status >= DEFECT:
                raise
            self._told.messages = before
            if len(rows) == 1:
                self.wrong += bad_rows(rows[0][0], problem)
                return 0
        except asyncpg.UniqueViolationError:
            # Another request writes the same at this moment; sent again this one is an update.
            raise Unavailable from None
        half = len(rows) // 2
        return await self.take(rows[:half]) + await self.take(rows[half:])
