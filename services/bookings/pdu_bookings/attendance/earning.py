"""Who has completed a learning event, as its registers stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import asyncpg

from pdu_bookings.rules.certificate import ALL, Seen, completed, hours_of
from pdu_shared.contracts.vocabulary import AttendanceState
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound


@dataclass(frozen=True, slots=True)
class Rule:
    """The share of sessions that it takes, and the hours of accreditation, if it has any."""

    share_percent: int
    cpd_hours: Decimal | None


async def rule_of(conn: Conn, learning_event_id: UUID) -> Rule:
    """What it takes to complete a learning event; unless somebody said, all of its sessions."""
    row = await conn.fetchrow(
        """
        SELECT coalesce(share_percent, $2) AS share_percent, cpd_hours
          FROM learning_event LEFT JOIN completion USING (learning_event_id)
         WHERE learning_event_id = $1 AND state <> 'draft'
        """,
        learning_event_id,
        ALL,
    )
    if row is None:
        raise NotFound
    return Rule(row["share_percent"], row["cpd_hours"] and Decimal(str(row["cpd_hours"])))


async def earned(
    conn: Conn, learning_event_id: UUID, person_ids: Sequence[UUID]
) -> dict[UUID, Decimal]:
    """Those of these people who completed it, and for how many hours."""
    rule = await rule_of(conn, learning_event_id)
    seen: dict[UUID, list[Seen]] = {}
    for row in await _sessions(conn, learning_event_id, person_ids):
        state = AttendanceState(row["state"]) if row["state"] else None
        seen.setdefault(row["person_id"], []).append(Seen(row["length"], state, row["minutes"]))
    return {
        person_id: hours_of(sessions, rule.cpd_hours)
        for person_id, sessions in seen.items()
        if completed(sessions, rule.share_percent)
    }


async def lock_registers(conn: Conn, learning_event_id: UUID) -> None:
    """Keep the registers of a learning event as they are until the transaction ends."""
    await conn.execute(
        """
        SELECT session_id FROM session
         WHERE learning_event_id = $1
         ORDER BY session_id
           FOR SHARE
        """,
        learning_event_id,
    )


# Of sessions at the same time counts the one that somebody was at.
async def _sessions(
    conn: Conn, learning_event_id: UUID, person_ids: Sequence[UUID]
) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT DISTINCT ON (person.person_id, coalesce(session.parallel, session.session_id::text))
               person.person_id, session.ends_at - session.starts_at AS length, entry.state,
               entry.minutes
          FROM unnest($2::uuid[]) AS person (person_id)
          JOIN session ON session.learning_event_id = $1
          LEFT JOIN attendance ON attendance.session_id = session.session_id
                              AND attendance.person_id = person.person_id
          LEFT JOIN attendance_entry AS entry
                 ON entry.attendance_id = attendance.attendance_id
                AND NOT EXISTS (SELECT FROM attendance_entry AS later
                                 WHERE later.supersedes = entry.entry_id)
         ORDER BY person.person_id, coalesce(session.parallel, session.session_id::text),
                  coalesce(entry.state IN ('present', 'partial'), false) DESC, length
        """,
        learning_event_id,
        person_ids,
    )
