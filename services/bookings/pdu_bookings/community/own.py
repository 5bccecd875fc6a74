"""Memberships of whoever has signed in, and those that a coordinator looks after."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from pdu_bookings.community.belonging import Become, change
from pdu_bookings.community.membership import Membership, known_as, lock_membership, membership
from pdu_bookings.place.asking import Keys
from pdu_shared.access import Role, Who
from pdu_shared.contracts.vocabulary import MembershipState
from pdu_shared.database import Conn, transaction
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Here, Now, Store

router = APIRouter(tags=["communities"])


class OwnMembership(BaseModel):
    """How whoever asks belongs to a community."""

    membership_id: UUID
    community: str
    state: MembershipState
    shares_name: bool


class OwnMemberships(BaseModel):
    """The communities to which whoever asks is invited or belongs."""

    items: list[OwnMembership]


@router.get("/memberships")
async def own(database: Store, caller: Who) -> OwnMemberships:
    """The communities to which you are invited, or belong."""
    async with database.pool.acquire(timeout=5) as conn:
        return OwnMemberships(items=await _of(conn, caller.sub) if caller.sub else [])


@router.put("/memberships/{membership_id}/state")
async def belong_by_id(
    membership_id: UUID, form: Become, here: Here, caller: Who, now: Now
) -> OwnMembership:
    """Take a break, come back, or leave: a member for themselves, a coordinator for anybody."""
    async with transaction(here.database) as conn:
        member = await lock_membership(conn, membership_id)
        if member.whose != await known_as(conn, caller.sub) and not caller.has(Role.COORDINATOR):
            raise NotFound
        await change(conn, member, form.state, Keys.of(here), now=now)
        return _seen(await membership(conn, membership_id))


def _seen(member: Membership) -> OwnMembership:
    return OwnMembership(
        membership_id=member.membership_id,
        community=member.key,
        state=member.state,
        shares_name=member.shares_name,
    )


async def _of(conn: Conn, person_id: UUID) -> list[OwnMembership]:
    rows = await conn.fetch(
        """
        SELECT membership_id, key AS community, membership.state, shares_name
          FROM membership JOIN community USING (community_id)
         WHERE coalesce(kept_as, person_id) = $1 AND membership.state <> 'left'
         ORDER BY key
        """,
        await known_as(conn, person_id),
    )
    return [OwnMembership(**row) for row in rows]
