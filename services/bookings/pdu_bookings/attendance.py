"""What became of people in a session: entries that are only added, and the facts they tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from pdu_bookings.rules.attendance import CAME, Entry, Recording, recording
from pdu_bookings.rules.local_time import local_day
from pdu_shared import outbox
from pdu_shared.access import Role
from pdu_shared.contracts.bookings import AttendanceCorrected, AttendanceRecorded, EventHeld
from pdu_shared.contracts.vocabulary import AttendanceState
from pdu_shared.database import Conn
from pdu_shared.identity import derived_id, uuid7
from pdu_shared.problems import NotFound

AS_AT_THE_TIME = ("organisation_id", "sector", "work_field", "role_level", "area")


@dataclass(frozen=True, slots=True)
class Attendee:
    """A person at a session, as they were at the time. Without a booking they walked in."""

    session_id: UUID
    person_id: UUID
    booking_id: UUID | None
    as_at_the_time: dict[str, Any]

    @property
    def attendance_id(self) -> UUID:
        """One person at one session: the same whoever writes it down."""
        return derived_id("attendance", self.session_id, self.person_id)


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry to write down."""

    entry_id: UUID
    attendee: Attendee
    state: AttendanceState
    recording: Recording


async def record(
    conn: Conn,
    session: asyncpg.Record,
    said: Sequence[tuple[Attendee, AttendanceState]],
    *,
    role: Role,
    now: datetime,
) -> list[Mark]:
    """Write down what is new about people in a session whose row is locked, and tell it."""
    standing = await _standing(conn, [attendee.attendance_id for attendee, _ in said])
    marks = [
        Mark(uuid7(), attendee, state, new)
        for attendee, state in said
        if (
            new := recording(
                state,
                standing.get(attendee.attendance_id),
                walk_in=attendee.booking_id is None,
            )
        )
    ]
    await _insert_attendances(conn, [mark.attendee for mark in marks])
    await _insert_entries(conn, marks, role, now)
    await outbox.add(conn, *(_told(session, mark) for mark in marks))
    if session["held_at"] is None and any(mark.state in CAME for mark in marks):
        await conn.execute(
            "UPDATE session SET held_at = $2 WHERE session_id = $1", session["session_id"], now
        )
        await outbox.add(conn, _held(session))
    return marks


async def lock_session(conn: Conn, session_id: UUID) -> asyncpg.Record:
    """The session of a published event, so that one register is written at a time."""
    row = await conn.fetchrow(
        """
        SELECT session_id, learning_event_id, kind, starts_at, tz, held_at
          FROM session JOIN learning_event USING (learning_event_id)
         WHERE session_id = $1 AND state = 'published'
           FOR UPDATE OF session
        """,
        session_id,
    )
    if row is None:
        raise NotFound
    return row


def _told(session: asyncpg.Record, mark: Mark) -> AttendanceRecorded | AttendanceCorrected:
    fact = {
        "attendance_id": mark.attendee.attendance_id,
        "session_id": session["session_id"],
        "learning_event_id": session["learning_event_id"],
        "event_kind": session["kind"],
        "person_id": mark.attendee.person_id,
        "state": mark.state,
        "method": mark.recording.method,
        "held_on": local_day(session["starts_at"], session["tz"]),
        **mark.attendee.as_at_the_time,
    }
    if mark.recording.supersedes is None:
        return AttendanceRecorded(**fact)
    return AttendanceCorrected(**fact, supersedes=mark.recording.supersedes)


def _held(session: asyncpg.Record) -> EventHeld:
    return EventHeld(
        session_id=session["session_id"],
        learning_event_id=session["learning_event_id"],
        held_on=local_day(session["starts_at"], session["tz"]),
    )


async def _standing(conn: Conn, attendance_ids: Sequence[UUID]) -> dict[UUID, Entry]:
    """The entry that no other supersedes, by attendance."""
    rows = await conn.fetch(
        """
        SELECT entry.attendance_id, entry.entry_id, entry.state
          FROM attendance_entry AS entry
          LEFT JOIN attendance_entry AS later ON later.supersedes = entry.entry_id
         WHERE entry.attendance_id = ANY ($1::uuid[]) AND later.entry_id IS NULL
        """,
        attendance_ids,
    )
    return {
        row["attendance_id"]: Entry(row["entry_id"], AttendanceState(row["state"])) for row in rows
    }


async def _insert_attendances(conn: Conn, attendees: Sequence[Attendee]) -> None:
    await conn.executemany(
        """
        INSERT INTO attendance (attendance_id, session_id, person_id, booking_id, organisation_id,
                                sector, work_field, role_level, area)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (attendance_id) DO NOTHING
        """,
        [
            (
                one.attendance_id,
                one.session_id,
                one.person_id,
                one.booking_id,
                *(one.as_at_the_time[field] for field in AS_AT_THE_TIME),
            )
            for one in attendees
        ],
    )


async def _insert_entries(conn: Conn, marks: Sequence[Mark], role: Role, now: datetime) -> None:
    await conn.executemany(
        """
        INSERT INTO attendance_entry (entry_id, attendance_id, state, method, recorded_by_role,
                                      recorded_at, supersedes)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        [
            (
                mark.entry_id,
                mark.attendee.attendance_id,
                mark.state,
                mark.recording.method,
                role,
                now,
                mark.recording.supersedes,
            )
            for mark in marks
        ],
    )
