"""Many people at one hall, and the promises that hold whatever they do."""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar

import asyncpg
import httpx

import a

Event = dict[str, Any]
T = TypeVar("T")


async def at_once(clients: int, work: Iterable[Callable[[], Awaitable[T]]]) -> list[T]:
    """Do all of it, so many at a time, in the order given; the answers in that order."""
    gate = asyncio.Semaphore(clients)

    async def one(ask: Callable[[], Awaitable[T]]) -> T:
        async with gate:
            return await ask()

    return await asyncio.gather(*(one(ask) for ask in work))


async def many_ask(
    copies: Sequence[httpx.AsyncClient], event: Event, people: Iterable[str], *, clients: int
) -> list[httpx.Response]:
    """Everybody asks for a place, at one copy or another."""
    doors = itertools.cycle(copies)
    return await at_once(
        clients,
        [
            lambda http=next(doors), email=email: a.ask_for_place(http, event, email=email)
            for email in people
        ],
    )


async def broken_promises(conn: asyncpg.Connection, event: Event) -> list[str]:
    """What is wrong with an event of one session: nothing, we promise."""
    learning_event_id = event["learning_event_id"]
    return [
        *await _counts(conn, learning_event_id),
        *await _twice(conn, learning_event_id),
        *await _history(conn, learning_event_id, event["sessions"][0]["capacity"]),
    ]


async def _counts(conn: asyncpg.Connection, learning_event_id: str) -> list[str]:
    rows = await conn.fetch(
        """
        SELECT capacity, taken, waiting,
               (SELECT count(*) FROM place
                 WHERE place.session_id = session.session_id AND state = 'confirmed') AS confirmed,
               (SELECT count(*) FROM place
                 WHERE place.session_id = session.session_id AND state = 'waitlisted') AS waitlisted
          FROM session
         WHERE learning_event_id = $1
        """,
        learning_event_id,
    )
    wrong = []
    for row in rows:
        if row["confirmed"] > row["capacity"]:
            wrong.append(f"oversold: {row['confirmed']} places of {row['capacity']}")
        if (row["taken"], row["waiting"]) != (row["confirmed"], row["waitlisted"]):
            wrong.append(f"miscounted: {dict(row)}")
        if row["confirmed"] < row["capacity"] and row["waitlisted"]:
            wrong.append(f"somebody waits before a free place: {dict(row)}")
    return wrong


async def _twice(conn: asyncpg.Connection, learning_event_id: str) -> list[str]:
    rows = await conn.fetch(
        """
        SELECT person_id, count(*) AS bookings
          FROM booking
         WHERE learning_event_id = $1 AND state <> 'cancelled'
         GROUP BY person_id HAVING count(*) > 1
        """,
        learning_event_id,
    )
    return [f"{row['person_id']} has {row['bookings']} bookings" for row in rows]


async def _history(
    conn: asyncpg.Connection, learning_event_id: str, capacity: int
) -> list[str]:
    """The ledger told from its beginning: never too many, and nobody overtakes who waits."""
    rows = await conn.fetch(
        """
        SELECT routing_key, subject, body, recorded_at
          FROM outbox
         WHERE exchange = 'pdu.messages' AND subject LIKE 'booking/%'
           AND body::jsonb -> 'data' ->> 'learning_event_id' = $1
         ORDER BY position
        """,
        learning_event_id,
    )
    wrong, inside, queue, cancelled_at = [], set(), [], None
    for row in rows:
        subject = row["subject"]
        match row["routing_key"]:
            case "bookings.BookingWaitlisted":
                if len(inside) < capacity and not queue:
                    wrong.append(f"{subject} waits although there is room")
                queue.append(subject)
                if json.loads(row["body"])["data"]["position"] != len(queue):
                    wrong.append(f"{subject} was told a wrong position")
            case "bookings.EventBooked" if subject in queue:
                if queue[0] != subject:
                    wrong.append(f"{subject} overtook {queue[0]}")
                if row["recorded_at"] != cancelled_at:
                    wrong.append(f"{subject} was not confirmed with the cancellation")
                queue.remove(subject)
                inside.add(subject)
            case "bookings.EventBooked":
                if queue:
                    wrong.append(f"{subject} came in while {len(queue)} waited")
                inside.add(subject)
            case "bookings.BookingCancelled":
                cancelled_at = row["recorded_at"]
                inside.discard(subject)
                if subject in queue:
                    queue.remove(subject)
        if len(inside) > capacity:
            wrong.append(f"oversold by {subject}")
    return wrong
