"""What an expert is to be told, as they chose: by e-mail, text message, or their ambassador."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from fastapi import APIRouter

from pdu_bookings.lived_experience.contact import ContactWay
from pdu_bookings.lived_experience.engagement_rows import Engagement
from pdu_shared import outbox
from pdu_shared.access import Who
from pdu_shared.contracts.bookings.lived_experience import ExpertNotice, ExpertNoticeIssued
from pdu_shared.contracts.vocabulary import Channel
from pdu_shared.database import Conn, transaction
from pdu_shared.local_time import local_day
from pdu_shared.phone import number
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Runtime, Store

router = APIRouter(tags=["lived experience"])

TRIED_JUST_NOW = timedelta(minutes=1)
"""Two words of not being reached within that are one."""
BY_ITSELF = {ContactWay.EMAIL: Channel.EMAIL, ContactWay.SMS: Channel.SMS}
"""The ways that notifications goes; the ambassador goes the others."""


@router.post("/lived-experience/notices/{notice_id}/telling", status_code=204)
async def note_told(notice_id: UUID, database: Store, caller: Who, now: Now) -> None:
    """Write down that the expert has been told. Twice is once."""
    async with transaction(database) as conn:
        if not await _mark_told(conn, notice_id, caller.sub, now):
            raise NotFound


@router.post("/lived-experience/notices/{notice_id}/not-reached", status_code=204)
async def note_not_reached(notice_id: UUID, database: Store, caller: Who, now: Now) -> None:
    """Write down that the expert was not reached: it stays a task. Twice in a minute is once."""
    async with transaction(database) as conn:
        if not await _mark_tried(conn, notice_id, caller.sub, now):
            raise NotFound


async def issue(
    conn: Conn, runtime: Runtime, engagement: Engagement, notice: ExpertNotice, *, now: datetime
) -> None:
    """See to it that the expert is told: sealed for a letter, or as a task of the ambassador."""
    notice_id, expert = uuid4(), engagement.expert
    channel = BY_ITSELF.get(expert.contact_way)
    if channel is None or expert.reach is None:
        await _insert(conn, notice_id, engagement.engagement_id, notice, now)
        return
    issued = ExpertNoticeIssued(
        notice_id=notice_id,
        person_id=expert.person_id,
        channel=channel,
        address=number(expert.reach) if channel is Channel.SMS else expert.reach,
        ambassador_id=expert.ambassador_id,
        name=expert.preferred_name,
        template=notice,
        learning_event_id=engagement.learning_event_id,
        pre_meeting_at=engagement.pre_meeting_at,
        pre_meeting_place=engagement.pre_meeting_place,
    )
    await outbox.add(conn, outbox.sealed(issued, runtime.sealer))


async def _insert(
    conn: Conn, notice_id: UUID, engagement_id: UUID, notice: ExpertNotice, now: datetime
) -> None:
    await conn.execute(
        """
        INSERT INTO lived_experience.notice (notice_id, engagement_id, template, issued_on)
        VALUES ($1, $2, $3, $4)
        """,
        notice_id,
        engagement_id,
        notice,
        local_day(now),
    )


async def _mark_tried(conn: Conn, notice_id: UUID, teller: UUID | None, now: datetime) -> bool:
    """Whether there is such a notice to tell, for somebody whom the caller supports."""
    marked: bool | None = await conn.fetchval(
        """
        UPDATE lived_experience.notice
           SET tries = tries + CASE WHEN tried_at > $4 THEN 0 ELSE 1 END, tried_at = $3
          FROM lived_experience.involvement
         WHERE notice_id = $1 AND involvement.engagement_id = notice.engagement_id
           AND told_at IS NULL AND $2 IN (ambassador_id, supporter_during, supporter_after)
     RETURNING true
        """,
        notice_id,
        teller,
        now,
        now - TRIED_JUST_NOW,
    )
    return bool(marked)


async def _mark_told(conn: Conn, notice_id: UUID, teller: UUID | None, now: datetime) -> bool:
    """Whether there is such a notice for somebody whom the caller supports."""
    marked: bool | None = await conn.fetchval(
        """
        UPDATE lived_experience.notice SET told_at = coalesce(told_at, $3)
          FROM lived_experience.involvement
         WHERE notice_id = $1 AND involvement.engagement_id = notice.engagement_id
           AND $2 IN (ambassador_id, supporter_during, supporter_after)
     RETURNING true
        """,
        notice_id,
        teller,
        now,
    )
    return bool(marked)
