"""Apologies: somebody tells us by the link of their booking that they cannot come."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.attendance import people
from pdu_bookings.attendance.recording import Said, compare, record
from pdu_bookings.attendance.rows import Recorder
from pdu_bookings.attendance.sitting import lock_sitting
from pdu_bookings.place.seen import Token, booking_behind
from pdu_bookings.rules.attendance import CAME, Entry, Recording, told_us, why_no_apologies
from pdu_shared.access import Role
from pdu_shared.contracts.vocabulary import AttendanceState
from pdu_shared.database import transaction
from pdu_shared.forms import Form
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Here, Now

router = APIRouter(tags=["attendance"])


class SendApologies(Form):
    """Which session somebody cannot come to. Nobody asks why."""

    session_id: UUID

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"session_id": "0194c000-0000-7000-8000-000000000201"}]}
    )


class Noted(BaseModel):
    """What the register says of this person now."""

    session_id: UUID
    state: AttendanceState = Field(description="Somebody may have written them down before")


@router.post("/b/{token}/apologies")
async def send_apologies(token: Token, form: SendApologies, runtime: Here, now: Now) -> Noted:
    """Say that one cannot come, from a day before a session until a day after it.

    Earlier, giving the place back lets somebody else come. Saying it twice is saying it once.
    """
    booking_id = booking_behind(runtime, token)
    async with transaction(runtime.database) as conn:
        attendee = (await people.by_booking(conn, form.session_id, [booking_id])).get(booking_id)
        if attendee is None:
            told = "This booking is not for that session."
            raise Refused(errors=[Fault("/session_id", "unknown-session", told)])
        sitting = await lock_sitting(conn, form.session_id)
        if attendee.booking_id is None:
            raise Conflict("You hold no place there, so nobody will miss you.")
        _refuse_wrong_time(sitting.starts_at, sitting.ends_at, now)
        said = Said(attendee, AttendanceState.ABSENT_APOLOGIES)
        [outcome] = await compare(conn, [said], _decide)
        if outcome.stood and outcome.stood.state in CAME:
            raise Conflict("You are written down as having been there. Please ask those who were.")
        by = Recorder(Role.VISITOR, attendee.person_id)
        await record(conn, sitting, [outcome], by=by, now=now)
    kept = outcome.stood.state if outcome.stood and not outcome.mark else said.state
    return Noted(session_id=form.session_id, state=kept)


def _decide(_: Said, stood: Entry | None) -> Recording | None:
    return told_us(stood)


def _refuse_wrong_time(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if because := why_no_apologies(starts_at, ends_at, now=now):
        raise Conflict(because)
