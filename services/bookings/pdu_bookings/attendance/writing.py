"""Writing the register of a session: who came, who did not, and who came without a booking."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from pdu_bookings.attendance import door, people, rows
from pdu_bookings.attendance.recording import Said, compare, record
from pdu_bookings.attendance.rows import AS_AT_THE_TIME, Attendee
from pdu_bookings.attendance.sitting import lock_sitting
from pdu_bookings.category import Categories
from pdu_bookings.place.asking import AsAtTheTime
from pdu_bookings.rules import attendance as rules
from pdu_shared.access import Who
from pdu_shared.contracts.vocabulary import AttendanceState, CorrectionReason
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import EmailAddress, Form
from pdu_shared.identity import addressless_person_id, organisation_id
from pdu_shared.persons import persons_of
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import Here, Now, Runtime

EXAMPLE: JsonDict = {
    "entries": [
        {"booking_id": "0194c000-0000-7000-8000-000000000301", "state": "present"},
        {"booking_id": "0194c000-0000-7000-8000-000000000302", "state": "absent_apologies"},
    ],
    "addressless_walk_ins": [
        {
            "walk_in_id": "7c9b1f0a-55d8-4c3e-9f50-6f1f0d7a2b11",
            "sector": "voluntary",
            "work_field": "housing_homelessness",
            "role_level": "volunteer",
            "area": "nottingham_city",
        }
    ],
}

router = APIRouter(tags=["attendance"])


class Entry(Form):
    """What became of somebody who booked."""

    booking_id: UUID
    state: AttendanceState


class Line(Form):
    """What became of somebody who is in the register already, whether they booked or not."""

    attendance_id: UUID
    state: AttendanceState


class _WalkIn(AsAtTheTime):
    state: AttendanceState = AttendanceState.PRESENT


class WalkIn(_WalkIn):
    """Somebody who came without a booking. The address only tells who they are; it is not kept."""

    email: EmailAddress


class AddresslessWalkIn(_WalkIn):
    """Somebody who came without a booking and gives no address."""

    walk_in_id: UUID = Field(
        description="Your own id for this person: the same one in another session, or sent again"
    )


class WriteRegister(Form):
    """What a register says, as much of it as is known."""

    entries: Annotated[tuple[Entry, ...], Field(max_length=500)] = ()
    lines: Annotated[tuple[Line, ...], Field(max_length=500)] = ()
    walk_ins: Annotated[tuple[WalkIn, ...], Field(max_length=100)] = ()
    addressless_walk_ins: Annotated[tuple[AddresslessWalkIn, ...], Field(max_length=100)] = ()
    reason_code: CorrectionReason = Field(
        CorrectionReason.MISTAKE, description="Why what was written down before is put right"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})


class Written(BaseModel):
    """How many people were written down, corrected, or stood there already."""

    recorded: int
    corrected: int
    unchanged: int


@router.put("/sessions/{session_id}/attendance")
async def write_register(
    session_id: UUID, form: WriteRegister, runtime: Here, caller: Who, now: Now
) -> Written:
    """Write down who came: all of it or nothing. Sending it again changes nothing."""
    for walk_in in (*form.walk_ins, *form.addressless_walk_ins):
        await runtime.part(Categories).check(walk_in.said())
    async with transaction(runtime.database) as conn:
        sitting = await lock_sitting(conn, session_id)
        by = await door.recorder(conn, caller, sitting, now=now)
        said = [
            *await _said_of_booked(conn, session_id, form.entries),
            *await _said_of_lines(conn, session_id, form.lines),
            *await _said_of_walk_ins(conn, runtime, session_id, form),
        ]
        _refuse_repeats([one.attendee.person_id for one in said])
        outcomes = await compare(conn, said, partial(_decide, reason=form.reason_code))
        await record(conn, sitting, outcomes, by=by, now=now)
    marks = [one.mark for one in outcomes if one.mark]
    corrected = sum(mark.recording.supersedes is not None for mark in marks)
    return Written(
        recorded=len(marks) - corrected, corrected=corrected, unchanged=len(said) - len(marks)
    )


def _decide(
    said: Said, stood: rules.Entry | None, *, reason: CorrectionReason
) -> rules.Recording | None:
    walk_in = said.attendee.booking_id is None
    return rules.recording(said.state, stood, walk_in=walk_in, reason=reason)


async def _said_of_booked(conn: Conn, session_id: UUID, entries: Sequence[Entry]) -> list[Said]:
    known = await people.by_booking(conn, session_id, [one.booking_id for one in entries])
    _refuse_strangers("entries", "booking_id", [one.booking_id in known for one in entries])
    return [Said(known[one.booking_id], one.state) for one in entries]


async def _said_of_lines(conn: Conn, session_id: UUID, lines: Sequence[Line]) -> list[Said]:
    known = await rows.standing(conn, [one.attendance_id for one in lines])
    here = [
        one.attendance_id in known and known[one.attendance_id].attendee.session_id == session_id
        for one in lines
    ]
    _refuse_strangers("lines", "attendance_id", here)
    return [Said(known[one.attendance_id].attendee, one.state) for one in lines]


async def _said_of_walk_ins(
    conn: Conn, runtime: Runtime, session_id: UUID, form: WriteRegister
) -> list[Said]:
    key = runtime.person_key
    persons = [
        *await persons_of(conn, key, [one.email for one in form.walk_ins]),
        *(
            addressless_person_id(key, "walk-in", str(one.walk_in_id))
            for one in form.addressless_walk_ins
        ),
    ]
    walk_ins: list[_WalkIn] = [*form.walk_ins, *form.addressless_walk_ins]
    return [
        Said(_walked_in(session_id, person_id, one), one.state)
        for person_id, one in zip(persons, walk_ins, strict=True)
    ]


def _walked_in(session_id: UUID, person_id: UUID, walk_in: _WalkIn) -> Attendee:
    organisation = organisation_id(walk_in.organisation) if walk_in.organisation else None
    words = {field: getattr(walk_in, field) for field in AS_AT_THE_TIME[1:]}
    return Attendee(session_id, person_id, None, {"organisation_id": organisation, **words})


def _refuse_strangers(part: str, field: str, known: Sequence[bool]) -> None:
    faults = [
        Fault(f"/{part}/{place}/{field}", "unknown", "Nobody in this session has this id.")
        for place, is_known in enumerate(known)
        if not is_known
    ]
    if faults:
        raise Refused(errors=faults)


def _refuse_repeats(persons: Collection[UUID]) -> None:
    if len(persons) != len(set(persons)):
        raise Refused(errors=[Fault("", "repeated", "Somebody is in this register twice.")])
