"""Forgetting: names and addresses of bookings go 28 days after the event."""

from datetime import datetime

from pdu_bookings.place.hall import CONTACT_KEPT_FOR
from pdu_shared.database import Conn
from pdu_shared.local_time import local_day
from pdu_shared.retention import Retention


async def forget_contacts(conn: Conn, now: datetime) -> int:
    """Delete how to reach those whose event is over, and what they need; how many."""
    done: str = await conn.execute("DELETE FROM contact WHERE purge_on <= $1", local_day(now))
    return int(done.rsplit(maxsplit=1)[-1])


SCHEDULE = (
    Retention(
        data_class="bookings.contact",
        keeps="Name, address and needs of whoever booked, and what they wrote when they did",
        kept_for=CONTACT_KEPT_FOR,
        counted_from="the last session",
        apply=forget_contacts,
    ),
)
