"""Engagements: what an expert takes part in, for as much or as little as they like."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.lived_experience.contact import ContactWay
from pdu_bookings.lived_experience.engagement_rows import (
    Engagement,
    Wanted,
    engagement,
    engagements,
    lock_engagement,
)
from pdu_bookings.rules.engagement import EngagementState, Missing, Step, missing, state_of
from pdu_bookings.rules.privacy import Standing
from pdu_shared.access import Who
from pdu_shared.contracts.bookings.lived_experience import ArnsteinLevel, ContributionRole
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["lived experience"])

HowMuch = Literal["little", "some", "much"]


class ChangeInvolvement(Form):
    """What an expert would rather do, and how much of it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"role": "co_facilitator", "involvement": "much"}]}
    )

    role: ContributionRole
    involvement: HowMuch


class EngagementSeen(BaseModel):
    """An expert's involvement in a learning event. A coordinator is not told whose it is."""

    engagement_id: UUID
    learning_event_id: UUID
    expert_id: UUID | None = Field(description="None for a coordinator")
    starts_at: datetime
    state: EngagementState
    missing: list[Missing] = Field(description="What the expert still needs before the event")
    role: ContributionRole
    involvement: HowMuch
    opted_in_on: date
    briefed_on: date | None
    acknowledged: bool = Field(description="Whether the expert knows what they need to know")
    pre_meeting_at: datetime | None
    pre_meeting_place: str | None
    supporter_during: UUID | None
    supporter_after: UUID | None
    plan_agreed: bool
    contributed_on: date | None
    arnstein_level: ArnsteinLevel | None
    debrief_way: ContactWay | None
    debriefed_on: date | None
    thanked_on: date | None
    expenses_pence: int | None
    minutes_given: int | None
    feedback_until: date | None
    feedback_given_on: date | None
    item_id: UUID | None = Field(description="The item of `you said, we did` that came of it")


class Engagements(BaseModel):
    """Engagements that the caller may see, soonest event first."""

    items: list[EngagementSeen]


@router.get("/lived-experience/engagements")
async def read_engagements(
    database: Store,
    caller: Who,
    now: Now,
    learning_event_id: Annotated[UUID | None, Query(description="Only of this event")] = None,
) -> Engagements:
    """An expert's own engagements, those an ambassador supports, or, nameless, all of them."""
    wanted = Wanted(learning_event_id=learning_event_id, seen_by=caller)
    async with database.pool.acquire(timeout=5) as conn:
        found = await engagements(conn, wanted)
    return Engagements(items=[seen(one, one.standing(caller), now) for one in found])


@router.get("/lived-experience/engagements/{engagement_id}")
async def read_engagement(
    engagement_id: UUID, database: Store, caller: Who, now: Now
) -> EngagementSeen:
    """One engagement, as much of it as the caller may see."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await engagement(conn, engagement_id)
    return seen(found, found.standing(caller), now)


@router.put("/lived-experience/engagements/{engagement_id}/involvement")
async def change_involvement(
    engagement_id: UUID, form: ChangeInvolvement, database: Store, caller: Who, now: Now
) -> EngagementSeen:
    """Do something else, or more, or less."""
    async with transaction(database) as conn:
        before = await lock_engagement(conn, engagement_id, caller, Step.CHANGE, now=now)
        await _change(conn, engagement_id, form)
        return seen(await engagement(conn, engagement_id), before.standing(caller), now)


def seen(found: Engagement, standing: Standing, now: datetime) -> EngagementSeen:
    """An engagement as somebody may see it who stands so to its expert."""
    facts = found.facts
    return EngagementSeen(
        engagement_id=found.engagement_id,
        learning_event_id=found.learning_event_id,
        expert_id=None if standing is Standing.COORDINATOR else found.expert.expert_id,
        starts_at=facts.starts_at,
        state=state_of(facts, now),
        missing=list(missing(facts)),
        role=found.role,
        involvement=found.involvement,
        opted_in_on=found.opted_in_on,
        briefed_on=found.briefed_on,
        acknowledged=found.acknowledged,
        pre_meeting_at=found.pre_meeting_at,
        pre_meeting_place=found.pre_meeting_place,
        supporter_during=found.supporter_during,
        supporter_after=found.supporter_after,
        plan_agreed=facts.plan_agreed,
        contributed_on=facts.contributed_on,
        arnstein_level=found.arnstein_level,
        debrief_way=found.debrief_way,
        debriefed_on=facts.debriefed_on,
        thanked_on=found.thanked_on,
        expenses_pence=found.expenses_pence,
        minutes_given=found.minutes_given,
        feedback_until=facts.feedback_until,
        feedback_given_on=facts.feedback_given_on,
        item_id=found.item_id,
    )


async def _change(conn: Conn, engagement_id: UUID, form: ChangeInvolvement) -> None:
    await conn.execute(
        """
        UPDATE lived_experience.engagement SET role = $2, involvement = $3
         WHERE engagement_id = $1
        """,
        engagement_id,
        form.role,
        form.involvement,
    )
