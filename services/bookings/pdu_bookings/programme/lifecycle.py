"""What becomes of a learning event: booking closes, it is postponed, cancelled, put away."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from pdu_bookings.place.calling_off import call_off
from pdu_bookings.programme.change import Before, By, Hand, keep
from pdu_bookings.programme.editing import lock_for_change
from pdu_bookings.programme.public import LearningEvent
from pdu_bookings.programme.reading import learning_event
from pdu_bookings.programme.rows import lock_learning_events, mark
from pdu_bookings.programme.session_rows import lock_sessions
from pdu_bookings.rules.description import Announced
from pdu_bookings.rules.programme import State
from pdu_shared import outbox
from pdu_shared.contracts.bookings.programme import EventCancelled, EventPostponed
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Store

router = APIRouter(tags=["learning events"])


class Reason(Form):
    """Why a learning event does not take place as announced."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason_code": "speaker_unwell"}]})

    reason_code: Annotated[
        Code, Field(description="speaker_unwell, too_few_bookings, venue, weather …")
    ]


@router.post("/learning-events/{learning_event_id}/cancellation")
async def cancel(learning_event_id: UUID, form: Reason, database: Store, by: By) -> LearningEvent:
    """Cancel a learning event, and every booking with it: everybody is told at once.

    Doing it twice is doing it once. 409 once it has begun, and for a draft, which is archived.
    """
    async with transaction(database) as conn:
        event = await _lock(conn, learning_event_id)
        if event.state is not State.CANCELLED:
            await _cancel(conn, event, form.reason_code, by)
        return await learning_event(conn, learning_event_id, now=by.now)


async def _cancel(conn: Conn, event: Announced, reason_code: str, by: Hand) -> None:
    if event.state in (State.DRAFT, State.ARCHIVED):
        raise Conflict("Nobody was invited to it: archive it.")
    sessions = await lock_sessions(conn, event.learning_event_id)
    if event.state is State.PUBLISHED and sessions[0].starts_at <= by.now:
        raise Conflict("This event has already started.")
    await _decide(conn, event, State.CANCELLED, by, reason_code)
    told = EventCancelled(learning_event_id=event.learning_event_id, reason_code=reason_code)
    await outbox.add(conn, told)
    await call_off(conn, event.learning_event_id, now=by.now)


@router.post("/learning-events/{learning_event_id}/postponement")
async def postpone(learning_event_id: UUID, form: Reason, database: Store, by: By) -> LearningEvent:
    """Postpone a learning event: bookings stay, nobody new can book until it has a new date.

    Give its sessions their new time by `PATCH /sessions/{session_id}`, then publish it again.
    Doing it twice is doing it once.
    """
    async with transaction(database) as conn:
        event = await _lock(conn, learning_event_id)
        if event.state is not State.POSTPONED:
            if event.state is not State.PUBLISHED:
                raise Conflict(f"It is {event.state}: only what is announced can be postponed.")
            if (await lock_sessions(conn, learning_event_id))[0].starts_at <= by.now:
                raise Conflict("This event has already started.")
            await _decide(conn, event, State.POSTPONED, by, form.reason_code)
            told = EventPostponed(learning_event_id=learning_event_id, reason_code=form.reason_code)
            await outbox.add(conn, told)
        return await learning_event(conn, learning_event_id, now=by.now)


@router.post("/learning-events/{learning_event_id}/archiving")
async def archive(learning_event_id: UUID, database: Store, by: By) -> LearningEvent:
    """Put a learning event away: a draft that comes to nothing, or what is over or cancelled."""
    async with transaction(database) as conn:
        event = await _lock(conn, learning_event_id)
        if event.state is not State.ARCHIVED:
            if event.state in (State.PUBLISHED, State.POSTPONED):
                sessions = await lock_sessions(conn, learning_event_id)
                if event.state is State.POSTPONED or sessions[-1].ends_at > by.now:
                    raise Conflict("People are invited to it: cancel it first.")
            await _decide(conn, event, State.ARCHIVED, by)
        return await learning_event(conn, learning_event_id, now=by.now)


@router.put("/learning-events/{learning_event_id}/booking-closed")
async def close_booking(learning_event_id: UUID, database: Store, by: By) -> LearningEvent:
    """Close booking: nobody new books, everything else goes on. Twice is once."""
    return await _close(database, learning_event_id, closed_at=by.now, by=by)


@router.delete("/learning-events/{learning_event_id}/booking-closed")
async def open_booking(learning_event_id: UUID, database: Store, by: By) -> LearningEvent:
    """Open booking again. Twice is once."""
    return await _close(database, learning_event_id, closed_at=None, by=by)


async def _close(
    database: Store, learning_event_id: UUID, *, closed_at: datetime | None, by: Hand
) -> LearningEvent:
    async with transaction(database) as conn:
        event = await lock_for_change(conn, learning_event_id)
        if event.state is State.DRAFT:
            raise Conflict("It is not published yet: nobody can book it.")
        if await _set_closed(conn, learning_event_id, closed_at):
            was = {"booking_closed": closed_at is None}
            before = Before(learning_event_id=learning_event_id, change="booking", was=was)
            await keep(conn, before, by)
        return await learning_event(conn, learning_event_id, now=by.now)


async def _lock(conn: Conn, learning_event_id: UUID) -> Announced:
    found = (await lock_learning_events(conn, [learning_event_id])).get(learning_event_id)
    if found is None:
        raise NotFound
    return found


async def _decide(
    conn: Conn, event: Announced, state: State, by: Hand, reason_code: str | None = None
) -> None:
    await mark(conn, event.learning_event_id, state, reason_code=reason_code)
    before = Before(
        learning_event_id=event.learning_event_id,
        change=state,
        was={"state": event.state},
        reason_code=reason_code,
    )
    await keep(conn, before, by)


async def _set_closed(conn: Conn, learning_event_id: UUID, closed_at: datetime | None) -> bool:
    """Whether this changed anything."""
    changed: bool | None = await conn.fetchval(
        """
        UPDATE learning_event SET booking_closed_at = $2, version = version + 1
         WHERE learning_event_id = $1 AND (booking_closed_at IS NULL) <> ($2::timestamptz IS NULL)
     RETURNING true
        """,
        learning_event_id,
        closed_at,
    )
    return bool(changed)
