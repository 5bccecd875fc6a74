"""The report of a webinar tool: who was there online, and for how long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from pdu_bookings.attendance import door, people
from pdu_bookings.attendance.recording import Outcome, Said, compare, record
from pdu_bookings.attendance.rows import Attendee, Counted
from pdu_bookings.attendance.sitting import Sitting, lock_sitting
from pdu_bookings.rules.attendance import CAME, Entry, Recording, reported, was_by_hand
from pdu_bookings.rules.webinar import RULE, Stay, minutes_of, state_of
from pdu_bookings.rules.webinar_file import Row, UnreadableError, read
from pdu_shared.access import caller
from pdu_shared.contracts.vocabulary import AttendanceState
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.guard import Bodies
from pdu_shared.identity import canonical_address
from pdu_shared.persons import persons_of
from pdu_shared.problems import Conflict, Fault, Refused, TooLarge
from pdu_shared.runtime import Here, Now, Runtime

CSV = "text/csv"
UPLOAD = Bodies(frozenset({CSV}), 1024 * 1024)
MOST_ROWS = 5000
EXAMPLE = (
    "Name,Email,Join time,Leave time\nMarian,marian@example.org,2027-01-14 13:02,2027-01-14 16:00\n"
)

_DESCRIBED: dict[str, Any] = {
    "requestBody": {
        "description": "The file as the tool gives it: UTF-8 or UTF-16, with commas, semicolons or "
        "tabs; a column for the address, and join and leave times or minutes",
        "content": {CSV: {"schema": {"type": "string"}, "example": EXAMPLE}},
    }
}

router = APIRouter(tags=["attendance"])


class How(Form):
    """How a report is taken."""

    dry_run: bool = Field(default=False, description="Say what would change, and change nothing")
    walk_ins: bool = Field(default=False, description="Whoever did not book walked in")
    zone: str | None = Field(
        None,
        description="Of times without an offset, such as Europe/Paris; else the session's own",
    )


class Change(BaseModel):
    """What the report changes of one person."""

    attendance_id: UUID
    booking_id: UUID | None
    lines: list[int] = Field(description="Of the file, counted from 1")
    minutes: int
    before: AttendanceState | None
    after: AttendanceState


class Reported(BaseModel):
    """What a report says, and what of it is new. It names nobody."""

    session_id: UUID
    dry_run: bool
    rule: str = Field(description="The version of the rule that judges minutes")
    changes: list[Change]
    unchanged: int
    written_by_hand: int = Field(description="Says something else, and stays as it is")
    unmatched: list[int] = Field(description="Lines of people that nobody knows here")


@dataclass(frozen=True, slots=True)
class _Guest:
    """A person in a report, on however many lines."""

    attendee: Attendee
    lines: list[int]
    minutes: int


@router.post("/sessions/{session_id}/webinar-report", openapi_extra=_DESCRIBED)
async def take_report(
    session_id: UUID,
    request: Request,
    how: Annotated[How, Query()],
    runtime: Here,
    now: Now,
) -> Reported:
    """Write down who was there online. Taking the same report again changes nothing.

    What somebody wrote by hand stays. Whoever is not in the report is absent once the register is
    closed, and not before: they may have been in the room.
    """
    async with transaction(runtime.database) as conn:
        sitting = await lock_sitting(conn, session_id)
        by = await door.recorder(conn, await caller(request), sitting, now=now)
        if now < sitting.starts_at:
            raise Conflict("This session has not started, so nobody can have been there.")
        rows = _rows(await request.body(), sitting, how.zone or sitting.tz)
        guests = await _guests(conn, runtime, sitting, rows, walk_ins=how.walk_ins)
        outcomes = await compare(conn, [_said(one, sitting) for one in guests], _decide)
        if not how.dry_run:
            await record(conn, sitting, outcomes, by=by, now=now)
    known = {line for guest in guests for line in guest.lines}
    return Reported(
        session_id=session_id,
        dry_run=how.dry_run,
        rule=RULE,
        changes=[
            _change(guest, outcome)
            for guest, outcome in zip(guests, outcomes, strict=True)
            if outcome.mark
        ],
        unchanged=sum(one.mark is None and not _by_hand(one) for one in outcomes),
        written_by_hand=sum(_by_hand(one) for one in outcomes),
        unmatched=[row.line for row in rows if row.line not in known],
    )


def _rows(body: bytes, sitting: Sitting, zone: str) -> list[Row]:
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        raise Refused(errors=[Fault("/query/zone", "unknown-zone", "No such zone.")]) from None
    try:
        rows = read(body, near=sitting.starts_at, zone=zone)
    except UnreadableError as error:
        pointer = f"/{error.line}/{error.column}" if error.column else f"/{error.line}"
        raise Refused(errors=[Fault(pointer, error.code, error.detail)]) from None
    if len(rows) > MOST_ROWS:
        raise TooLarge(f"Send at most {MOST_ROWS} lines at once.")
    return rows


async def _guests(
    conn: Conn, runtime: Runtime, sitting: Sitting, rows: Sequence[Row], *, walk_ins: bool
) -> list[_Guest]:
    by_address: dict[str, list[Row]] = {}
    for row in rows:
        if address := _address(row.email):
            by_address.setdefault(address, []).append(row)
    persons = await persons_of(conn, runtime.person_key, list(by_address))
    by_person = dict(zip(persons, by_address.values(), strict=True))
    known: Mapping[UUID, Attendee] = await people.by_person(conn, sitting.session_id, persons)
    strangers = [person_id for person_id in persons if person_id not in known]
    if walk_ins and strangers:
        known = {**await people.as_elsewhere(conn, sitting.session_id, strangers), **known}
    guests = [
        _Guest(known[person_id], [row.line for row in theirs], _minutes(theirs, sitting))
        for person_id, theirs in by_person.items()
        if person_id in known
    ]
    # Nobody misses somebody who had no place.
    return [one for one in guests if one.attendee.booking_id or _state(one, sitting) in CAME]


def _address(email: str) -> str | None:
    try:
        return canonical_address(email)
    except ValueError:
        return None


def _minutes(rows: Sequence[Row], sitting: Sitting) -> int:
    stays: list[Stay] = [row.stay for row in rows]
    return minutes_of(stays, sitting.starts_at, sitting.ends_at)


def _state(guest: _Guest, sitting: Sitting) -> AttendanceState:
    return state_of(guest.minutes, sitting.ends_at - sitting.starts_at)


def _said(guest: _Guest, sitting: Sitting) -> Said:
    return Said(guest.attendee, _state(guest, sitting), Counted(guest.minutes, RULE))


def _decide(said: Said, stood: Entry | None) -> Recording | None:
    return reported(said.state, stood)


def _by_hand(outcome: Outcome) -> bool:
    stood = outcome.stood
    return bool(stood and stood.state != outcome.said.state and was_by_hand(stood))


def _change(guest: _Guest, outcome: Outcome) -> Change:
    return Change(
        attendance_id=guest.attendee.attendance_id,
        booking_id=guest.attendee.booking_id,
        lines=guest.lines,
        minutes=guest.minutes,
        before=outcome.stood.state if outcome.stood else None,
        after=outcome.said.state,
    )
