"""The register of a session: who is expected, and writing down who came."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_bookings.asking import AsAtTheTime
from pdu_bookings.attendance import AS_AT_THE_TIME, Attendee, lock_session, record
from pdu_bookings.category import Categories
from pdu_shared.access import Caller, Role, Who
from pdu_shared.contracts.vocabulary import AttendanceState, PlaceState
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import EmailAddress, Form
from pdu_shared.identity import organisation_id
from pdu_shared.persons import persons_of
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Here, Now, Store

OPENS_BEFORE = timedelta(hours=24)
"""A register that is written earlier than this is surely meant for another session."""

router = APIRouter(tags=["attendance"])


class Expected(BaseModel):
    """One line of the register. The name is gone 28 days after the event."""

    booking_id: UUID
    name: str | None
    place: PlaceState
    state: AttendanceState | None


class Register(BaseModel):
    """Who is expected at a session, and what has been written down so far."""

    session_id: UUID
    expected: list[Expected]


class Entry(Form):
    """What became of somebody who booked."""

    booking_id: UUID
    state: AttendanceState


class WalkIn(AsAtTheTime):
    """Somebody who came without a booking. The address only tells who they are; it is not kept."""

    email: EmailAddress
    state: AttendanceState = AttendanceState.PRESENT


class WriteRegister(Form):
    """What a register says, as much of it as is known."""

    entries: Annotated[tuple[Entry, ...], Field(max_length=500)] = ()
    walk_ins: Annotated[tuple[WalkIn, ...], Field(max_length=100)] = ()


class Written(BaseModel):
    """How many people were written down, corrected, or stood there already."""

    recorded: int
    corrected: int
    unchanged: int


@router.get("/sessions/{session_id}/register")
async def read_register(session_id: UUID, database: Store) -> Register:
    """Who is expected at a session, in the order of their names."""
    async with transaction(database) as conn:
        await lock_session(conn, session_id)
        return Register(session_id=session_id, expected=await _expected(conn, session_id))


@router.put("/sessions/{session_id}/attendance")
async def write_register(
    session_id: UUID, form: WriteRegister, runtime: Here, caller: Who, now: Now
) -> Written:
    """Write down who came: all of it or nothing. Sending it again changes nothing."""
    for walk_in in form.walk_ins:
        await runtime.part(Categories).check(walk_in.said())
    async with transaction(runtime.database) as conn:
        session = await lock_session(conn, session_id)
        if now < session["starts_at"] - OPENS_BEFORE:
            raise Conflict("This session is more than a day away.")
        booked = await _booked(conn, session_id, [entry.booking_id for entry in form.entries])
        _refuse_strangers(form.entries, booked)
        people = await persons_of(conn, runtime.person_key, [one.email for one in form.walk_ins])
        said = [
            *((booked[entry.booking_id], entry.state) for entry in form.entries),
            *(
                (_walked_in(session_id, person_id, walk_in), walk_in.state)
                for person_id, walk_in in zip(people, form.walk_ins, strict=True)
            ),
        ]
        _refuse_repeats([attendee.person_id for attendee, _ in said])
        marks = await record(conn, session, said, role=_role(caller), now=now)
    corrected = sum(mark.recording.supersedes is not None for mark in marks)
    return Written(
        recorded=len(marks) - corrected, corrected=corrected, unchanged=len(said) - len(marks)
    )


def _refuse_strangers(entries: Sequence[Entry], booked: Mapping[UUID, Attendee]) -> None:
    faults = [
        Fault(f"/entries/{place}/booking_id", "unknown-booking", "Nobody booked under this id.")
        for place, entry in enumerate(entries)
        if entry.booking_id not in booked
    ]
    if faults:
        raise Refused(errors=faults)


def _refuse_repeats(people: Sequence[UUID]) -> None:
    if len(people) != len(set(people)):
        raise Refused(errors=[Fault("", "repeated", "Somebody is in this register twice.")])


def _walked_in(session_id: UUID, person_id: UUID, walk_in: WalkIn) -> Attendee:
    organisation = organisation_id(walk_in.organisation) if walk_in.organisation else None
    words = {field: getattr(walk_in, field) for field in AS_AT_THE_TIME[1:]}
    return Attendee(session_id, person_id, None, {"organisation_id": organisation, **words})


def _role(caller: Caller) -> Role:
    return Role.COORDINATOR if caller.has(Role.COORDINATOR) else Role.FACILITATOR_SPEAKER


async def _booked(
    conn: Conn, session_id: UUID, booking_ids: Sequence[UUID]
) -> dict[UUID, Attendee]:
    """Those who booked this session; whoever waited, or had given the place back, walked in."""
    rows = await conn.fetch(
        """
        SELECT booking_id, booking.person_id, place.state, organisation_id, sector, work_field,
               role_level, area
          FROM place JOIN booking USING (booking_id)
         WHERE session_id = $1 AND booking_id = ANY ($2::uuid[])
        """,
        session_id,
        booking_ids,
    )
    return {
        row["booking_id"]: Attendee(
            session_id,
            row["person_id"],
            row["booking_id"] if row["state"] == PlaceState.CONFIRMED else None,
            {field: row[field] for field in AS_AT_THE_TIME},
        )
        for row in rows
    }


async def _expected(conn: Conn, session_id: UUID) -> list[Expected]:
    rows = await conn.fetch(
        """
        SELECT place.booking_id, contact.name, place.state AS place, entry.state
          FROM place
          LEFT JOIN contact USING (booking_id)
          LEFT JOIN attendance USING (session_id, person_id)
          LEFT JOIN attendance_entry AS entry
                 ON entry.attendance_id = attendance.attendance_id
                AND NOT EXISTS (SELECT FROM attendance_entry AS later
                                 WHERE later.supersedes = entry.entry_id)
         WHERE place.session_id = $1 AND place.state <> 'cancelled'
         ORDER BY contact.name, place.booking_id
        """,
        session_id,
    )
    return [Expected(**row) for row in rows]
