"""Whose turn it is to convene the coming sessions of communities, as rows and by the rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from pdu_bookings.rules.rota import Commitment, turns
from pdu_shared.contracts.vocabulary import DeliveryMode
from pdu_shared.database import Conn


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A coming session, and whose turn it is to convene it."""

    session_id: UUID
    learning_event_id: UUID
    starts_at: datetime
    """By the clocks of the place."""
    mode: DeliveryMode
    place: str
    convenor: UUID | None
    """A membership; None is a gap."""


async def commitments(conn: Conn, community_id: UUID) -> list[Commitment]:
    """Who has promised to convene a community, in their order."""
    return (await _commitments(conn, [community_id])).get(community_id, [])


async def coming_turns(
    conn: Conn, community_ids: Sequence[UUID], *, now: datetime
) -> dict[UUID, list[Turn]]:
    """The coming sessions of these communities with their convenors, soonest first."""
    promised = await _commitments(conn, community_ids)
    sessions: dict[UUID, list[asyncpg.Record]] = {}
    for row in await _sessions(conn, community_ids):
        sessions.setdefault(row["community_id"], []).append(row)
    return {
        community_id: _coming(rows, promised.get(community_id, ()), now)
        for community_id, rows in sessions.items()
    }


def _coming(
    rows: Sequence[asyncpg.Record], promised: Sequence[Commitment], now: datetime
) -> list[Turn]:
    """The rule sees all sessions: whoever had a turn before comes later now."""
    convenors = turns(promised, [row["held_on"] for row in rows])
    return [
        Turn(
            session_id=row["session_id"],
            learning_event_id=row["learning_event_id"],
            starts_at=row["starts_at"].astimezone(ZoneInfo(row["tz"])),
            mode=row["mode"],
            place=row["place"],
            convenor=convenor,
        )
        for row, convenor in zip(rows, convenors, strict=True)
        if row["starts_at"] > now
    ]


async def _commitments(conn: Conn, community_ids: Sequence[UUID]) -> dict[UUID, list[Commitment]]:
    rows = await conn.fetch(
        """
        SELECT community_id, membership_id, sessions, starts_on, ends_on
          FROM convenor
         WHERE community_id = ANY ($1::uuid[])
         ORDER BY community_id, turn
        """,
        community_ids,
    )
    found: dict[UUID, list[Commitment]] = {}
    for community_id, *commitment in rows:
        found.setdefault(community_id, []).append(Commitment(*commitment))
    return found


async def _sessions(conn: Conn, community_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT community_id, session_id, learning_event_id, starts_at, tz, mode,
               place, starts_local::date AS held_on
          FROM learning_event JOIN session USING (learning_event_id)
         WHERE community_id = ANY ($1::uuid[]) AND state IN ('published', 'archived')
         ORDER BY community_id, starts_at, session_id
        """,
        community_ids,
    )
