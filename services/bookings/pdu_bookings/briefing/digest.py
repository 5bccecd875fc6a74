"""The digest for managers: once a month, what those of their staff came to who agreed to it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg
import structlog

from pdu_bookings.rules.digest import month_before
from pdu_shared import outbox
from pdu_shared.again import rounds
from pdu_shared.contracts.bookings.briefing import DigestLine, ManagerDigestIssued
from pdu_shared.contracts.vocabulary import Channel
from pdu_shared.database import Conn, Database, transaction
from pdu_shared.identity import derived_id
from pdu_shared.retention import Retention
from pdu_shared.runtime import Runtime
from pdu_shared.sealing import Sealer

log = structlog.get_logger()

LOOK_EVERY = 600.0
MOST_LINES = 100
"""In one digest, so that it fits into a message; the rest comes in another."""
KEPT_FOR = timedelta(days=90)


async def send_digests(runtime: Runtime) -> None:
    """Look for digests that are due, for ever."""

    async def one() -> bool:
        return await send_next(runtime.database, runtime.sealer, now=datetime.now(UTC))

    await rounds(one, name="digest", rest=LOOK_EVERY)


async def send_next(database: Database, sealer: Sealer, *, now: datetime) -> bool:
    """Tell one manager of the months that are over; False when there is nothing to tell.

    What is told is forgotten here in the same transaction, so that nobody hears it twice.
    """
    period = month_before(now)
    async with transaction(database) as conn:
        manager_id = await _next_manager(conn, period.ends)
        if manager_id is None:
            return False
        rows = await _lines(conn, manager_id, period.ends)
        if not rows:
            return False
        digest = _digest(manager_id, rows, period.ends)
        await outbox.add(conn, outbox.sealed(digest, sealer))
        await conn.execute(
            "DELETE FROM manager_told WHERE booking_id = ANY ($1::uuid[])",
            [row["booking_id"] for row in rows],
        )
    log.info("digest issued", digest_id=str(digest.digest_id), lines=len(rows))
    return True


async def forget_untold(conn: Conn, now: datetime) -> int:
    """Delete what nobody was told of, because they did not come; how many."""
    done: str = await conn.execute(
        """
        DELETE FROM manager_told
         USING booking
         WHERE booking.booking_id = manager_told.booking_id
           AND NOT EXISTS (SELECT FROM session
                            WHERE session.learning_event_id = booking.learning_event_id
                              AND ends_at > $1)
        """,
        now - KEPT_FOR,
    )
    return int(done.rsplit(maxsplit=1)[-1])


SCHEDULE = (
    Retention(
        data_class="bookings.manager_told",
        keeps="Which manager hears of a booking, until they have",
        kept_for=KEPT_FOR,
        counted_from="the last session",
        apply=forget_untold,
    ),
)


def _digest(manager_id: UUID, rows: Sequence[asyncpg.Record], ends: date) -> ManagerDigestIssued:
    first = rows[0]
    return ManagerDigestIssued(
        digest_id=derived_id("digest", *sorted(row["booking_id"] for row in rows)),
        person_id=manager_id,
        channel=Channel.EMAIL,
        address=first["manager_address"],
        name=first["manager_name"],
        period_from=min(row["held_on"] for row in rows),
        period_to=ends,
        lines=tuple(
            DigestLine(
                name=row["name"],
                event_title=row["title"],
                held_on=row["held_on"],
                plans=row["plans"],
            )
            for row in rows
        ),
    )


_CAME = """
          FROM manager_told
          JOIN booking ON booking.booking_id = manager_told.booking_id
          JOIN learning_event USING (learning_event_id)
          JOIN LATERAL (
               SELECT min(starts_at AT TIME ZONE tz)::date AS held_on
                 FROM attendance
                 JOIN attendance_entry AS entry USING (attendance_id)
                 JOIN session USING (session_id)
                WHERE attendance.person_id IN (booking.person_id, booking.kept_as)
                  AND session.learning_event_id = booking.learning_event_id
                  AND entry.state IN ('present', 'partial')
                  AND NOT EXISTS (SELECT FROM attendance_entry AS later
                                   WHERE later.supersedes = entry.entry_id)) AS came
            ON came.held_on <= $1
        """


async def _next_manager(conn: Conn, until: date) -> UUID | None:
    """Somebody to whom there is something to tell; another copy of the worker waits meanwhile."""
    found: UUID | None = await conn.fetchval(
        f"""
        SELECT manager_id
        {_CAME}
         ORDER BY manager_id, manager_told.booking_id
         LIMIT 1
           FOR UPDATE OF manager_told
        """,
        until,
    )
    return found


async def _lines(conn: Conn, manager_id: UUID, until: date) -> list[asyncpg.Record]:
    return await conn.fetch(
        f"""
        SELECT manager_told.booking_id, manager_told.name, manager_name, manager_address,
               manager_told.plans, learning_event.title, came.held_on
        {_CAME}
         WHERE manager_id = $2
         ORDER BY came.held_on, manager_told.name, manager_told.booking_id
         LIMIT {MOST_LINES}
           FOR UPDATE OF manager_told
        """,
        until,
        manager_id,
    )
