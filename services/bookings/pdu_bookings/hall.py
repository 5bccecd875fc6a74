"""The sessions of a learning event as halls: locked, counted, filled."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from uuid import UUID

from prometheus_client import Counter

from pdu_bookings.rules.booking import Hall
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
        SELECT session_id, learning_event_id, capacity, taken, waiting, starts_at
          FROM session
         WHERE learning_event_id = ANY ($1::uuid[])
           AND EXISTS (SELECT FROM learning_event AS event
                        WHERE event.learning_event_id = session.learning_event_id
                          AND event.state = 'published')
         ORDER BY session_id
           FOR UPDATE
        """,
        list(learning_event_ids),
    )
    halls: dict[UUID, list[Hall]] = {}
    for row in rows:
        hall = Hall(
            session_id=row["session_id"],
            capacity=row["capacity"],
            taken=row["taken"],
            waiting=row["waiting"],
            starts_at=row["starts_at"],
        )
        halls.setdefault(row["learning_event_id"], []).append(hall)
    return halls


async def count(conn: Conn, changes: Mapping[UUID, tuple[int, int]]) -> None:
    """Change how many places are taken, and how many people wait, by session."""
    await conn.execute(
        """
        UPDATE session
           SET taken = session.taken + change.taken,
               waiting = session.waiting + change.waiting
          FROM unnest($1::uuid[], $2::int[], $3::int[]) AS change (session_id, taken, waiting)
         WHERE session.session_id = change.session_id
        """,
        list(changes),
        [taken for taken, _ in changes.values()],
        [waiting for _, waiting in changes.values()],
    )


def purge_on(halls: Iterable[Hall]) -> date:
    """When the contact points of a booking are forgotten."""
    return max(hall.starts_at for hall in halls).date() + CONTACT_KEPT_FOR
