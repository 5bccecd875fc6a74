"""Communities as rows: found by their key, and locked before anything about them is decided."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from pdu_shared.contracts.vocabulary import CommunityState
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """A Community of Practice as it stands."""

    community_id: UUID
    key: str
    name: str
    purpose: str
    workstream: str
    state: CommunityState


async def find(conn: Conn, key: str) -> Community:
    """The community of this key. Raises NotFound."""
    return _community(
        await conn.fetchrow(
            """
            SELECT community_id, key, name, purpose, workstream, state
              FROM community
             WHERE key = $1
            """,
            key,
        )
    )


async def lock(conn: Conn, key: str) -> Community:
    """The same, locked: who belongs to it, and how it stands, changes in one place at a time.

    It comes before the halls of its sessions, wherever both are locked.
    """
    return _community(
        await conn.fetchrow(
            """
            SELECT community_id, key, name, purpose, workstream, state
              FROM community
             WHERE key = $1
               FOR UPDATE
            """,
            key,
        )
    )


def _community(row: asyncpg.Record | None) -> Community:
    if row is None:
        raise NotFound
    return Community(**{**row, "state": CommunityState(row["state"])})
