"""Ids that turn out to be one person: they belong to a community once, not twice."""

from datetime import datetime
from uuid import UUID

from pdu_bookings.community.belonging import end
from pdu_bookings.community.membership import Membership, membership
from pdu_bookings.rules.same_person import membership_stays
from pdu_shared.contracts.resources.member import PersonMerged
from pdu_shared.database import Conn


async def join_memberships(conn: Conn, message: PersonMerged, *, now: datetime) -> None:
    """Leave one membership in each community, which takes over the other's turns to convene.

    It comes before the halls are locked in which two bookings of one person become one: the places
    of a membership that ends are not given back.
    """
    await _lock_communities(conn)
    by_community: dict[UUID, list[Membership]] = {}
    for membership_id in await _standing(conn, message):
        member = await membership(conn, membership_id)
        by_community.setdefault(member.community_id, []).append(member)
    for members in by_community.values():
        kept = membership_stays({one.membership_id: one.state for one in members})
        for one in members:
            if one.membership_id != kept:
                await _take_turns_over(conn, one.membership_id, kept)
                await end(conn, one, now=now)
    await _keep_as(conn, message)


async def part_memberships(conn: Conn, merged_id: UUID) -> None:
    """Let memberships belong to the person for whom they began. What ended stays ended."""
    await conn.execute("UPDATE membership SET kept_as = NULL WHERE person_id = $1", merged_id)


async def _lock_communities(conn: Conn) -> None:
    """All of them: nobody joins anywhere until it is known who is whom."""
    await conn.execute("SELECT FROM community ORDER BY community_id FOR UPDATE")


async def _standing(conn: Conn, message: PersonMerged) -> list[UUID]:
    rows = await conn.fetch(
        """
        SELECT membership_id
          FROM membership
         WHERE (person_id = $2 OR coalesce(kept_as, person_id) = $1) AND state <> 'left'
         ORDER BY membership_id
        """,
        message.kept_id,
        message.merged_id,
    )
    return [row["membership_id"] for row in rows]


async def _take_turns_over(conn: Conn, ended_id: UUID, kept_id: UUID) -> None:
    await conn.execute(
        "UPDATE convenor SET membership_id = $2 WHERE membership_id = $1", ended_id, kept_id
    )


async def _keep_as(conn: Conn, message: PersonMerged) -> None:
    await conn.execute(
        "UPDATE membership SET kept_as = $1 WHERE person_id = $2",
        message.kept_id,
        message.merged_id,
    )
