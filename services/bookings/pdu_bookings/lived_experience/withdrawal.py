"""Withdrawing, from one event or altogether: at any time, and nobody asks why."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from pdu_bookings.lived_experience.engagement import EngagementSeen, seen
from pdu_bookings.lived_experience.engagement_rows import (
    Engagement,
    Wanted,
    engagement,
    engagements,
    lock_engagement,
)
from pdu_bookings.lived_experience.expert_rows import lock_expert, mark_withdrawn
from pdu_bookings.rules.engagement import Step
from pdu_shared import outbox
from pdu_shared.access import Who
from pdu_shared.contracts.bookings.lived_experience import ExpertWithdrew
from pdu_shared.database import Conn, transaction
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["lived experience"])


@router.post("/lived-experience/engagements/{engagement_id}/withdrawal")
async def withdraw_from_event(
    engagement_id: UUID, database: Store, caller: Who, now: Now
) -> EngagementSeen:
    """Take no part in this event after all. Nobody asks why. Twice is once."""
    async with transaction(database) as conn:
        before = await lock_engagement(conn, engagement_id, caller, Step.WITHDRAW, now=now)
        await _withdraw(conn, [before], now)
        return seen(await engagement(conn, engagement_id), before.standing(caller), now)


@router.post("/lived-experience/experts/{expert_id}/withdrawal", status_code=204)
async def withdraw_altogether(expert_id: UUID, database: Store, caller: Who, now: Now) -> None:
    """Leave the register and every event. From then on there is nothing here, and nothing asked."""
    async with transaction(database) as conn:
        expert = await lock_expert(conn, expert_id)
        expert.standing(caller)
        await withdraw_from_all(conn, expert_id, now=now)
        await mark_withdrawn(conn, expert_id, now)


async def withdraw_from_all(conn: Conn, expert_id: UUID, *, now: datetime) -> None:
    """Withdraw an expert from everything that is not closed."""
    own = await engagements(conn, Wanted(expert_id=expert_id))
    await _withdraw(conn, [one for one in own if not one.facts.closed], now)


async def _withdraw(conn: Conn, found: Sequence[Engagement], now: datetime) -> None:
    """Mark these as withdrawn, and tell it of those that were not."""
    newly = [one for one in found if not one.facts.withdrawn]
    await _mark_withdrawn(conn, [one.engagement_id for one in newly], now)
    told = (
        ExpertWithdrew(
            engagement_id=one.engagement_id,
            learning_event_id=one.learning_event_id,
            opportunity_id=one.opportunity_id,
        )
        for one in newly
    )
    await outbox.add(conn, *told)


async def _mark_withdrawn(conn: Conn, engagement_ids: Sequence[UUID], now: datetime) -> None:
    await conn.execute(
        """
        UPDATE lived_experience.engagement SET withdrawn_at = $2
         WHERE engagement_id = ANY ($1::uuid[])
        """,
        engagement_ids,
        now,
    )
