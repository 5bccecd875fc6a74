"""Telling who supports somebody at which event: sealed, and without who that somebody is."""

from pdu_bookings.lived_experience.expert_rows import Expert
from pdu_shared import outbox
from pdu_shared.contracts.bookings.lived_experience import ExpertSupported
from pdu_shared.database import Conn
from pdu_shared.runtime import Runtime


async def tell_support(conn: Conn, runtime: Runtime, expert: Expert) -> None:
    """Tell who supports an expert at each event that they have a part in, up to the debrief."""
    rows = await conn.fetch(
        """
        SELECT engagement_id, learning_event_id
          FROM lived_experience.engagement
          JOIN lived_experience.opportunity USING (opportunity_id)
         WHERE expert_id = $1 AND withdrawn_at IS NULL AND debriefed_on IS NULL
         ORDER BY engagement_id
        """,
        expert.expert_id,
    )
    told = [ExpertSupported(**row, ambassador_id=expert.ambassador_id) for row in rows]
    await outbox.add(conn, *(outbox.sealed(one, runtime.sealer) for one in told))
