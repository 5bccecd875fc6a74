"""Many people at one hall, and the promises that hold whatever they do."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from itertools import cycle
from typing import Any

import asyncpg
import httpx

import a

Event = dict[str, Any]
Work = Callable[[], Awaitable[httpx.Response]]


async def at_once(clients: int, work: Iterable[Work]) -> list[httpx.Response]:
    """Do all of it, so many at a time, in the order given; the answers in that order."""
    gate = asyncio.Semaphore(clients)

    async def one(ask: Work) -> httpx.Response:
        async with gate:
            return await ask()

    return await asyncio.gather(*(one(ask) for ask in work))


def asks(
    copies: Sequence[httpx.AsyncClient], event: Event, people: Iterable[str], **details: Any
) -> list[Work]:
    """Each of these people asks for a place, at one copy or another."""
    return [
        partial(a.ask_for_place, http, event, email=email, **details)
        for http, email in zip(cycle(copies), people, strict=False)
    ]


def cancellations(
    copies: Sequence[httpx.AsyncClient], booking_ids: Iterable[str], coordinator: dict[str, str]
) -> list[Work]:
    """Each of these bookings is cancelled, at one copy or another."""
    return [
        partial(http.post, f"/bookings/{booking_id}/cancellation", headers=coordinator)
        for http, booking_id in zip(cycle(copies), booking_ids, strict=False)
    ]


def answers_to_offers(
    copies: Sequence[httpx.AsyncClient],
    booking_ids: Iterable[str],
    coordinator: dict[str, str],
    *,
    accept: bool,
) -> list[Work]:
    """Each of these bookings accepts or declines what is offered, at one copy or another."""
    return [
        partial(
            http.post,
            f"/bookings/{booking_id}/offer",
            json={"accept": accept},
            headers=coordinator,
        )
        for http, booking_id in zip(cycle(copies), booking_ids, strict=False)
    ]


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
                 WHERE place.session_id = session.session_id AND active
                   AND state <> 'waitlisted') AS given,
               (SELECT count(*) FROM place
                 WHERE place.session_id = session.session_id AND state = 'waitlisted') AS waitlisted
          FROM session
         WHERE learning_event_id = $1
        """,
        learning_event_id,
    )
    wrong = []
    for row in rows:
        if row["given"] > row["capacity"]:
            wrong.append(f"oversold: {row['given']} places of {row['capacity']}")
        if (row["taken"], row["waiting"]) != (row["given"], row["waitlisted"]):
            wrong.append(f"miscounted: {dict(row)}")
        if row["given"] < row["capacity"] and row["waitlisted"]:
            wrong.append(f"somebody waits before a free place: {dict(row)}")
    return wrong


async def _twice(conn: asyncpg.Connection, learning_event_id: str) -> list[str]:
    rows = await conn.fetch(
        """
        SELECT person_id, count(*) AS bookings
          FROM booking
         WHERE learning_event_id = $1 AND active
         GROUP BY person_id HAVING count(*) > 1
        """,
        learning_event_id,
    )
    return [f"{row['person_id']} has {row['bookings']} bookings" for row in rows]


async def _history(conn: asyncpg.Connection, learning_event_id: str, capacity: int) -> list[str]:
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
    told = Told(capacity)
    for row in rows:
        told.listen(row)
    return told.wrong


class Told:
    """Who has a place, to whom one is offered and who waits, as the ledger tells it."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.inside: set[str] = set()
        self.offered: set[str] = set()
        self.queue: list[str] = []
        self.freed_at: datetime | None = None
        self.wrong: list[str] = []

    def listen(self, row: asyncpg.Record) -> None:
        subject = row["subject"]
        match row["routing_key"].partition(".")[2]:
            case "BookingWaitlisted":
                self._waits(subject, json.loads(row["body"])["data"]["position"])
            case "WaitlistPlaceOffered":
                self._is_offered(subject, row["recorded_at"])
            case "EventBooked":
                self._comes_in(subject)
            case "BookingCancelled" | "WaitlistOfferDeclined" | "WaitlistOfferExpired":
                self._leaves(subject, row["recorded_at"])
        if len(self.inside) + len(self.offered) > self.capacity:
            self.wrong.append(f"oversold by {subject}")

    def _waits(self, subject: str, position: int) -> None:
        if len(self.inside) + len(self.offered) < self.capacity and not self.queue:
            self.wrong.append(f"{subject} waits although there is room")
        self.queue.append(subject)
        if position != len(self.queue):
            self.wrong.append(f"{subject} was told a wrong position")

    def _is_offered(self, subject: str, recorded_at: datetime) -> None:
        if self.queue[0] != subject:
            self.wrong.append(f"{subject} overtook {self.queue[0]}")
        if recorded_at != self.freed_at:
            self.wrong.append(f"{subject} was not asked when the place came free")
        self.queue.remove(subject)
        self.offered.add(subject)

    def _comes_in(self, subject: str) -> None:
        if subject in self.queue or (self.queue and subject not in self.offered):
            self.wrong.append(f"{subject} came in while {len(self.queue)} waited")
        self.offered.discard(subject)
        self.inside.add(subject)

    def _leaves(self, subject: str, recorded_at: datetime) -> None:
        self.freed_at = recorded_at
        self.inside.discard(subject)
        self.offered.discard(subject)
        if subject in self.queue:
            self.queue.remove(subject)
