"""What came of a contribution, told to the expert; and how experts felt, told to nobody by name."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.lived_experience.days import DayThatCame
from pdu_bookings.lived_experience.engagement import EngagementSeen, seen
from pdu_bookings.lived_experience.engagement_rows import engagement, lock_engagement
from pdu_bookings.lived_experience.notice import issue
from pdu_bookings.lived_experience.private_text import write
from pdu_bookings.rules.engagement import Step
from pdu_bookings.rules.privacy import Standing, TextKind
from pdu_shared import outbox
from pdu_shared.access import Who
from pdu_shared.contracts.bookings.lived_experience import ContributionFeedbackGiven, ExpertNotice
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import WRITTEN_AS_NUMBER, Form, Paragraphs
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Here, Now, Store

SHOWN_FROM = 5
"""Fewer reflections could be traced to those who gave them."""

router = APIRouter(tags=["lived experience"])

Rating = Annotated[int, Field(ge=1, le=5), WRITTEN_AS_NUMBER]


class Feedback(Form):
    """What happened as a result of a contribution."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "The hostel has changed its rules about visitors.",
                    "given_on": "2026-11-20",
                }
            ]
        }
    )

    text: Paragraphs = Field(description="Read by the expert, their supporters, and coordinators")
    given_on: DayThatCame
    item_id: UUID | None = Field(
        default=None, description="The item of `you said, we did` that came of it"
    )


class Reflection(Form):
    """How it was for an expert: 1 is not at all, 5 is very much."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"listened_to": 5, "valued": 4}]})

    listened_to: Rating
    valued: Rating


class ReflectionsOfYear(BaseModel):
    """How experts felt in one year, on average."""

    year: int
    count: int
    listened_to: float
    valued: float


class Reflections(BaseModel):
    """How experts felt, in each year in which at least five of them said so."""

    items: list[ReflectionsOfYear]


@router.put("/lived-experience/engagements/{engagement_id}/feedback")
async def give_feedback(
    engagement_id: UUID, form: Feedback, runtime: Here, caller: Who, now: Now
) -> EngagementSeen:
    """Tell an expert what came of their contribution. A new wording replaces the one before."""
    async with transaction(runtime.database) as conn:
        before = await lock_engagement(conn, engagement_id, caller, Step.GIVE_FEEDBACK, now=now)
        contributed_on = before.facts.contributed_on
        assert contributed_on is not None, "feedback follows a contribution"
        if form.given_on < contributed_on:
            fault = Fault("/given_on", "too-early", "This is before the contribution.")
            raise Refused(errors=[fault])
        await write(conn, engagement_id, TextKind.FEEDBACK, form.text, now=now)
        await _write_feedback(conn, engagement_id, form)
        if before.facts.feedback_given_on is None:
            given = ContributionFeedbackGiven(
                engagement_id=engagement_id,
                learning_event_id=before.learning_event_id,
                feedback_id=before.feedback_id,
                days=(form.given_on - contributed_on).days,
            )
            await outbox.add(conn, given)
            await issue(conn, runtime, before, ExpertNotice.FEEDBACK_GIVEN, now=now)
        return seen(await engagement(conn, engagement_id), before.standing(caller), now)


@router.post("/lived-experience/engagements/{engagement_id}/reflection", status_code=204)
async def reflect(
    engagement_id: UUID, form: Reflection, database: Store, caller: Who, now: Now
) -> None:
    """Say how it was, once, if one likes. It is kept without whose it is."""
    async with transaction(database) as conn:
        found = await lock_engagement(conn, engagement_id, caller, Step.FOLLOW_UP, now=now)
        if found.standing(caller) is not Standing.EXPERT:
            raise NotFound
        if found.reflected:
            raise Conflict("You have said so already, and nobody can tell any more which is yours.")
        await _mark_reflected(conn, engagement_id)
        await _insert_reflection(conn, form, now)


@router.get("/lived-experience/reflections")
async def read_reflections(database: Store) -> Reflections:
    """How experts felt, year by year."""
    rows = await database.pool.fetch(
        """
        SELECT year, count(*) AS count, round(avg(listened_to), 1)::float AS listened_to,
               round(avg(valued), 1)::float AS valued
          FROM lived_experience.reflection
         GROUP BY year HAVING count(*) >= $1
         ORDER BY year
        """,
        SHOWN_FROM,
    )
    return Reflections(items=[ReflectionsOfYear(**row) for row in rows])


async def _write_feedback(conn: Conn, engagement_id: UUID, form: Feedback) -> None:
    await conn.execute(
        """
        UPDATE lived_experience.engagement
           SET feedback_given_on = coalesce(feedback_given_on, $2), item_id = $3
         WHERE engagement_id = $1
        """,
        engagement_id,
        form.given_on,
        form.item_id,
    )


async def _mark_reflected(conn: Conn, engagement_id: UUID) -> None:
    await conn.execute(
        "UPDATE lived_experience.engagement SET reflected = true WHERE engagement_id = $1",
        engagement_id,
    )


async def _insert_reflection(conn: Conn, form: Reflection, now: datetime) -> None:
    await conn.execute(
        """
        INSERT INTO lived_experience.reflection (reflection_id, year, listened_to, valued)
        VALUES ($1, $2, $3, $4)
        """,
        uuid4(),
        local_day(now).year,
        form.listened_to,
        form.valued,
    )
