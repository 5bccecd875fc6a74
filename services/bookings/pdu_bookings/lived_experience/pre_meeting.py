"""Meeting before the event: an expert and those who hold it get to know one another."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict

from pdu_bookings.lived_experience.engagement import EngagementSeen, seen
from pdu_bookings.lived_experience.engagement_rows import engagement, lock_engagement
from pdu_bookings.lived_experience.notice import issue
from pdu_bookings.rules.engagement import Step
from pdu_shared.access import Who
from pdu_shared.contracts.bookings.lived_experience import ExpertNotice
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, LocalMoment, OneLine
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Here, Now

router = APIRouter(tags=["lived experience"])


class PreMeeting(Form):
    """When and where the expert and those who hold the event meet beforehand."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"starts_at": "2027-01-07T13:00", "place": "Sneinton Hermitage"}]
        }
    )

    starts_at: LocalMoment
    place: OneLine


@router.put("/lived-experience/engagements/{engagement_id}/pre-meeting")
async def arrange_pre_meeting(
    engagement_id: UUID, form: PreMeeting, runtime: Here, caller: Who, now: Now
) -> EngagementSeen:
    """Arrange to meet before the event; the expert is told, once for each time and place."""
    async with transaction(runtime.database) as conn:
        before = await lock_engagement(conn, engagement_id, caller, Step.PREPARE, now=now)
        if not now < form.starts_at < before.facts.starts_at:
            raise Conflict("People meet beforehand between now and the event.")
        await _write_pre_meeting(conn, engagement_id, form)
        after = await engagement(conn, engagement_id)
        if (before.pre_meeting_at, before.pre_meeting_place) != (form.starts_at, form.place):
            await issue(conn, runtime, after, ExpertNotice.PRE_MEETING, now=now)
        return seen(after, before.standing(caller), now)


async def _write_pre_meeting(conn: Conn, engagement_id: UUID, form: PreMeeting) -> None:
    await conn.execute(
        """
        UPDATE lived_experience.engagement SET pre_meeting_at = $2, pre_meeting_place = $3
         WHERE engagement_id = $1
        """,
        engagement_id,
        form.starts_at,
        form.place,
    )
