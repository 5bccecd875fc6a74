"""Somebody did what was left of a pathway: it is completed, and perhaps there is a badge."""

from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import structlog

from pdu_resources.member.same_person import ids_of
from pdu_resources.pathway.rows import steps_of
from pdu_resources.rules.pathway import is_completed
from pdu_resources.rules.project_year import local_date
from pdu_shared import outbox
from pdu_shared.certificate import new_code
from pdu_shared.contracts.bookings.attendance import AttendanceCorrected, AttendanceRecorded
from pdu_shared.contracts.resources.learning import BadgeIssued, PathwayCompleted
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7

log = structlog.get_logger()


async def settle_after_attendance(
    conn: Conn, message: AttendanceRecorded | AttendanceCorrected
) -> None:
    """Look whether somebody who came to a learning event has completed a pathway by that."""
    await settle(conn, message.person_id, now=datetime.now(UTC))


async def settle(conn: Conn, person_id: UUID, *, now: datetime) -> None:
    """Complete the pathways of somebody on which nothing is left. What is completed stays so."""
    person_ids = await ids_of(conn, person_id)
    begun = await _lock_begun(conn, person_ids)
    if not begun:
        return
    steps = await steps_of(conn, [one["pathway_id"] for one in begun], person_ids)
    for one in begun:
        if is_completed([row.step for row in steps[one["pathway_id"]]]):
            await _complete(conn, one, now)


async def _complete(conn: Conn, one: asyncpg.Record, now: datetime) -> None:
    whose = {name: one[name] for name in ("pathway_id", "pathway_key", "person_id")}
    await conn.execute(
        "UPDATE enrolment SET completed_at = $2 WHERE enrolment_id = $1", one["enrolment_id"], now
    )
    day = local_date(now)
    await outbox.add(
        conn, PathwayCompleted(enrolment_id=one["enrolment_id"], **whose, completed_on=day)
    )
    if one["gives_badge"]:
        badge_id = uuid7()
        await conn.execute(
            """
            INSERT INTO badge (badge_id, code, enrolment_id, issued_at) VALUES ($1, $2, $3, $4)
            """,
            badge_id,
            new_code(),
            one["enrolment_id"],
            now,
        )
        await outbox.add(conn, BadgeIssued(badge_id=badge_id, **whose, issued_on=day))
    log.info("pathway completed", enrolment_id=str(one["enrolment_id"]))


async def _lock_begun(conn: Conn, person_ids: list[UUID]) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT enrolment_id, person_id, pathway_id, pathway_key, gives_badge
          FROM enrolment JOIN pathway USING (pathway_id)
         WHERE person_id = ANY ($1::uuid[]) AND completed_at IS NULL
         ORDER BY enrolment_id
           FOR UPDATE OF enrolment
        """,
        person_ids,
    )
