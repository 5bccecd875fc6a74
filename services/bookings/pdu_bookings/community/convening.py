"""Who convenes a community: named for it in the rota, while their commitment lasts."""

from datetime import datetime
from uuid import UUID

from pdu_bookings.community.membership import known_as
from pdu_bookings.community.rows import Community
from pdu_shared.access import Caller, Role
from pdu_shared.database import Conn
from pdu_shared.local_time import local_day
from pdu_shared.problems import NotFound


async def admit(conn: Conn, caller: Caller, community: Community, *, now: datetime) -> None:
    """Let in coordinators and those who convene this community; for others it is not there."""
    if not await is_admitted(conn, caller, community, now=now):
        raise NotFound


async def is_admitted(conn: Conn, caller: Caller, community: Community, *, now: datetime) -> bool:
    """Whether a caller looks after this community: as a coordinator, or by convening it."""
    if caller.has(Role.COORDINATOR):
        return True
    return caller.has(Role.COP_CONVENOR) and await _is_named(conn, caller, community, now)


async def convenes(conn: Conn, caller: Caller, session_id: UUID) -> bool:
    """Whether a caller convenes the community of this session, on the day of the session."""
    if not caller.has(Role.COP_CONVENOR):
        return False
    named: bool = await conn.fetchval(
        """
        SELECT EXISTS (
               SELECT
                 FROM session
                 JOIN learning_event USING (learning_event_id)
                 JOIN convenor USING (community_id)
                 JOIN membership USING (membership_id)
                WHERE session_id = $1
                  AND coalesce(kept_as, person_id) = $2
                  AND starts_local::date BETWEEN starts_on AND ends_on)
        """,
        session_id,
        await known_as(conn, caller.sub),
    )
    return named


async def look_after(conn: Conn, caller: Caller, learning_event_id: UUID, *, now: datetime) -> None:
    """Let in coordinators and those who convene the community of this learning event.

    Raises NotFound for others.
    """
    if caller.has(Role.COORDINATOR):
        return
    named: bool = await conn.fetchval(
        """
        SELECT EXISTS (
               SELECT
                 FROM learning_event
                 JOIN convenor USING (community_id)
                 JOIN membership USING (membership_id)
                WHERE learning_event_id = $1
                  AND coalesce(kept_as, person_id) = $2
                  AND ends_on >= $3)
        """,
        learning_event_id,
        await known_as(conn, caller.sub),
        local_day(now),
    )
    if not named:
        raise NotFound


async def _is_named(conn: Conn, caller: Caller, community: Community, now: datetime) -> bool:
    """Whether somebody convenes, or will: sessions are opened before they begin."""
    named: bool = await conn.fetchval(
        """
        SELECT EXISTS (
               SELECT
                 FROM convenor JOIN membership USING (membership_id)
                WHERE convenor.community_id = $1
                  AND coalesce(kept_as, person_id) = $2
                  AND ends_on >= $3)
        """,
        community.community_id,
        await known_as(conn, caller.sub),
        local_day(now),
    )
    return named
