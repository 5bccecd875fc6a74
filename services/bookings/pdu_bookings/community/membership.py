"""Memberships as rows: begun, changed and ended under the lock of their community."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import asyncpg

from pdu_bookings.community import rows
from pdu_bookings.community.rows import Community
from pdu_bookings.place.asking import AsAtTheTime
from pdu_shared.contracts.vocabulary import MembershipState
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7
from pdu_shared.problems import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """How somebody belongs to a community."""

    membership_id: UUID
    community_id: UUID
    key: str
    """Of the community."""
    person_id: UUID
    kept_as: UUID | None
    """The person that this one turned out to be."""
    state: MembershipState
    shares_name: bool

    @property
    def whose(self) -> UUID:
        """The person whose it is, as far as is known."""
        return self.kept_as or self.person_id


async def known_as(conn: Conn, person_id: UUID | None) -> UUID | None:
    """Who an id stands for: themselves, or the person that they turned out to be."""
    known: UUID | None = await conn.fetchval(
        "SELECT coalesce((SELECT kept_id FROM person_alias WHERE merged_id = $1), $1)", person_id
    )
    return known


async def membership(conn: Conn, membership_id: UUID) -> Membership:
    """The membership of this id. Raises NotFound."""
    row = await conn.fetchrow(
        """
        SELECT membership_id, community_id, key, person_id, kept_as, membership.state, shares_name
          FROM membership JOIN community USING (community_id)
         WHERE membership_id = $1
        """,
        membership_id,
    )
    if row is None:
        raise NotFound
    return _membership(row)


async def lock_membership(conn: Conn, membership_id: UUID) -> Membership:
    """The same, with its community locked: it stays as it is read. Raises NotFound."""
    await rows.lock(conn, (await membership(conn, membership_id)).key)
    return await membership(conn, membership_id)


async def standing(conn: Conn, community_id: UUID, person_id: UUID) -> Membership | None:
    """How a person belongs to a community; None if they never did, or left."""
    row = await conn.fetchrow(
        """
        SELECT membership_id, community_id, key, person_id, kept_as, membership.state, shares_name
          FROM membership JOIN community USING (community_id)
         WHERE community_id = $1
           AND coalesce(kept_as, person_id) = $2
           AND membership.state <> 'left'
        """,
        community_id,
        await known_as(conn, person_id),
    )
    return _membership(row) if row else None


async def all_standing(conn: Conn, community_id: UUID) -> list[Membership]:
    """Everybody who is invited to a community or belongs to it."""
    found = await conn.fetch(
        """
        SELECT membership_id, community_id, key, person_id, kept_as, membership.state, shares_name
          FROM membership JOIN community USING (community_id)
         WHERE community_id = $1 AND membership.state <> 'left'
         ORDER BY membership_id
        """,
        community_id,
    )
    return [_membership(row) for row in found]


async def begin(conn: Conn, community: Community, person_id: UUID, *, now: datetime) -> Membership:
    """Begin a membership, as an invitation."""
    known = await known_as(conn, person_id)
    member = Membership(
        membership_id=uuid7(),
        community_id=community.community_id,
        key=community.key,
        person_id=person_id,
        kept_as=None if known == person_id else known,
        state=MembershipState.INVITED,
        shares_name=False,
    )
    await conn.execute(
        """
        INSERT INTO membership (membership_id, community_id, person_id, kept_as, state,
                                shares_name, began_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        member.membership_id,
        member.community_id,
        member.person_id,
        member.kept_as,
        member.state,
        member.shares_name,
        now,
    )
    return member


async def describe(conn: Conn, membership_id: UUID, who: AsAtTheTime, *, shares_name: bool) -> None:
    """Make somebody an active member, as they are at the moment."""
    await conn.execute(
        """
        UPDATE membership
           SET state = 'active', shares_name = $2, organisation = $3, sector = $4,
               work_field = $5, role_level = $6, area = $7
         WHERE membership_id = $1
        """,
        membership_id,
        shares_name,
        who.organisation,
        who.sector,
        who.work_field,
        who.role_level,
        who.area,
    )


async def mark(conn: Conn, membership_id: UUID, state: MembershipState, *, now: datetime) -> None:
    """Change how somebody belongs to a community."""
    await conn.execute(
        "UPDATE membership SET state = $2, ended_at = $3 WHERE membership_id = $1",
        membership_id,
        state,
        now if state is MembershipState.LEFT else None,
    )


async def mark_shared(conn: Conn, membership_id: UUID, *, shares_name: bool) -> None:
    """Note whether other members may see somebody's name."""
    await conn.execute(
        "UPDATE membership SET shares_name = $2 WHERE membership_id = $1",
        membership_id,
        shares_name,
    )


async def keep_contact(
    conn: Conn, membership_id: UUID, name: str, address: str, *, until: date | None = None
) -> None:
    """Keep how to reach a member, or until a day somebody who is invited."""
    await conn.execute(
        """
        INSERT INTO member_contact (membership_id, name, address, purge_on)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (membership_id) DO UPDATE
           SET name = excluded.name, address = excluded.address, purge_on = excluded.purge_on
        """,
        membership_id,
        name,
        address,
        until,
    )


async def keep_contact_until(conn: Conn, membership_id: UUID, until: date | None) -> None:
    """Say when the name and address of somebody are forgotten; None while they are a member."""
    await conn.execute(
        "UPDATE member_contact SET purge_on = $2 WHERE membership_id = $1", membership_id, until
    )


async def convene_no_more(conn: Conn, membership_id: UUID) -> None:
    """Take somebody out of the rota: their sessions become gaps, or others' turns."""
    await conn.execute("DELETE FROM convenor WHERE membership_id = $1", membership_id)


def _membership(row: asyncpg.Record) -> Membership:
    return Membership(**{**row, "state": MembershipState(row["state"])})
