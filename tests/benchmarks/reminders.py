"""Reminders planned anew for a series that was rescheduled, against one plain INSERT … SELECT."""

import os
import time
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg

from benchmarks.machine import rss_mb
from benchmarks.measure import Benchmark, Sample
from benchmarks.stage import Stage
from pdu_notifications.learning_event import keep_session
from pdu_notifications.letters.reminder import move_reminders
from pdu_shared.contracts.bookings.programme import SessionRescheduled
from pdu_shared.contracts.vocabulary import DeliveryMode
from pdu_shared.identity import uuid7

SESSIONS, PEOPLE = 10, 5_000
REMINDERS = SESSIONS * PEOPLE * 2
"""A week and a day before each session, for everybody who comes to it: 100,000."""
FILLED = (
    """
    INSERT INTO learning_event (learning_event_id, title, purpose)
    VALUES ($1, 'What makes a good hostel?', 'See what makes a hostel one where people stay.')
    """,
    """
    INSERT INTO booking (booking_id, learning_event_id, person_id, session_ids, state,
                         was_confirmed)
    SELECT gen_random_uuid(), $1, gen_random_uuid(), $2, 'confirmed', true
      FROM generate_series(1, $3)
    """,
)


async def _rounds(stage: Stage, _seconds: float) -> AsyncGenerator[Sample, None]:
    event, sessions = uuid7(), [uuid7() for _ in range(SESSIONS)]
    async with stage.connected("pdu_notifications") as conn:
        await conn.execute("CREATE TABLE plainly_planned (LIKE due INCLUDING ALL)")
        await conn.execute(FILLED[0], event)
        await conn.execute(FILLED[1], event, sessions, PEOPLE)
        await _reschedule(conn, event, sessions, revision=0)
        await conn.execute("ANALYZE booking")
        before = rss_mb(os.getpid())
        revision = 0
        while True:
            revision += 1
            plain = await _plainly(conn)
            took = await _reschedule(conn, event, sessions, revision=revision)
            yield Sample(
                value=REMINDERS / took,
                yardstick=REMINDERS / plain,
                p50_ms=took * 1000,
                rss_mb=rss_mb(os.getpid()) - before,
            )


async def _reschedule(
    conn: asyncpg.Connection, event: UUID, sessions: list[UUID], *, revision: int
) -> float:
    """How long it takes to replace what was planned when every session of a series moves."""
    starts_at = datetime.now(UTC) + timedelta(days=60 + revision)
    began = time.perf_counter()
    for number, session_id in enumerate(sessions):
        moved = _moved(event, session_id, starts_at + timedelta(days=7 * number), revision)
        async with conn.transaction():
            await keep_session(conn, moved)
            await move_reminders(conn, moved)
    took = time.perf_counter() - began
    assert await conn.fetchval("SELECT count(*) FROM due") == REMINDERS
    return took


async def _plainly(conn: asyncpg.Connection) -> float:
    """As many rows, as wide and with as many indexes, with nothing to work out."""
    await conn.execute("TRUNCATE plainly_planned")
    began = time.perf_counter()
    await conn.execute("INSERT INTO plainly_planned SELECT * FROM due")
    return time.perf_counter() - began


def _moved(event: UUID, session_id: UUID, starts_at: datetime, revision: int) -> SessionRescheduled:
    ends_at = starts_at + timedelta(hours=2)
    return SessionRescheduled(
        session_id=session_id,
        learning_event_id=event,
        starts_at=starts_at,
        ends_at=ends_at,
        tz="Europe/London",
        mode=DeliveryMode.IN_PERSON,
        place="Sneinton Hermitage",
        capacity=PEOPLE,
        ical_sequence=revision,
        previous_starts_at=starts_at,
        previous_ends_at=ends_at,
        previous_place="Sneinton Hermitage",
    )


BENCHMARKS = (
    Benchmark(
        name="reminders",
        unit="planned/s",
        yardstick="one plain INSERT … SELECT",
        rounds=_rounds,
        floor=0.2,
        aim=0.5,
    ),
)
