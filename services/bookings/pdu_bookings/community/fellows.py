"""Who belongs to a community: for members, those who agree; for whoever convenes it, everybody."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel

from pdu_bookings.community import rows
from pdu_bookings.community.convening import admit
from pdu_bookings.community.directory import CommunityKey
from pdu_bookings.community.membership import standing
from pdu_bookings.rules.community import BELONGS
from pdu_shared.access import Who
from pdu_shared.contracts.vocabulary import MembershipState
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["communities"])


class Fellow(BaseModel):
    """A member who agreed that other members see who they are."""

    name: str
    organisation: str | None


class Fellows(BaseModel):
    """The members who share their names, in the order of these."""

    items: list[Fellow]


class Member(BaseModel):
    """Somebody who is invited to a community, or belongs to it."""

    membership_id: UUID
    name: str
    organisation: str | None
    state: MembershipState
    shares_name: bool
    began_at: AwareDatetime


class Members(BaseModel):
    """Everybody who is invited to a community or belongs to it, in the order of their names."""

    items: list[Member]


@router.get("/communities/{key}/members")
async def members(key: CommunityKey, database: Store, caller: Who, now: Now) -> Members:
    """Who is invited or belongs: for coordinators, and for the convenors of this community."""
    async with database.pool.acquire(timeout=5) as conn:
        community = await rows.find(conn, key)
        await admit(conn, caller, community, now=now)
        return Members(items=await _members(conn, community.community_id))


@router.get("/communities/{key}/fellows")
async def seen_by_members(key: CommunityKey, database: Store, caller: Who) -> Fellows:
    """The members who agreed to be seen by members; 404 for whoever is none."""
    async with database.pool.acquire(timeout=5) as conn:
        community = await rows.find(conn, key)
        own = await standing(conn, community.community_id, caller.sub) if caller.sub else None
        if own is None or own.state not in BELONGS:
            raise NotFound
        return Fellows(items=await fellows(conn, community.community_id))


async def fellows(conn: Conn, community_id: UUID) -> list[Fellow]:
    """The members of a community who agreed that members see their names."""
    found = await conn.fetch(
        """
        SELECT name, organisation
          FROM membership JOIN member_contact USING (membership_id)
         WHERE community_id = $1 AND state IN ('active', 'on_break') AND shares_name
         ORDER BY name, membership_id
        """,
        community_id,
    )
    return [Fellow(**row) for row in found]


async def _members(conn: Conn, community_id: UUID) -> list[Member]:
    found = await conn.fetch(
        """
        SELECT membership_id, name, organisation, state, shares_name, began_at
          FROM membership JOIN member_contact USING (membership_id)
         WHERE community_id = $1 AND state <> 'left'
         ORDER BY name, membership_id
        """,
        community_id,
    )
    return [Member(**row) for row in found]
