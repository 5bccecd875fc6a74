"""Learning events to book, and people who book them: as requests on the wire."""

import json
from collections.abc import Iterator
from itertools import count
from random import Random
from uuid import UUID

from benchmarks.stage import Stage
from pdu_shared.identity import uuid7

ROOMY = 1_000_000_000
NOBODY = {
    "sector": "voluntary",
    "work_field": "housing_homelessness",
    "role_level": "front_line",
    "area": "nottingham_city",
}


async def announce(stage: Stage, events: int, *, database: str = "pdu_bookings") -> list[UUID]:
    """So many published learning events with one roomy session each."""
    ids = [uuid7() for _ in range(events)]
    async with stage.connected(database) as conn:
        await conn.execute(
            """
            INSERT INTO learning_event (learning_event_id, title, kind, event_type, purpose, level,
                                        workstreams, audience, state, announced_at, published_at)
            SELECT id, 'Hoarding: behind the door', 'learning_event', 'workshop',
                   'Work with people who hoard, without force.', 'introductory',
                   '{housing}', '{front_line}', 'published', now(), now()
              FROM unnest($1::uuid[]) AS id
            """,
            ids,
        )
        await conn.execute(
            """
            INSERT INTO session (session_id, learning_event_id, starts_at, ends_at, starts_local,
                                 ends_local, tz, mode, place, capacity)
            SELECT session_id, event_id, starts_at, starts_at + interval '3 hours', starts_at,
                   starts_at + interval '3 hours', 'Europe/London', 'in_person',
                   'Sneinton Hermitage', $3
              FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS told (event_id, session_id, n),
                   LATERAL (SELECT date_trunc('hour', now()) + interval '30 days'
                                   + n * interval '1 hour' AS starts_at) AS time
            """,
            ids,
            [uuid7() for _ in ids],
            ROOMY,
        )
    return ids


def bookings(events: list[UUID]) -> Iterator[bytes]:
    """Endless requests for a place, each by somebody new."""
    draw = Random(7)  # noqa: S311 - nothing is hidden by it
    run = uuid7().hex[-12:]
    for number in count():
        who = f"{run}-{number}"
        body = json.dumps(
            {"name": "Alan a Dale", "email": f"person-{who}@example.org", **NOBODY}
        ).encode()
        event = events[0] if len(events) == 1 else draw.choice(events)
        yield (
            f"POST /learning-events/{event}/bookings HTTP/1.1\r\n"
            "Host: bench\r\nContent-Type: application/json\r\n"
            f"Idempotency-Key: {who}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body
