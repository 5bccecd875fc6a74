"""The live board: the messages as they flow, and who has dealt with each."""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from pdu_portal.board import COLUMNS, Row
from pdu_portal.desk import AtDesk, Desk

router = APIRouter(include_in_schema=False)

ON_LIVE = 30
STEP_SECONDS = 0.3
QUIET_SECONDS = 15


@router.get("/live")
async def live(desk: AtDesk) -> Response:
    """The board alone, as it stands; loading the page again shows the latest."""
    context = {"area": "live", **await watch(desk, count=ON_LIVE)}
    return desk.pages.page("live.html", context)


@router.get("/live/rows")
async def live_rows(
    desk: AtDesk, after: Annotated[int, Query(ge=0)] = 0, booking: UUID | None = None
) -> Response:
    """New and changed rows as server-sent events, for as long as someone watches."""
    stream = _stream(desk, after=after, booking=booking)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


async def watch(desk: Desk, *, count: int, booking: UUID | None = None) -> dict[str, Any]:
    """What the board's templates need."""
    async with asyncio.TaskGroup() as group:
        group.create_task(desk.board.refresh())
        group.create_task(desk.counters.services())
    rows = desk.board.newest(count) if booking is None else desk.board.story(booking)
    return {
        "rows": rows,
        "after": min((row.position for row in rows), default=0) if booking is None else 0,
        "booking": booking,
        "board": desk.board,
        "columns": COLUMNS,
        **await right_now(desk),
    }


async def right_now(desk: Desk) -> dict[str, Any]:
    """The numbers beside the board."""
    services = await desk.counters.services()
    messages, or_more = desk.board.last_hour()
    return {
        "services": services,
        "messages": messages,
        "or_more": or_more,
        "waiting": desk.board.waiting() + sum(s.unpublished for s in services),
        "aside": sum(s.parked for s in services),
    }


async def _stream(desk: Desk, *, after: int, booking: UUID | None) -> AsyncIterator[str]:
    seen, shown, spoke_at = 0, "", monotonic()
    yield "retry: 2000\n\n"
    while not desk.closing():
        await desk.board.refresh()
        for row in _changed(desk, seen, after=after, booking=booking):
            yield _event("row", desk.pages.part("_row.html", {"row": row}))
            spoke_at = monotonic()
        seen = desk.board.version
        numbers = desk.pages.part("_now.html", await right_now(desk))
        if numbers != shown:
            yield _event("now", numbers)
            shown, spoke_at = numbers, monotonic()
        if monotonic() - spoke_at > QUIET_SECONDS:
            yield ": still here\n\n"
            spoke_at = monotonic()
        await asyncio.sleep(STEP_SECONDS)


def _changed(desk: Desk, seen: int, *, after: int, booking: UUID | None) -> list[Row]:
    rows = desk.board.newest(100) if booking is None else desk.board.story(booking)
    fresh = [row for row in rows if row.version > seen and row.position >= after]
    return fresh[::-1]


def _event(name: str, mark_up: str) -> str:
    lines = "".join(f"data: {line}\n" for line in mark_up.splitlines() if line.strip())
    return f"event: {name}\n{lines}\n"
