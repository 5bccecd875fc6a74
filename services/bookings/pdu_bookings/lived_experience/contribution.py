"""What an expert contributed, that somebody asked how it was for them, and what they are owed."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from pdu_bookings.lived_experience.days import DayThatCame
from pdu_bookings.lived_experience.engagement import EngagementSeen, seen
from pdu_bookings.lived_experience.engagement_rows import engagement, lock_engagement
from pdu_bookings.rules.engagement import Step, debriefed_in_time
from pdu_shared import outbox
from pdu_shared.access import Who
from pdu_shared.contracts.bookings.lived_experience import (
    ArnsteinLevel,
    ContributionFeedbackDue,
    ContributionRole,
    ExpertContributed,
    ExpertDebriefed,
)
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import WRITTEN_AS_NUMBER, Form
from pdu_shared.local_time import local_day
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import Now, Store

router = APIRouter(
    prefix="/lived-experience/engagements/{engagement_id}", tags=["lived experience"]
)


class Contribution(Form):
    """What an expert did, and how much say they had in it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "contributed_on": "2026-10-14",
                    "role": "table_discussant",
                    "arnstein_level": "partnership",
                }
            ]
        }
    )

    contributed_on: DayThatCame
    role: ContributionRole
    arnstein_level: ArnsteinLevel = Field(description="The rung of Arnstein's ladder")


class Debrief(Form):
    """Somebody asked the expert how it was for them. What they said stays between the two."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"debriefed_on": "2026-10-15"}]})

    debriefed_on: DayThatCame


class Thanks(Form):
    """That an expert was thanked, what they were paid back, and the time they gave."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"thanked_on": "2026-10-16", "expenses_pence": 860, "minutes_given": 240}]
        }
    )

    thanked_on: DayThatCame
    expenses_pence: Annotated[int, Field(ge=0, le=1_000_000), WRITTEN_AS_NUMBER]
    minutes_given: Annotated[int, Field(ge=0, le=10_000), WRITTEN_AS_NUMBER]


@router.put("/contribution")
async def record_contribution(
    engagement_id: UUID, form: Contribution, database: Store, caller: Who, now: Now
) -> EngagementSeen:
    """Write down what an expert contributed; writing it down otherwise corrects it."""
    async with transaction(database) as conn:
        before = await lock_engagement(conn, engagement_id, caller, Step.CONTRIBUTE, now=now)
        days = local_day(before.facts.starts_at), local_day(before.facts.ends_at)
        if not days[0] <= form.contributed_on <= days[1]:
            fault = Fault("/contributed_on", "another-day", "The event was not on this day.")
            raise Refused(errors=[fault])
        await _write_contribution(conn, engagement_id, form)
        after = await engagement(conn, engagement_id)
        said = (before.facts.contributed_on, before.role, before.arnstein_level)
        if said != (form.contributed_on, form.role, form.arnstein_level):
            contributed = ExpertContributed(
                engagement_id=engagement_id,
                learning_event_id=after.learning_event_id,
                role=form.role,
                arnstein_level=form.arnstein_level,
            )
            await outbox.add(conn, contributed)
        if before.facts.contributed_on is None:
            due = ContributionFeedbackDue(
                engagement_id=engagement_id,
                learning_event_id=after.learning_event_id,
                feedback_id=after.feedback_id,
                days=after.facts.feedback_within.days,
            )
            await outbox.add(conn, due)
        return seen(after, before.standing(caller), now)


@router.put("/debrief")
async def record_debrief(
    engagement_id: UUID, form: Debrief, database: Store, caller: Who, now: Now
) -> EngagementSeen:
    """Write down that the expert was asked how it was. Of several times the first one counts."""
    async with transaction(database) as conn:
        before = await lock_engagement(conn, engagement_id, caller, Step.FOLLOW_UP, now=now)
        contributed_on = before.facts.contributed_on
        assert contributed_on is not None, "a follow-up follows a contribution"
        if form.debriefed_on < contributed_on:
            fault = Fault("/debriefed_on", "too-early", "This is before the contribution.")
            raise Refused(errors=[fault])
        if before.facts.debriefed_on is None:
            await _write_debrief(conn, engagement_id, form)
            debriefed = ExpertDebriefed(
                engagement_id=engagement_id,
                learning_event_id=before.learning_event_id,
                on_time=debriefed_in_time(form.debriefed_on, contributed_on),
            )
            await outbox.add(conn, debriefed)
        return seen(await engagement(conn, engagement_id), before.standing(caller), now)


@router.put("/thanks")
async def record_thanks(
    engagement_id: UUID, form: Thanks, database: Store, caller: Who, now: Now
) -> EngagementSeen:
    """Write down that the expert was thanked, with their expenses and their time."""
    async with transaction(database) as conn:
        before = await lock_engagement(conn, engagement_id, caller, Step.FOLLOW_UP, now=now)
        await _write_thanks(conn, engagement_id, form)
        return seen(await engagement(conn, engagement_id), before.standing(caller), now)


@router.post("/closure")
async def close(engagement_id: UUID, database: Store, caller: Who, now: Now) -> EngagementSeen:
    """Close an engagement once the expert has heard what came of it. Twice is once."""
    async with transaction(database) as conn:
        before = await lock_engagement(conn, engagement_id, caller, Step.CLOSE, now=now)
        await _mark_closed(conn, engagement_id, now)
        return seen(await engagement(conn, engagement_id), before.standing(caller), now)


async def _write_contribution(conn: Conn, engagement_id: UUID, form: Contribution) -> None:
    await conn.execute(
        """
        UPDATE lived_experience.engagement
           SET contributed_on = $2, role = $3, arnstein_level = $4
         WHERE engagement_id = $1
        """,
        engagement_id,
        form.contributed_on,
        form.role,
        form.arnstein_level,
    )


async def _write_debrief(conn: Conn, engagement_id: UUID, form: Debrief) -> None:
    await conn.execute(
        "UPDATE lived_experience.engagement SET debriefed_on = $2 WHERE engagement_id = $1",
        engagement_id,
        form.debriefed_on,
    )


async def _write_thanks(conn: Conn, engagement_id: UUID, form: Thanks) -> None:
    await conn.execute(
        """
        UPDATE lived_experience.engagement
           SET thanked_on = $2, expenses_pence = $3, minutes_given = $4
         WHERE engagement_id = $1
        """,
        engagement_id,
        form.thanked_on,
        form.expenses_pence,
        form.minutes_given,
    )


async def _mark_closed(conn: Conn, engagement_id: UUID, now: datetime) -> None:
    await conn.execute(
        """
        UPDATE lived_experience.engagement SET closed_at = coalesce(closed_at, $2)
         WHERE engagement_id = $1
        """,
        engagement_id,
        now,
    )
