"""What came of a contribution in the end: the ambassador tells the expert when it is done.

In person, however the expert likes to hear from us: it may be good news or none.
"""

from uuid import uuid5

from pdu_shared.contracts.bookings.lived_experience import ExpertNotice
from pdu_shared.contracts.resources.change import SaidState
from pdu_shared.contracts.resources.voice import WeDidReported
from pdu_shared.database import Conn

WORTH_TELLING = frozenset({SaidState.DONE, SaidState.NOT_DONE_WITH_REASON})


async def have_it_told(conn: Conn, message: WeDidReported) -> None:
    """Ask the ambassador to tell it, once. Whoever has withdrawn is left alone."""
    if message.engagement_id is None or message.state not in WORTH_TELLING:
        return
    await conn.execute(
        """
        INSERT INTO lived_experience.notice (notice_id, engagement_id, template, issued_on)
        SELECT $1, engagement_id, $3, $4
          FROM lived_experience.engagement
         WHERE engagement_id = $2 AND withdrawn_at IS NULL
            ON CONFLICT (notice_id) DO NOTHING
        """,
        uuid5(message.item_id, message.state),
        message.engagement_id,
        ExpertNotice.WHAT_WAS_DONE,
        message.changed_on,
    )
