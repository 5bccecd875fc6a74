"""Copies of Communities of Practice: what they are called, and who belongs to them."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from pdu_shared.contracts.bookings.community import CopCreated, CopMemberJoined, CopMemberLeft
from pdu_shared.database import Conn
from pdu_shared.listening import AlsoOfThePast, UnknownReferenceError


async def keep_community(conn: Conn, message: AlsoOfThePast[CopCreated]) -> None:
    """Keep what a community is called."""
    await conn.execute(
        """
        INSERT INTO community (community_id, title) VALUES ($1, $2)
            ON CONFLICT (community_id) DO UPDATE SET title = excluded.title
        """,
        message.community_id,
        message.title,
    )


async def keep_membership(
    conn: Conn, message: AlsoOfThePast[CopMemberJoined | CopMemberLeft]
) -> None:
    """Keep who belongs to a community."""
    if isinstance(message, CopMemberLeft):
        await conn.execute(
            "DELETE FROM community_member WHERE membership_id = $1", message.membership_id
        )
        return
    await conn.execute(
        """
        INSERT INTO community_member (membership_id, community_id, person_id) VALUES ($1, $2, $3)
            ON CONFLICT DO NOTHING
        """,
        message.membership_id,
        message.community_id,
        message.person_id,
    )


LISTENERS = (keep_community, keep_membership)


async def title_of_community(conn: Conn, community_id: UUID) -> str:
    """What a community is called. Raises UnknownReferenceError until it has been told."""
    title: str | None = await conn.fetchval(
        "SELECT title FROM community WHERE community_id = $1", community_id
    )
    if title is None:
        raise UnknownReferenceError(str(community_id))
    return title


async def members_of(conn: Conn, community_id: UUID) -> Sequence[asyncpg.Record]:
    """Who belongs to a community: membership_id, person_id."""
    return await conn.fetch(
        """
        SELECT membership_id, person_id FROM community_member
         WHERE community_id = $1
         ORDER BY membership_id
        """,
        community_id,
    )
