"""What became of people in sessions: entries that are only added, and the facts they tell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from pdu_bookings.attendance import rows
from pdu_bookings.attendance.certificate_rows import reconsider
from pdu_bookings.attendance.rows import Attendee, Counted, Mark, Recorder
from pdu_bookings.attendance.sitting import Sitting, event_held, mark_held, withdraw_unless_held
from pdu_bookings.rules.attendance import CAME, Entry, Recording
from pdu_bookings.rules.webinar import band_of
from pdu_shared import outbox
from pdu_shared.access import Role
from pdu_shared.contracts.bookings.attendance import AttendanceCorrected, AttendanceRecorded
from pdu_shared.contracts.vocabulary import AttendanceMethod, AttendanceState, CorrectionReason
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7
from pdu_shared.outbox import Promise


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says became of a person."""

    attendee: Attendee
    state: AttendanceState
    counted: Counted | None = None


Decide: TypeAlias = Callable[[Said, Entry | None], Recording | None]
"""What to write down, given what stands; None when that stays."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was said of a person, what stood, and what is written down now, if anything."""

    said: Said
    stood: Entry | None
    mark: Mark | None


async def compare(conn: Conn, said: Sequence[Said], decide: Decide) -> list[Outcome]:
    """What would be written down. Nothing is, yet."""
    standing = await rows.standing(conn, [one.attendee.attendance_id for one in said])
    return [
        _outcome(one, kept.entry if kept else None, decide)
        for one in said
        for kept in [standing.get(one.attendee.attendance_id)]
    ]


async def record(
    conn: Conn, sitting: Sitting, outcomes: Sequence[Outcome], *, by: Recorder, now: datetime
) -> None:
    """Write down what is new about people in a session whose row is locked, and tell it."""
    marks = [one.mark for one in outcomes if one.mark]
    await write_down(conn, {sitting.session_id: sitting}, marks, by=by, now=now)
    if any(_left(one) for one in outcomes):
        await withdraw_unless_held(conn, sitting)


async def write_down(
    conn: Conn,
    sittings: Mapping[UUID, Sitting],
    marks: Sequence[Mark],
    *,
    by: Recorder,
    now: datetime,
) -> None:
    """Add entries, and tell them; with the first person who came, that a session was held.

    Certificates follow.
    """
    if not marks:
        return
    await rows.upsert_attendances(conn, [mark.attendee for mark in marks])
    await rows.insert_entries(conn, marks, by, now)
    await outbox.add(conn, *(_told(sittings[mark.attendee.session_id], mark) for mark in marks))
    came = {mark.attendee.session_id for mark in marks if mark.state in CAME}
    first = [session_id for session_id in came if not sittings[session_id].held]
    if first:
        held = await mark_held(conn, first, now)
        await outbox.add(conn, *(event_held(sittings[session_id]) for session_id in held))
    learning_event_ids = {sitting.learning_event_id for sitting in sittings.values()}
    await reconsider(conn, learning_event_ids, {mark.attendee.person_id for mark in marks}, now)


async def tell_again(conn: Conn, sittings: Iterable[Sitting], *, now: datetime) -> None:
    """Correct what was told of everybody at sessions that were on another day, or another kind."""
    by_id = {sitting.session_id: sitting for sitting in sittings}
    if not by_id:
        return
    marks = [
        Mark(
            uuid7(),
            kept.attendee,
            kept.entry.state,
            Recording(AttendanceMethod.IMPORT, kept.entry.entry_id, CorrectionReason.RECORDS),
        )
        for kept in (await rows.standing_at(conn, list(by_id))).values()
    ]
    await write_down(conn, by_id, marks, by=Recorder(Role.INTEGRATION), now=now)


def _outcome(said: Said, stood: Entry | None, decide: Decide) -> Outcome:
    new = decide(said, stood)
    mark = Mark(uuid7(), said.attendee, said.state, new, said.counted) if new else None
    return Outcome(said, stood, mark)


def _left(outcome: Outcome) -> bool:
    """Whether somebody who was there, as it seemed, was not."""
    if outcome.stood is None or outcome.mark is None:
        return False
    return outcome.stood.state in CAME and outcome.mark.state not in CAME


def _told(sitting: Sitting, mark: Mark) -> Promise:
    attendee, method = mark.attendee, mark.recording.method
    fact: dict[str, Any] = {
        "attendance_id": attendee.attendance_id,
        "session_id": sitting.session_id,
        "learning_event_id": sitting.learning_event_id,
        "event_kind": sitting.kind,
        "person_id": attendee.person_id,
        "state": mark.state,
        "method": method,
        "held_on": sitting.held_on,
        "minutes_band": band_of(mark.counted.minutes) if mark.counted else None,
        **attendee.as_at_the_time,
    }
    if method is AttendanceMethod.IMPORT:
        fact |= {
            "booking_id": attendee.booking_id,
            "booked_on": attendee.booked_on,
            "heard_about": attendee.heard_about,
        }
    happened_at = sitting.starts_at if method is AttendanceMethod.IMPORT else None
    if mark.recording.supersedes is None:
        return Promise(AttendanceRecorded(**fact), happened_at=happened_at)
    corrected = AttendanceCorrected(
        **fact, supersedes=mark.recording.supersedes, reason_code=mark.recording.reason
    )
    return Promise(corrected, happened_at=happened_at)
