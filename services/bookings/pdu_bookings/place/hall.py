"""The sessions of a learning event as halls: locked, counted, filled."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID

import asyncpg
from prometheus_client import Counter

from pdu_bookings.rules.hall import Hall, Hold
from pdu_shared.contracts.vocabulary import Attending
from pdu_shared.database import Conn
from pdu_shared.telemetry import REGISTRY

BOOKINGS = Counter(
    "pdu_bookings", "Bookings that came into this state.", ["state"], registry=REGISTRY
)

CONTACT_KEPT_FOR = timedelta(days=28)
"""How long after the last session the names and addresses of a booking are kept."""


async def lock_halls(conn: Conn, learning_event_ids: Iterable[UUID]) -> dict[UUID, list[Hall]]:
    """The halls of published learning events, locked until the transaction ends.

    In the order of their ids, so that two transactions never wait for each other in a circle.
    """
    rows = await conn.fetch(
        """
        WITH in_order AS (
            SELECT session_id
              FROM session
             WHERE learning_event_id = ANY ($1::uuid[])
               AND EXISTS (SELECT FROM learning_event AS event
                            WHERE event.learning_event_id = session.learning_event_id
                              AND event.published_at IS NOT NULL)
             ORDER BY session_id
               FOR UPDATE)
        UPDATE session
           SET times_locked = times_locked + 1
          FROM in_order
         WHERE session.session_id = in_order.session_id
     RETURNING session.session_id, learning_event_id, capacity, taken, waiting, held,
               online_capacity, online_taken, online_waiting, starts_at, parallel, times_locked
        """,
        list(learning_event_ids),
    )
    halls: dict[UUID, list[Hall]] = {}
    for row in sorted(rows, key=itemgetter("session_id")):
        halls.setdefault(row["learning_event_id"], []).extend(halls_of(row))
    return halls


def halls_of(row: Mapping[str, Any] | asyncpg.Record) -> list[Hall]:
    """The halls of one session, as its row has them."""
    hybrid = row["online_capacity"] is not None
    room = Hall(
        session_id=row["session_id"],
        capacity=row["capacity"],
        taken=row["taken"],
        waiting=row["waiting"],
        held=row["held"],
        starts_at=row["starts_at"],
        way=Attending.IN_PERSON if hybrid else None,
        parallel=row["parallel"],
        times_locked=row["times_locked"],
    )
    if not hybrid:
        return [room]
    online = Hall(
        session_id=row["session_id"],
        capacity=row["online_capacity"],
        taken=row["online_taken"],
        waiting=row["online_waiting"],
        starts_at=row["starts_at"],
        way=Attending.ONLINE,
        times_locked=row["times_locked"],
    )
    return [room, online]


async def holds_of(conn: Conn, learning_event_ids: Iterable[UUID]) -> dict[UUID, tuple[Hold, ...]]:
    """What is left of the places kept at these learning events, whose halls are locked."""
    rows = await conn.fetch(
        """
        SELECT learning_event_id, hold_id, scheme, code, places - filled AS left
          FROM held_places
         WHERE learning_event_id = ANY ($1::uuid[]) AND released_at IS NULL
         ORDER BY hold_id
        """,
        list(learning_event_ids),
    )
    holds: dict[UUID, tuple[Hold, ...]] = {}
    for learning_event_id, *hold in rows:
        holds[learning_event_id] = (*holds.get(learning_event_id, ()), Hold(*hold))
    return holds


async def with_those_behind(
    conn: Conn, halls: Mapping[UUID, Iterable[Hall]]
) -> dict[UUID, list[Hall]]:
    """These halls, with how many of those who wait come after whom the event is meant for."""
    rows = await conn.fetch(
        """
        SELECT session_id, attending, count(*) AS behind
          FROM booking JOIN place USING (booking_id)
         WHERE booking.learning_event_id = ANY ($1::uuid[])
           AND booking.state = 'waitlisted' AND priority = 2
         GROUP BY session_id, attending
        """,
        list(halls),
    )
    behind = {(row["session_id"], row["attending"]): row["behind"] for row in rows}
    return {
        learning_event_id: [
            replace(hall, behind=behind.get((hall.session_id, hall.way), 0)) for hall in theirs
        ]
        for learning_event_id, theirs in halls.items()
    }


class Counts:
    """How the counters of sessions change: added up, then written at once."""

    def __init__(self) -> None:
        self._changes: dict[UUID, list[int]] = {}
        self._seen: dict[UUID, int] = {}

    def add(self, hall: Hall, *, taken: int = 0, waiting: int = 0, held: int = 0) -> None:
        """So many more, or fewer, in one hall."""
        change = self._changes.setdefault(hall.session_id, [0, 0, 0, 0, 0])
        self._seen[hall.session_id] = hall.times_locked
        counters = (3, 4) if hall.way is Attending.ONLINE else (0, 1)
        for counter, by in zip((*counters, 2), (taken, waiting, held), strict=True):
            change[counter] += by

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return bool(self._changes)

    def columns(self) -> list[list[object]]:
        """Session, and by how much its counters change, in the order of `count`.

        By their ids: it is the order in which everybody locks them.
        """
        rows = [(one, *self._changes[one]) for one in sorted(self._changes)]
        return [list(column) for column in zip(*rows, strict=True)]

    def seen(self) -> list[int]:
        """How often each had been locked when it was read."""
        return [self._seen[one] for one in sorted(self._changes)]

    def applied_to(self, hall: Hall) -> Hall:
        """A hall as it is when all of it is written, which locks it once."""
        change = self._changes.get(hall.session_id)
        if change is None:
            return hall
        taken, waiting = change[3:5] if hall.way is Attending.ONLINE else change[0:2]
        return replace(
            hall,
            taken=hall.taken + taken,
            waiting=hall.waiting + waiting,
            held=hall.held + (0 if hall.way is Attending.ONLINE else change[2]),
            times_locked=hall.times_locked + 1,
        )


async def count(conn: Conn, counts: Counts) -> None:
    """Write down how many places are taken, how many people wait, how many places are kept."""
    if not counts:
        return
    await conn.execute(
        """
        UPDATE session
           SET taken = session.taken + change.taken,
               waiting = session.waiting + change.waiting,
               held = session.held + change.held,
               online_taken = session.online_taken + change.online_taken,
               online_waiting = session.online_waiting + change.online_waiting
          FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[])
               AS change (session_id, taken, waiting, held, online_taken, online_waiting)
         WHERE session.session_id = change.session_id
        """,
        *counts.columns(),
    )


async def fill_holds(conn: Conn, filled: Mapping[UUID, int]) -> set[UUID]:
    """Count that so many more, or fewer, of the places kept are filled. Released ones are left.

    Gives those that were not released.
    """
    if not filled:
        return set()
    rows = await conn.fetch(
        """
        UPDATE held_places AS held
           SET filled = held.filled + change.filled
          FROM unnest($1::uuid[], $2::int[]) AS change (hold_id, filled)
         WHERE held.hold_id = change.hold_id AND released_at IS NULL
     RETURNING held.hold_id
        """,
        list(filled),
        list(filled.values()),
    )
    return {row["hold_id"] for row in rows}


def purge_on(halls: Iterable[Hall]) -> date:
    """When the contact points of a booking are forgotten."""
    return max(hall.starts_at for hall in halls).date() + CONTACT_KEPT_FOR
