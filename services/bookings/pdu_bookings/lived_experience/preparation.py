"""Before the event: the briefing, who supports, and how much will be shared."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from pdu_bookings.lived_experience.contact import ContactWay
from pdu_bookings.lived_experience.days import DayThatCame
from pdu_bookings.lived_experience.engagement import EngagementSeen, seen
from pdu_bookings.lived_experience.engagement_rows import (
    Engagement,
    engagement,
    lock_engagement,
)
from pdu_bookings.rules.engagement import Step, in_time
from pdu_bookings.rules.privacy import Standing
from pdu_shared import outbox
from pdu_shared.access import Who
from pdu_shared.contracts.bookings.lived_experience import ExpertBriefed, ExpertSupportConfirmed
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(
    prefix="/lived-experience/engagements/{engagement_id}", tags=["lived experience"]
)


class BriefingPart(StrEnum):
    """What an expert needs to know before an event."""

    EVENT = "event"
    ROLE = "role"
    WHO_WILL_BE_THERE = "who_will_be_there"


class Brief(Form):
    """A briefing was held, and covered all that an expert needs to know."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "briefed_on": "2026-10-05",
                    "covered": ["event", "role", "who_will_be_there"],
                    "acknowledged": True,
                }
            ]
        }
    )

    briefed_on: DayThatCame
    covered: Annotated[
        frozenset[BriefingPart],
        Field(min_length=len(BriefingPart), description="A briefing covers all three"),
    ]
    acknowledged: bool = Field(
        default=False, description="Whether the expert said that they know what they need to know"
    )


class Support(Form):
    """Who is there for the expert during the event, and who afterwards, and how."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "supporter_during": "0b1c7a52-6d0e-8f3a-9a41-5f8f6f0c2d11",
                    "supporter_after": "0b1c7a52-6d0e-8f3a-9a41-5f8f6f0c2d11",
                    "debrief_way": "phone",
                }
            ]
        }
    )

    supporter_during: UUID = Field(description="The `sub` of an ambassador")
    supporter_after: UUID = Field(description="The `sub` of an ambassador, often the same")
    debrief_way: ContactWay = Field(description="How the expert wishes to be asked afterwards")


@router.put("/briefing")
async def brief(
    engagement_id: UUID, form: Brief, database: Store, caller: Who, now: Now
) -> EngagementSeen:
    """Write down a briefing. It counts once the expert has acknowledged it."""
    async with transaction(database) as conn:
        before = await lock_engagement(conn, engagement_id, caller, Step.PREPARE, now=now)
        acknowledged = form.acknowledged or before.acknowledged
        await _write_briefing(conn, engagement_id, form, caller.sub, acknowledged=acknowledged)
        return await _prepared(conn, before, before.standing(caller), now)


@router.post("/briefing/acknowledgement")
async def acknowledge(
    engagement_id: UUID, database: Store, caller: Who, now: Now
) -> EngagementSeen:
    """The expert knows what they need to know."""
    async with transaction(database) as conn:
        before = await lock_engagement(conn, engagement_id, caller, Step.PREPARE, now=now)
        if before.briefed_on is None:
            raise Conflict("There has been no briefing yet.")
        await _write_acknowledgement(conn, engagement_id)
        return await _prepared(conn, before, before.standing(caller), now)


@router.put("/support")
async def name_supporters(
    engagement_id: UUID, form: Support, database: Store, caller: Who, now: Now
) -> EngagementSeen:
    """Name who supports the expert during the event and afterwards."""
    async with transaction(database) as conn:
        before = await lock_engagement(conn, engagement_id, caller, Step.PREPARE, now=now)
        await _write_support(conn, engagement_id, form)
        return await _prepared(conn, before, before.standing(caller), now)


@router.post("/sharing-plan/agreement")
async def agree_sharing_plan(
    engagement_id: UUID, database: Store, caller: Who, now: Now
) -> EngagementSeen:
    """The supporter knows how much the expert will share, be it written down or only said."""
    async with transaction(database) as conn:
        before = await lock_engagement(conn, engagement_id, caller, Step.PREPARE, now=now)
        if before.standing(caller) is not Standing.SUPPORTER:
            raise NotFound
        await _write_agreement(conn, engagement_id)
        return seen(await engagement(conn, engagement_id), before.standing(caller), now)


async def _prepared(
    conn: Conn, before: Engagement, standing: Standing, now: datetime
) -> EngagementSeen:
    """Tell what this change has completed."""
    after = await engagement(conn, before.engagement_id)
    if after.facts.briefed and not before.facts.briefed:
        assert after.briefed_on is not None, "what was not held cannot be acknowledged"
        briefed = ExpertBriefed(
            engagement_id=after.engagement_id,
            learning_event_id=after.learning_event_id,
            on_time=in_time(after.briefed_on, after.facts),
        )
        await outbox.add(conn, briefed)
    if after.facts.supported and not before.facts.supported:
        confirmed = ExpertSupportConfirmed(
            engagement_id=after.engagement_id,
            learning_event_id=after.learning_event_id,
            on_time=in_time(local_day(now), after.facts),
        )
        await outbox.add(conn, confirmed)
    return seen(after, standing, now)


async def _write_briefing(
    conn: Conn, engagement_id: UUID, form: Brief, briefed_by: UUID | None, *, acknowledged: bool
) -> None:
    await conn.execute(
        """
        UPDATE lived_experience.engagement
           SET briefed_on = $2, briefed_by = $3, acknowledged = $4
         WHERE engagement_id = $1
        """,
        engagement_id,
        form.briefed_on,
        briefed_by,
        acknowledged,
    )


async def _write_acknowledgement(conn: Conn, engagement_id: UUID) -> None:
    await conn.execute(
        "UPDATE lived_experience.engagement SET acknowledged = true WHERE engagement_id = $1",
        engagement_id,
    )


async def _write_support(conn: Conn, engagement_id: UUID, form: Support) -> None:
    await conn.execute(
        """
        UPDATE lived_experience.engagement
           SET supporter_during = $2, supporter_after = $3, debrief_way = $4
         WHERE engagement_id = $1
        """,
        engagement_id,
        form.supporter_during,
        form.supporter_after,
        form.debrief_way,
    )


async def _write_agreement(conn: Conn, engagement_id: UUID) -> None:
    await conn.execute(
        "UPDATE lived_experience.engagement SET plan_agreed = true WHERE engagement_id = $1",
        engagement_id,
    )
