"""Checking oneself in: the link of a booking says who, the code on the wall that they are here."""

import hmac
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from pdu_bookings.attendance import people
from pdu_bookings.attendance.check_in_code import LETTERS, code_of
from pdu_bookings.attendance.recording import Said, compare, record
from pdu_bookings.attendance.rows import Recorder
from pdu_bookings.attendance.sitting import lock_sitting
from pdu_bookings.place.seen import Token, booking_behind
from pdu_bookings.rules.attendance import CHECK_IN_OPENS, Entry, Recording, checked_in
from pdu_shared.access import Role
from pdu_shared.contracts.vocabulary import AttendanceState
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.problems import Fault, NotFound, Refused
from pdu_shared.runtime import Here, Now, Runtime

MOST_MISSES = 5

router = APIRouter(tags=["attendance"])


def _as_on_the_wall(given: object) -> object:
    return given.replace(" ", "").replace("-", "").upper() if isinstance(given, str) else given


Code = Annotated[
    str, StringConstraints(pattern=rf"^[{LETTERS}]{{6}}$"), BeforeValidator(_as_on_the_wall)
]


class CheckIn(Form):
    """The code that is shown where the session is."""

    code: Code

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "K7QX3M"}]})


class CheckedIn(BaseModel):
    """What the register says of this person now."""

    session_id: UUID
    state: AttendanceState


@router.post("/b/{token}/check-in")
async def check_in(token: Token, form: CheckIn, runtime: Here, now: Now) -> CheckedIn:
    """Say that one is here. Doing it twice is doing it once.

    A code that does not fit, comes at the wrong time, or comes after five wrong ones has one and
    the same answer.
    """
    booking_id = booking_behind(runtime, token)
    async with transaction(runtime.database) as conn:
        misses = await _lock_misses(conn, booking_id)
        open_now = await _open_now(conn, booking_id, now)
        session_id = None
        if misses < MOST_MISSES:
            session_id = await _meant(conn, runtime, open_now, form.code)
        if session_id:
            await _set_misses(conn, booking_id, 0)
            return await _record(conn, session_id, booking_id, now)
        if open_now:  # whoever comes too early has guessed nothing
            await _set_misses(conn, booking_id, min(misses + 1, MOST_MISSES))
    told = "This code opens nothing at the moment. If it stays so, please ask at the door."
    raise Refused(errors=[Fault("/code", "wrong-code", told)])


async def _record(conn: Conn, session_id: UUID, booking_id: UUID, now: datetime) -> CheckedIn:
    sitting = await lock_sitting(conn, session_id)
    attendee = (await people.by_booking(conn, session_id, [booking_id]))[booking_id]
    said = Said(attendee, AttendanceState.PRESENT)
    [outcome] = await compare(conn, [said], _decide)
    by = Recorder(Role.VISITOR, attendee.person_id)
    await record(conn, sitting, [outcome], by=by, now=now)
    kept = outcome.stood.state if outcome.stood and not outcome.mark else said.state
    return CheckedIn(session_id=session_id, state=kept)


def _decide(_: Said, stood: Entry | None) -> Recording | None:
    return checked_in(stood)


async def _meant(conn: Conn, runtime: Runtime, session_ids: list[UUID], code: str) -> UUID | None:
    """Which of these sessions has this code."""
    for session_id in session_ids:
        if hmac.compare_digest(await code_of(conn, runtime, session_id), code):
            return session_id
    return None


async def _open_now(conn: Conn, booking_id: UUID, now: datetime) -> list[UUID]:
    """The sessions of this booking that are on: there may be several beside each other."""
    rows = await conn.fetch(
        """
        SELECT session_id
          FROM place
          JOIN session USING (session_id)
          JOIN learning_event AS event USING (learning_event_id)
         WHERE booking_id = $1 AND event.state = 'published'
           AND $2 BETWEEN starts_at - $3::interval AND ends_at
         ORDER BY session_id
        """,
        booking_id,
        now,
        CHECK_IN_OPENS,
    )
    return [row["session_id"] for row in rows]


async def _lock_misses(conn: Conn, booking_id: UUID) -> int:
    """How often a wrong code came, locked: many tries at once are many tries."""
    await conn.execute(
        """
        INSERT INTO check_in_miss (booking_id, misses)
        SELECT booking_id, 0 FROM booking WHERE booking_id = $1
            ON CONFLICT DO NOTHING
        """,
        booking_id,
    )
    misses: int | None = await conn.fetchval(
        "SELECT misses FROM check_in_miss WHERE booking_id = $1 FOR UPDATE", booking_id
    )
    if misses is None:
        raise NotFound
    return misses


async def _set_misses(conn: Conn, booking_id: UUID, misses: int) -> None:
    await conn.execute(
        "UPDATE check_in_miss SET misses = $2 WHERE booking_id = $1", booking_id, misses
    )
