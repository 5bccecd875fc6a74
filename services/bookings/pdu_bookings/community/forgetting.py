"""Forgetting: who left or never answered an invitation, and the words of what was settled."""

from datetime import date, datetime

from pdu_bookings.rules.community import CONTACT_KEPT_FOR, WORDS_KEPT_FOR
from pdu_shared.database import Conn
from pdu_shared.local_time import local_day
from pdu_shared.retention import Retention


async def forget_due(conn: Conn, now: datetime) -> int:
    """Forget how to reach those whose day has come, and end their invitations; how many."""
    today = local_day(now)
    await _lock_communities(conn, today)
    await _end_invitations(conn, now, today)
    return await _delete_contacts(conn, today)


async def forget_words(conn: Conn, now: datetime) -> int:
    """Forget the words of actions that were settled long ago; how many. That they were, stays."""
    done: str = await conn.execute(
        "UPDATE follow_up_action SET what = NULL WHERE settled_at <= $1 AND what IS NOT NULL",
        now - WORDS_KEPT_FOR,
    )
    return int(done.rsplit(maxsplit=1)[-1])


async def _lock_communities(conn: Conn, today: date) -> None:
    """An invitation is either accepted or over: who belongs changes under its community's lock."""
    await conn.execute(
        """
        SELECT
          FROM community
         WHERE EXISTS (SELECT
                         FROM membership JOIN member_contact USING (membership_id)
                        WHERE membership.community_id = community.community_id
                          AND purge_on <= $1)
         ORDER BY community_id
           FOR UPDATE
        """,
        today,
    )


async def _end_invitations(conn: Conn, now: datetime, today: date) -> None:
    await conn.execute(
        """
        UPDATE membership SET state = 'left', ended_at = $1
          FROM member_contact AS contact
         WHERE contact.membership_id = membership.membership_id
           AND contact.purge_on <= $2
           AND membership.state = 'invited'
        """,
        now,
        today,
    )


async def _delete_contacts(conn: Conn, today: date) -> int:
    done: str = await conn.execute("DELETE FROM member_contact WHERE purge_on <= $1", today)
    return int(done.rsplit(maxsplit=1)[-1])


SCHEDULE = (
    Retention(
        data_class="bookings.member_contact",
        keeps="Name and address of a member of a community who left, or was only invited",
        kept_for=CONTACT_KEPT_FOR,
        counted_from="leaving, or the invitation",
        apply=forget_due,
    ),
    Retention(
        data_class="bookings.follow_up_action",
        keeps="The words of what people at an event meant to do next",
        kept_for=WORDS_KEPT_FOR,
        counted_from="settling it",
        apply=forget_words,
    ),
)
