"""Whom something was told about, to be counted again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from pdu_reporting.facts.attended import ATTENDANCE
from pdu_reporting.facts.reached import REACH
from pdu_shared.contracts.bookings.attendance import AttendanceCorrected, AttendanceRecorded
from pdu_shared.contracts.bookings.programme import EventPublished, EventUpdated
from pdu_shared.contracts.message import Message
from pdu_shared.contracts.resources.member import MemberRegistered, PersonMerged, PersonUnmerged
from pdu_shared.contracts.resources.steering import ProgrammePeriodDefined
from pdu_shared.contracts.resources.vocabulary import ProjectYearDefined
from pdu_shared.database import Conn

COUNTED_FROM = tuple(sorted({*ATTENDANCE.tables, *REACH.tables}))
"""The tables from which people are counted, in the order in which a rebuild takes them."""
RECODED = "resources.CategoryRecoded"
"""A word counts as another: nobody knows whose, before everybody is looked at."""


@dataclass(slots=True)
class _Told:
    """What messages name, by which people are found."""

    people: set[UUID] = field(default_factory=set)
    attendances: set[UUID] = field(default_factory=set)
    aliases: set[UUID] = field(default_factory=set)
    events: set[UUID] = field(default_factory=set)


async def mark(conn: Conn, messages: Sequence[Message | None], *, position: int) -> None:
    """Note whom these messages are about, before anything follows from them.

    Before, since what was told earlier about an attendance or an id may be about somebody else.
    """
    told = _Told()
    for message in messages:
        match message:
            case AttendanceRecorded() | AttendanceCorrected():
                told.people.add(message.person_id)
                told.attendances.add(message.attendance_id)
            case MemberRegistered():
                told.people.add(message.person_id)
            case PersonMerged() | PersonUnmerged():
                told.people |= {message.kept_id, message.merged_id}
                told.aliases.add(message.merged_id)
            case Message() if message.routing_key() == RECODED:
                await _mark_all_who_are_counted(conn, position)
            case EventPublished() | EventUpdated():
                told.events.add(message.learning_event_id)
            case ProjectYearDefined():
                await _mark_of_a_time(conn, position, message, message.project_year_id)
            case ProgrammePeriodDefined():
                await _mark_of_a_time(conn, position, message, message.programme_period_id)
    if told.people or told.events:
        await _mark(conn, position, told)


async def mark_everybody(conn: Conn, *, position: int) -> None:
    """Empty the cells and have everybody counted, since all was made anew that they are from."""
    await conn.execute("DELETE FROM tally_part", timeout=3600)
    await conn.execute("DELETE FROM tally_cell", timeout=3600)
    await conn.execute(
        """
        INSERT INTO tally_pending (person_id, position)
        SELECT person_id, $1
          FROM (SELECT person_id FROM attendance
                 UNION
                SELECT person_id FROM member
               ) AS everybody
            ON CONFLICT DO NOTHING
        """,
        position,
        timeout=3600,
    )


async def _mark(conn: Conn, position: int, told: _Told) -> None:
    await conn.execute(
        """
        INSERT INTO tally_pending (person_id, position)
        SELECT person_id, $1
          FROM (SELECT unnest($2::uuid[]) AS person_id
                 UNION
                SELECT person_id FROM attendance   WHERE attendance_id     = ANY ($3::uuid[])
                 UNION
                SELECT kept_id   FROM person_alias WHERE merged_id         = ANY ($4::uuid[])
                 UNION
                SELECT person_id FROM attendance   WHERE learning_event_id = ANY ($5::uuid[])
               ) AS told
            ON CONFLICT DO NOTHING
        """,
        position,
        told.people,
        told.attendances,
        told.aliases,
        told.events,
    )


async def _mark_all_who_are_counted(conn: Conn, position: int) -> None:
    await conn.execute(
        """
        INSERT INTO tally_pending (person_id, position)
        SELECT person_id, $1 FROM tally_part
            ON CONFLICT DO NOTHING
        """,
        position,
        timeout=600,
    )


async def _mark_of_a_time(
    conn: Conn, position: int, told: ProjectYearDefined | ProgrammePeriodDefined, period_id: UUID
) -> None:
    """Mark who came in a year or a programme, as it was and as it will be."""
    await conn.execute(
        """
        INSERT INTO tally_pending (person_id, position)
        SELECT DISTINCT person_id, $1::bigint
          FROM attendance
          JOIN (SELECT $3::date AS starts_on, coalesce($4::date, 'infinity') AS ends_on
                 UNION
                SELECT starts_on, ends_on
                  FROM project_year
                 WHERE project_year_id = $2
                 UNION
                SELECT starts_on, coalesce(ends_on, 'infinity')
                  FROM programme_period
                 WHERE programme_period_id = $2) AS told
            ON held_on BETWEEN starts_on AND ends_on
            ON CONFLICT DO NOTHING
        """,
        position,
        period_id,
        told.starts_on,
        told.ends_on,
        timeout=600,
    )
