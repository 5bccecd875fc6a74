"""Forgetting: who suggested, offered or spoke, and concerns that were closed long ago."""

from datetime import datetime

from pdu_bookings.rules.concern import KEPT_FOR
from pdu_bookings.rules.speaker import KEPT_AFTERWARDS
from pdu_shared.database import Conn
from pdu_shared.local_time import local_day
from pdu_shared.retention import Retention


async def forget_due(conn: Conn, now: datetime) -> int:
    """Delete the names and addresses that are due, and old concerns; how many."""
    return await forget_people(conn, now) + await forget_concerns(conn, now)


async def forget_people(conn: Conn, now: datetime) -> int:
    """Delete the names and addresses that are due; how many."""
    forgotten: int = await conn.fetchval(
        """
        WITH topics      AS (DELETE FROM topic_contact WHERE purge_on <= $1 RETURNING 1),
             offers      AS (DELETE FROM speaker_offer_contact WHERE purge_on <= $1 RETURNING 1),
             assignments AS (DELETE FROM assignment_contact WHERE purge_on <= $1 RETURNING 1)
        SELECT (SELECT count(*) FROM topics) + (SELECT count(*) FROM offers)
             + (SELECT count(*) FROM assignments)
        """,
        local_day(now),
    )
    return forgotten


async def forget_concerns(conn: Conn, now: datetime) -> int:
    """Delete the concerns that were closed long ago; how many."""
    done: str = await conn.execute("DELETE FROM concern WHERE closed_at <= $1", now - KEPT_FOR)
    return int(done.rsplit(maxsplit=1)[-1])


SCHEDULE = (
    Retention(
        data_class="bookings.topic_and_speaker_contact",
        keeps="Name and address of whoever suggested a topic, offered to speak, or spoke",
        kept_for=KEPT_AFTERWARDS,
        counted_from="the answer or the session; a year where there was no answer",
        apply=forget_people,
    ),
    Retention(
        data_class="bookings.concern",
        keeps="What troubled somebody at a session, and what was done about it",
        kept_for=KEPT_FOR,
        counted_from="closing it",
        apply=forget_concerns,
    ),
)
