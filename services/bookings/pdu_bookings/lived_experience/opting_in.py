"""Opting in: for each event anew, by the expert or as they told their ambassador."""

from datetime import date, datetime
from functools import partial
from uuid import UUID, uuid4

import asyncpg
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from pdu_bookings.lived_experience.days import DayThatCame
from pdu_bookings.lived_experience.engagement import EngagementSeen, HowMuch, seen
from pdu_bookings.lived_experience.engagement_rows import engagement
from pdu_bookings.lived_experience.expert_rows import Expert, experts_of, lock_expert
from pdu_bookings.lived_experience.notice import issue
from pdu_bookings.lived_experience.support import tell_support
from pdu_shared import outbox
from pdu_shared.access import Caller, Role, Who
from pdu_shared.contracts.bookings.lived_experience import (
    ContributionRole,
    ExpertNotice,
    ExpertOptedIn,
)
from pdu_shared.database import Conn
from pdu_shared.forms import Form
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Here, Now, Runtime

router = APIRouter(tags=["lived experience"])


class OptIn(Form):
    """An expert would like to take part: they say so, or told their ambassador."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "opportunity_id": "1f3c9a80-27d4-4f0b-9d52-2f8c0a6b7e10",
                    "role": "table_discussant",
                    "involvement": "little",
                },
                {
                    "opportunity_id": "1f3c9a80-27d4-4f0b-9d52-2f8c0a6b7e10",
                    "expert_id": "6c0b7f0e-3a55-4a3e-8f4b-0a4f7a1f3d55",
                    "role": "panel",
                    "involvement": "some",
                    "told_on": "2026-10-02",
                },
            ]
        }
    )

    opportunity_id: UUID
    expert_id: UUID | None = Field(
        default=None, description="Whom the caller supports; left out by an expert"
    )
    role: ContributionRole
    involvement: HowMuch = Field(description="As little or as much as they want")
    told_on: DayThatCame | None = Field(
        default=None, description="When they told their ambassador; today when left out"
    )


@router.post("/lived-experience/engagements", status_code=201, response_model=EngagementSeen)
async def opt_in(form: OptIn, runtime: Here, asked: Asked, caller: Who, now: Now) -> Response:
    """Opt in to an opportunity, or write down that somebody did."""
    use_case = partial(_opt_in, runtime=runtime, form=form, caller=caller, now=now)
    return await once(runtime.database, asked, use_case)


async def _opt_in(
    conn: Conn,
    *,
    runtime: Runtime,
    form: OptIn,
    caller: Caller,
    now: datetime,
) -> Answer:
    expert = await _who_opts_in(conn, form.expert_id, caller)
    learning_event_id = await _open(conn, form.opportunity_id, now)
    engagement_id = uuid4()
    opted_in_on = form.told_on or local_day(now)
    await _insert(conn, engagement_id, form, expert_id=expert.expert_id, on=opted_in_on)
    opted_in = ExpertOptedIn(
        engagement_id=engagement_id,
        learning_event_id=learning_event_id,
        opportunity_id=form.opportunity_id,
        role=form.role,
    )
    await outbox.add(conn, opted_in)
    found = await engagement(conn, engagement_id)
    await issue(conn, runtime, found, ExpertNotice.OPTED_IN, now=now)
    await tell_support(conn, runtime, expert)
    return Answer.of(seen(found, found.standing(caller), now))


async def _who_opts_in(conn: Conn, expert_id: UUID | None, caller: Caller) -> Expert:
    if expert_id is None and not caller.has(Role.EXPERT_BY_EXPERIENCE):
        raise Refused(errors=[Fault("/expert_id", "missing", "Say who opts in.")])
    if expert_id is None:
        itself = [one for one in await experts_of(conn, caller) if one.person_id == caller.sub]
        if not itself:
            raise Conflict("You are in no register yet: an ambassador can put you there.")
        expert_id = itself[0].expert_id
    expert = await lock_expert(conn, expert_id)
    expert.standing(caller)
    return expert


async def _open(conn: Conn, opportunity_id: UUID, now: datetime) -> UUID:
    """The learning event of an opportunity that one may still opt in to."""
    row = await conn.fetchrow(
        """
        SELECT learning_event_id, state, lived_experience_planned,
               (SELECT min(starts_at)
                  FROM session
                 WHERE session.learning_event_id = opportunity.learning_event_id) AS starts_at
          FROM lived_experience.opportunity JOIN learning_event USING (learning_event_id)
         WHERE opportunity_id = $1
        """,
        opportunity_id,
    )
    if row is None:
        raise NotFound
    if row["state"] != "published" or not row["lived_experience_planned"]:
        raise Conflict("This event invites nobody at the moment.")
    if now >= row["starts_at"]:
        raise Conflict("This event has already started.")
    learning_event_id: UUID = row["learning_event_id"]
    return learning_event_id


async def _insert(
    conn: Conn, engagement_id: UUID, form: OptIn, *, expert_id: UUID, on: date
) -> None:
    try:
        await conn.execute(
            """
            INSERT INTO lived_experience.engagement (engagement_id, opportunity_id, expert_id,
                                                     role, involvement, opted_in_on, feedback_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            engagement_id,
            form.opportunity_id,
            expert_id,
            form.role,
            form.involvement,
            on,
            uuid4(),
        )
    except asyncpg.UniqueViolationError:
        raise Conflict("They have opted in already; what they do can be changed.") from None
