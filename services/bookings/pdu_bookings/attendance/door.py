"""Who is let in at the door of a session, and when they may write its register."""

from datetime import datetime
from uuid import UUID

from pdu_bookings.attendance.rows import Recorder
from pdu_bookings.attendance.sitting import Sitting
from pdu_bookings.community.convening import convenes
from pdu_bookings.rules.attendance import why_no_more, why_not_yet
from pdu_bookings.topic.speakers import assigned
from pdu_shared.access import Caller, Role
from pdu_shared.database import Conn
from pdu_shared.problems import Conflict, NotFound


async def let_in(conn: Conn, caller: Caller, session_id: UUID) -> None:
    """Let in coordinators, who convenes its community, and who has said yes to speaking at it.

    For others it is not there: raises NotFound.
    """
    if not (
        caller.has(Role.COORDINATOR)
        or await convenes(conn, caller, session_id)
        or await assigned(conn, caller, session_id)
    ):
        raise NotFound


async def recorder(conn: Conn, caller: Caller, sitting: Sitting, *, now: datetime) -> Recorder:
    """Who writes something down of this session.

    Raises NotFound for whoever is not let in, and Conflict when it is not the time for it.
    """
    await let_in(conn, caller, sitting.session_id)
    by = Recorder.of(caller)
    because = why_not_yet(sitting.starts_at, now=now)
    if by.role is not Role.COORDINATOR:
        because = because or why_no_more(sitting.ends_at, now=now)
    if because:
        raise Conflict(because)
    return by
