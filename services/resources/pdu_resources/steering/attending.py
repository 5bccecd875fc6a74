"""Who was at a meeting of the steering group: with that it was held."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.steering.meeting import Meeting, MeetingState, lock_meeting, one_meeting
from pdu_resources.steering.seat_rows import seats_on
from pdu_resources.versioned.changes import By, note
from pdu_resources.versioned.seen import Version
from pdu_shared import outbox
from pdu_shared.contracts.resources.steering import SteeringMeetingHeld
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["steering group"])

_SeatIds = Annotated[tuple[UUID, ...], Field(max_length=100)]


class WhoCame(Form):
    """Who was there, and who sent word. The others were absent."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"present": ["018f0000-0000-7000-8000-000000000001"], "apologies": []}]
        }
    )

    present: _SeatIds
    apologies: _SeatIds = ()


class Attendances(BaseModel):
    """Who was at a meeting, by seat."""

    present: list[UUID]
    apologies: list[UUID]
    absent: list[UUID]


@router.put("/steering/meetings/{meeting_id}/attendance")
async def record(
    meeting_id: UUID, form: WhoCame, version: Version, database: Store, by: By
) -> Meeting:
    """Write down who came, or put it right. Everybody has to have had a seat on that day.

    409 before the day has come, and of a meeting that was cancelled.
    """
    async with transaction(database) as conn:
        row = await lock_meeting(conn, meeting_id)
        version.check(row["version"])
        if row["state"] == MeetingState.CANCELLED or row["meets_on"] > local_day(by.now):
            raise Conflict("It was cancelled, or its day has not come.")
        seats = [one["seat_id"] for one in await seats_on(conn, row["meets_on"])]
        _refuse_others(form, seats)
        was = await _select(conn, meeting_id, seats)
        await _write(conn, meeting_id, form)
        await conn.execute(
            """
            UPDATE steering_meeting SET state = 'held', version = version + 1, changed_at = $2
             WHERE meeting_id = $1
            """,
            meeting_id,
            by.now,
        )
        if row["state"] == MeetingState.HELD:
            await note(conn, "steering_meeting", meeting_id, was.model_dump(mode="json"), by)
        held = SteeringMeetingHeld(
            meeting_id=meeting_id,
            held_on=row["meets_on"],
            members=len(seats),
            present=len(form.present),
            apologies=len(form.apologies),
        )
        await outbox.add(conn, held)
        found = await one_meeting(conn, meeting_id)
    version.renew(found.version)
    return found


@router.get("/steering/meetings/{meeting_id}/attendance")
async def attendance(meeting_id: UUID, database: Store) -> Attendances:
    """Who was at a meeting, by seat. 404 until it was held."""
    async with database.pool.acquire(timeout=5) as conn:
        meeting = await one_meeting(conn, meeting_id)
        if meeting.state is not MeetingState.HELD:
            raise NotFound
        seats = [one["seat_id"] for one in await seats_on(conn, meeting.meets_on)]
        return await _select(conn, meeting_id, seats)


def _refuse_others(form: WhoCame, seats: list[UUID]) -> None:
    """Refuse whoever had no seat on that day, and whoever is named twice."""
    named: set[UUID] = set()
    faults = []
    for field in ("present", "apologies"):
        for place, seat_id in enumerate(getattr(form, field)):
            pointer = f"/{field}/{place}"
            if seat_id not in seats:
                faults.append(Fault(pointer, "unknown-seat", "Nobody had this seat on that day."))
            elif seat_id in named:
                faults.append(Fault(pointer, "named-twice", "This seat is named already."))
            named.add(seat_id)
    if faults:
        raise Refused(errors=faults)


async def _write(conn: Conn, meeting_id: UUID, form: WhoCame) -> None:
    await conn.execute("DELETE FROM steering_attendance WHERE meeting_id = $1", meeting_id)
    await conn.execute(
        """
        INSERT INTO steering_attendance (meeting_id, seat_id, state)
        SELECT $1::uuid, seat_id, 'present'   FROM unnest($2::uuid[]) AS seat_id
         UNION ALL
        SELECT $1::uuid, seat_id, 'apologies' FROM unnest($3::uuid[]) AS seat_id
        """,
        meeting_id,
        form.present,
        form.apologies,
    )


async def _select(conn: Conn, meeting_id: UUID, seats: list[UUID]) -> Attendances:
    rows = await conn.fetch(
        "SELECT seat_id, state FROM steering_attendance WHERE meeting_id = $1 ORDER BY seat_id",
        meeting_id,
    )
    there = {row["seat_id"]: row["state"] for row in rows}
    return Attendances(
        present=[one for one, state in there.items() if state == "present"],
        apologies=[one for one, state in there.items() if state == "apologies"],
        absent=[one for one in seats if one not in there],
    )
