"""Members hold a place in each session of their community without asking for it each time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import structlog

from pdu_bookings.community.membership import Membership
from pdu_bookings.place.asking import Ask, Keys, Person
from pdu_bookings.place.booking import book
from pdu_bookings.place.cancellation import cancel
from pdu_bookings.place.hall import lock_halls
from pdu_shared.bus import current_thread
from pdu_shared.contracts.vocabulary import CancelledBy
from pdu_shared.database import Conn
from pdu_shared.idempotency import Key
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict, Problem

log = structlog.get_logger()


async def link_community(conn: Conn, learning_event_id: UUID) -> None:
    """Note and lock the community that the `series` of a session names, if it is one.

    Whoever joins meanwhile comes before or after what is done with the session.
    """
    await conn.execute(
        """
        WITH named AS (
            SELECT community_id
              FROM community
             WHERE key = (SELECT series
                            FROM learning_event
                           WHERE learning_event_id = $1 AND kind = 'cop_session')
               FOR UPDATE)
        UPDATE learning_event SET community_id = named.community_id
          FROM named
         WHERE learning_event_id = $1
        """,
        learning_event_id,
    )


async def enrol(
    conn: Conn, learning_event_id: UUID, keys: Keys, *, all_must_fit: bool, now: datetime
) -> None:
    """Give the active members of its community places at an event that is being published.

    Whoever has one keeps it. Raises Conflict when there are fewer places than members and all of
    them must fit; else those wait for whom there is none.
    """
    members = await _members_for(conn, learning_event_id)
    if all_must_fit and len(members) > await _smallest_capacity(conn, learning_event_id):
        raise Conflict(f"The community has {len(members)} members: each of them needs a place.")
    await _book(conn, members, keys, now=now)


async def enrol_member(conn: Conn, membership_id: UUID, keys: Keys, *, now: datetime) -> None:
    """Give a member a place in each coming session of their community."""
    await _book(conn, await _events_for(conn, membership_id, now), keys, now=now)


async def give_places_back(conn: Conn, member: Membership, *, now: datetime) -> None:
    """Give back what a member holds in coming sessions of their community."""
    bookings = await _coming_bookings(conn, member, now)
    # All of them first, in the order of their ids: otherwise two people could wait in a circle.
    await lock_halls(conn, [booking["learning_event_id"] for booking in bookings])
    for booking in bookings:
        await cancel(conn, booking["booking_id"], by=CancelledBy.PERSON, now=now)


async def _book(conn: Conn, rows: Sequence[asyncpg.Record], keys: Keys, *, now: datetime) -> None:
    if not rows:
        return
    answers = await book(conn, [_ask(row) for row in rows], keys, now=now)
    refused = sum(isinstance(answer, Problem) for answer in answers)
    log.info("enrolled", asked=len(rows), refused=refused)


def _ask(row: asyncpg.Record) -> Ask:
    person = Person(
        name=row["name"],
        email=row["address"],
        sector=row["sector"],
        work_field=row["work_field"],
        role_level=row["role_level"],
        area=row["area"],
        organisation=row["organisation"],
        heard_about=None,
    )
    # Nobody repeats this request: a key of its own, so that it never gets an older answer.
    key = Key("bookings", "enrolment", str(uuid7()), b"")
    return Ask(row["learning_event_id"], person, key, current_thread())


async def _smallest_capacity(conn: Conn, learning_event_id: UUID) -> int:
    capacity: int = await conn.fetchval(
        "SELECT min(capacity) FROM session WHERE learning_event_id = $1", learning_event_id
    )
    return capacity


async def _members_for(conn: Conn, learning_event_id: UUID) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT learning_event_id, name, address, organisation, sector, work_field, role_level, area
          FROM learning_event
          JOIN membership USING (community_id)
          JOIN member_contact USING (membership_id)
         WHERE learning_event_id = $1 AND membership.state = 'active'
         ORDER BY membership_id
        """,
        learning_event_id,
    )


async def _events_for(conn: Conn, membership_id: UUID, now: datetime) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT learning_event_id, name, address, organisation, sector, work_field, role_level, area
          FROM membership
          JOIN member_contact USING (membership_id)
          JOIN learning_event AS event USING (community_id)
         WHERE membership_id = $1
           AND event.state = 'published'
           AND $2 < (SELECT min(starts_at)
                       FROM session
                      WHERE session.learning_event_id = event.learning_event_id)
         ORDER BY learning_event_id
        """,
        membership_id,
        now,
    )


async def _coming_bookings(conn: Conn, member: Membership, now: datetime) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT booking_id, learning_event_id
          FROM booking JOIN learning_event AS event USING (learning_event_id)
         WHERE event.community_id = $1
           AND coalesce(booking.kept_as, booking.person_id) = $2
           AND booking.active
           AND event.state IN ('published', 'postponed')
           AND $3 < (SELECT min(starts_at)
                       FROM session
                      WHERE session.learning_event_id = event.learning_event_id)
         ORDER BY booking_id
        """,
        member.community_id,
        member.whose,
        now,
    )
