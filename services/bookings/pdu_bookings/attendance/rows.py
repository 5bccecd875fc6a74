"""Attendances as rows: what stands of people in sessions, and what is added to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Self
from uuid import UUID

import asyncpg

from pdu_bookings.rules.attendance import Entry, Recording
from pdu_shared.access import Caller, Role
from pdu_shared.contracts.vocabulary import AttendanceMethod, AttendanceState
from pdu_shared.database import Conn
from pdu_shared.identity import derived_id
from pdu_shared.local_time import local_day

AS_AT_THE_TIME = ("organisation_id", "sector", "work_field", "role_level", "area")


@lru_cache(maxsize=4096)
def attendance_id_of(session_id: UUID, person_id: UUID) -> UUID:
    """One person at one session: the same whoever writes it down."""
    return derived_id("attendance", session_id, person_id)


@dataclass(frozen=True, slots=True)
class Attendee:
    """A person at a session, as they were at the time. Without a booking they walked in."""

    session_id: UUID
    person_id: UUID
    booking_id: UUID | None
    as_at_the_time: dict[str, Any]
    booked_on: date | None = None
    heard_about: str | None = None

    @property
    def attendance_id(self) -> UUID:
        """Where they are written down."""
        return attendance_id_of(self.session_id, self.person_id)


@dataclass(frozen=True, slots=True)
class Recorder:
    """Who writes something down: in which role, and which person, unless it is a machine."""

    role: Role
    person_id: UUID | None = None

    @classmethod
    def of(cls, caller: Caller) -> Self:
        """Whoever is at the door, in the first of their roles."""
        at_the_door = (Role.COORDINATOR, Role.FACILITATOR_SPEAKER, Role.COP_CONVENOR)
        return cls(next(role for role in at_the_door if caller.has(role)), caller.sub)


@dataclass(frozen=True, slots=True)
class Counted:
    """For how many minutes a webinar tool saw somebody, and the rule by which they are judged."""

    minutes: int
    rule: str


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry to write down."""

    entry_id: UUID
    attendee: Attendee
    state: AttendanceState
    recording: Recording
    counted: Counted | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Who was written down, the entry that no other supersedes, and what was imported last."""

    attendee: Attendee
    entry: Entry
    imported: AttendanceState | None


async def standing(conn: Conn, attendance_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """What stands, by attendance."""
    # Each of the limits keeps PostgreSQL from reading whole tables for a few people: it does not
    # know how many of the ids it will find.
    rows = await conn.fetch(
        """
        SELECT attendance_id, session_id, person_id, booking_id, organisation_id, sector,
               work_field, role_level, area, booked_at, heard_about, entry_id, state, method,
               (SELECT said.state
                  FROM attendance_entry AS said
                 WHERE said.attendance_id = attendance.attendance_id AND said.method = 'import'
                 ORDER BY said.recorded_at DESC, said.entry_id DESC
                 LIMIT 1) AS imported
          FROM attendance
         CROSS JOIN LATERAL (SELECT entry_id, state, method
                               FROM attendance_entry AS entry
                              WHERE entry.attendance_id = attendance.attendance_id
                                AND NOT EXISTS (SELECT FROM attendance_entry AS later
                                                 WHERE later.supersedes = entry.entry_id)
                              LIMIT 1) AS entry
          LEFT JOIN LATERAL (SELECT booked_at, heard_about
                               FROM booking
                              WHERE booking.booking_id = attendance.booking_id
                              LIMIT 1) AS booking ON true
         WHERE attendance_id = ANY ($1::uuid[])
        """,
        attendance_ids,
    )
    return {row["attendance_id"]: _standing(row) for row in rows}


async def standing_at(conn: Conn, session_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """What stands of everybody at these sessions, by attendance."""
    rows = await conn.fetch(
        "SELECT attendance_id FROM attendance WHERE session_id = ANY ($1::uuid[])", session_ids
    )
    return await standing(conn, [row["attendance_id"] for row in rows])


def _standing(row: asyncpg.Record) -> Standing:
    attendee = Attendee(
        row["session_id"],
        row["person_id"],
        row["booking_id"],
        {field: row[field] for field in AS_AT_THE_TIME},
        local_day(row["booked_at"]) if row["booked_at"] else None,
        row["heard_about"],
    )
    return Standing(
        attendee,
        Entry(row["entry_id"], AttendanceState(row["state"]), AttendanceMethod(row["method"])),
        AttendanceState(row["imported"]) if row["imported"] else None,
    )


async def upsert_attendances(conn: Conn, attendees: Sequence[Attendee]) -> None:
    """Write people down as they were at the time."""
    await conn.execute(
        """
        INSERT INTO attendance (attendance_id, session_id, person_id, booking_id, organisation_id,
                                sector, work_field, role_level, area)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[],
                             $6::text[], $7::text[], $8::text[], $9::text[])
            ON CONFLICT (attendance_id) DO UPDATE
           SET booking_id = excluded.booking_id, organisation_id = excluded.organisation_id,
               sector = excluded.sector, work_field = excluded.work_field,
               role_level = excluded.role_level, area = excluded.area
        """,
        [one.attendance_id for one in attendees],
        [one.session_id for one in attendees],
        [one.person_id for one in attendees],
        [one.booking_id for one in attendees],
        *([one.as_at_the_time[field] for one in attendees] for field in AS_AT_THE_TIME),
    )


async def insert_entries(conn: Conn, marks: Sequence[Mark], by: Recorder, now: datetime) -> None:
    """Add entries; what was written before stays."""
    await conn.execute(
        """
        INSERT INTO attendance_entry (entry_id, attendance_id, state, method, reason_code, minutes,
                                      rule, recorded_by, recorded_by_role, recorded_at, supersedes)
        SELECT entry_id, attendance_id, state, method, reason_code, minutes, rule, $1, $2, $3,
               supersedes
          FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::int[],
                      $10::text[], $11::uuid[])
               AS told (entry_id, attendance_id, state, method, reason_code, minutes, rule,
                        supersedes)
        """,
        by.person_id,
        by.role,
        now,
        [mark.entry_id for mark in marks],
        [mark.attendee.attendance_id for mark in marks],
        [mark.state for mark in marks],
        [mark.recording.method for mark in marks],
        [mark.recording.reason for mark in marks],
        [mark.counted.minutes if mark.counted else None for mark in marks],
        [mark.counted.rule if mark.counted else None for mark in marks],
        [mark.recording.supersedes for mark in marks],
    )
