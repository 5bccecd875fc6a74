"""Calendars to subscribe to: everything that is on, or a part of it. Nobody signs in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from pdu_bookings.calendar.file import AS_CALENDAR, FOR_ALL, Known, calendar
from pdu_bookings.calendar.meetings import public_meetings
from pdu_bookings.rules.calendar import Meeting, public_entry
from pdu_shared.contracts.message import Code
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Here, Now, Runtime

router = APIRouter(tags=["calendars"])

NAME = "PDU learning events"


@router.get("/calendar.ics", response_class=Response, responses=AS_CALENDAR)
async def all_events(
    runtime: Here,
    now: Now,
    workstream: Annotated[Code | None, Query(description="Only of this work stream")] = None,
    series: Annotated[
        Code | None, Query(description="Only of this series or Community of Practice")
    ] = None,
    known: Known = "",
) -> Response:
    """Every published session of the last 90 days and to come, to subscribe to.

    What was cancelled or postponed stays in it for 90 days, marked as cancelled, so that calendars
    notice. A session keeps its UID for ever.
    """
    async with runtime.database.pool.acquire(timeout=5) as conn:
        meetings = await public_meetings(conn, workstream=workstream, series=series, now=now)
    shown = [public_entry(one, url=event_page(runtime, one), now=now) for one in meetings]
    return await calendar(
        [entry for entry in shown if entry],
        runtime.settings,
        name=": ".join(filter(None, (NAME, workstream, series))),
        known=known,
        keep=FOR_ALL,
    )


@router.get(
    "/learning-events/{learning_event_id}/calendar.ics",
    response_class=Response,
    responses=AS_CALENDAR,
)
async def one_event(
    learning_event_id: UUID, runtime: Here, now: Now, known: Known = ""
) -> Response:
    """The sessions of one published learning event."""
    async with runtime.database.pool.acquire(timeout=5) as conn:
        meetings = await public_meetings(conn, learning_event_id=learning_event_id, now=now)
    shown = [public_entry(one, url=event_page(runtime, one), now=now) for one in meetings]
    entries = [entry for entry in shown if entry]
    if not entries:
        raise NotFound
    return await calendar(
        entries, runtime.settings, name=meetings[0].title, known=known, keep=FOR_ALL
    )


def event_page(runtime: Runtime, meeting: Meeting) -> str:
    """Where people read about a learning event."""
    return f"{runtime.settings.portal_url.rstrip('/')}/events/{meeting.learning_event_id}"
