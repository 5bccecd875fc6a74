"""What communities keep about their members: their copy of it, and how it is forgotten."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pdu_bookings.community.belonging import leave
from pdu_bookings.community.membership import membership
from pdu_shared.database import Conn
from pdu_shared.holding import Holding


async def leave_all(conn: Conn, person_ids: Sequence[UUID], now: datetime) -> int:
    """Have whoever is forgotten leave their communities."""
    rows = await conn.fetch(
        """
        SELECT membership_id
          FROM membership
         WHERE person_id = ANY ($1::uuid[]) AND state <> 'left'
         ORDER BY membership_id
           FOR UPDATE
        """,
        person_ids,
    )
    for row in rows:
        await leave(conn, await membership(conn, row["membership_id"]), now=now)
    return len(rows)


HOLDINGS = (
    Holding(
        table="membership",
        words="The Communities of Practice you belong to, or belonged to",
        copy="""
            SELECT membership_id, community.name AS community, membership.state, shares_name,
                   organisation, sector, work_field, role_level, area, began_at, ended_at,
                   member_contact.name, member_contact.address
              FROM membership JOIN community USING (community_id)
              LEFT JOIN member_contact USING (membership_id)
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget=leave_all,
        stays="Under an id that no longer leads to anybody, so that figures stay as they were.",
        also=("convenor", "community_second", "community", "community_change"),
    ),
    Holding(
        table="member_contact",
        words="How to reach you about a community",
        forget="""
            DELETE FROM member_contact USING membership
             WHERE membership.membership_id = member_contact.membership_id
               AND person_id = ANY ($1::uuid[])
            """,
    ),
    Holding(
        table="membership.organisation",
        words="The organisation as you typed it",
        forget="""
            UPDATE membership SET organisation = NULL
             WHERE person_id = ANY ($1::uuid[]) AND organisation IS NOT NULL
            """,
    ),
    Holding(
        table="follow_up_action",
        words="What you meant to do after a learning event",
        copy="""
            SELECT action_id, learning_event.title AS learning_event,
                   what, due_on, follow_up_action.state
              FROM follow_up_action JOIN learning_event USING (learning_event_id)
             WHERE owner_person_id = ANY ($1::uuid[])
            """,
        forget="""
            UPDATE follow_up_action SET what = NULL
             WHERE owner_person_id = ANY ($1::uuid[]) AND what IS NOT NULL
            """,
        stays="That there was an action, and what became of it, without its words.",
    ),
)
