"""What a booking costs with a hundred times as much of everything, against the same without."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from uuid import UUID

from benchmarks.load import closed
from benchmarks.measure import Benchmark, Sample
from benchmarks.outbox import drained
from benchmarks.programme import announce, bookings
from benchmarks.stage import Running, Stage
from pdu_shared.identity import uuid7

LITTLE, MUCH = "pdu_little", "pdu_bookings"
EVENTS, PEOPLE = 10, 1_000
TIMES = 100
CLIENTS = 32
AT_A_TIME = 10_000
FILLED = (
    """
    INSERT INTO booking (booking_id, learning_event_id, person_id, state, sector, work_field,
                         role_level, area, channel, booked_at)
    SELECT booking_id, learning_event_id, booking_id, 'confirmed', 'voluntary',
           'housing_homelessness', 'front_line', 'nottingham_city', 'online', now()
      FROM unnest($1::uuid[], $2::uuid[]) AS told (booking_id, learning_event_id)
    """,
    """
    INSERT INTO place (booking_id, session_id, person_id, state)
    SELECT booking_id, session_id, booking_id, 'confirmed'
      FROM unnest($1::uuid[], $2::uuid[]) AS told (booking_id, learning_event_id)
      JOIN session USING (learning_event_id)
    """,
    """
    INSERT INTO contact (booking_id, name, address, purge_on)
    SELECT booking_id, 'Alan a Dale', booking_id || '@example.org', current_date + 60
      FROM unnest($1::uuid[], $2::uuid[]) AS told (booking_id, learning_event_id)
    """,
    """
    INSERT INTO idempotency (client, route, key, request_hash, status, answer)
    SELECT 'None/None', 'POST /learning-events/' || learning_event_id || '/bookings', booking_id,
           decode(replace(booking_id::text, '-', ''), 'hex'), 201, repeat('x', 300)
      FROM unnest($1::uuid[], $2::uuid[]) AS told (booking_id, learning_event_id)
    """,
    """
    INSERT INTO outbox (message_id, exchange, routing_key, subject, sequence, body, occurred_at,
                        published_at)
    SELECT booking_id, 'pdu.messages', 'bookings.EventBooked', 'booking/' || booking_id, 1,
           repeat('x', 900), now(), now()
      FROM unnest($1::uuid[], $2::uuid[]) AS told (booking_id, learning_event_id)
    """,
)


async def _rounds(stage: Stage, seconds: float) -> AsyncGenerator[Sample, None]:
    await _copy(stage)
    async with AsyncExitStack() as closing:
        little = await _open(stage, LITTLE, 1, closing)
        much = await _open(stage, MUCH, TIMES, closing)
        while True:
            small = await _cpu_ms(stage, little, seconds)
            large = await _cpu_ms(stage, much, seconds)
            yield Sample(value=large, yardstick=small, cpu_ms=large, rss_mb=much[0].rss_mb)


async def _copy(stage: Stage) -> None:
    """A second database of bookings, as empty as the first, with the same rights."""
    async with stage.connected("postgres") as conn:
        await conn.execute(f"DROP DATABASE IF EXISTS {LITTLE}")
        await conn.execute(f"CREATE DATABASE {LITTLE} TEMPLATE {MUCH} OWNER bookings_owner")


async def _open(
    stage: Stage, database: str, times: int, closing: AsyncExitStack
) -> tuple[Running, list[UUID], str]:
    events = await announce(stage, EVENTS * times, database=database)
    await _fill(stage, database, events, PEOPLE * times)
    service = await closing.enter_async_context(stage.running("bookings", database=database))
    await closed(service.port, bookings(events), clients=CLIENTS, seconds=1)
    return service, events, database


async def _fill(stage: Stage, database: str, events: list[UUID], people: int) -> None:
    async with stage.connected(database) as conn:
        for begin in range(0, people, AT_A_TIME):
            part = range(begin, min(begin + AT_A_TIME, people))
            told = [uuid7() for _ in part], [events[number % len(events)] for number in part]
            for statement in FILLED:
                await conn.execute(statement, *told)
        await conn.execute(
            """
            UPDATE session SET taken = (SELECT count(*) FROM place
                                         WHERE place.session_id = session.session_id)
             WHERE learning_event_id = ANY ($1::uuid[])
            """,
            events,
        )
        await conn.execute("VACUUM ANALYZE")


async def _cpu_ms(stage: Stage, opened: tuple[Running, list[UUID], str], seconds: float) -> float:
    """Of the service and the servers, for one booking, until its last message is published."""
    service, events, database = opened
    await drained(stage, database=database)
    before = stage.cpu_seconds(service)
    heard = await closed(service.port, bookings(events), clients=CLIENTS, seconds=seconds)
    await drained(stage, database=database)
    used = stage.cpu_seconds(service) - before
    return used / len(heard.expect(201).seconds) * 1000


BENCHMARKS = (
    Benchmark(
        name="growth",
        unit="ms of CPU a booking",
        yardstick="itself with a hundredth of the events, bookings and people",
        rounds=_rounds,
        floor=1.4,
        aim=1.15,
        less_is_better=True,
    ),
)
