"""Engagements as rows, and how a caller stands to them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from pdu_bookings.lived_experience.contact import ContactWay
from pdu_bookings.lived_experience.expert_rows import Expert
from pdu_bookings.rules.engagement import FEEDBACK_WITHIN, Facts, Step, why_not
from pdu_bookings.rules.privacy import Standing
from pdu_bookings.rules.programme import State
from pdu_shared.access import Caller, Role
from pdu_shared.contracts.bookings.lived_experience import ArnsteinLevel, ContributionRole
from pdu_shared.database import Conn
from pdu_shared.instance import instance
from pdu_shared.problems import Conflict, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """An expert's involvement in a learning event."""

    engagement_id: UUID
    opportunity_id: UUID
    learning_event_id: UUID
    expert: Expert
    role: ContributionRole
    involvement: str
    opted_in_on: date
    briefed_on: date | None
    acknowledged: bool
    pre_meeting_at: datetime | None
    pre_meeting_place: str | None
    supporter_during: UUID | None
    supporter_after: UUID | None
    arnstein_level: ArnsteinLevel | None
    debrief_way: ContactWay | None
    thanked_on: date | None
    expenses_pence: int | None
    minutes_given: int | None
    reflected: bool
    feedback_id: UUID
    item_id: UUID | None
    facts: Facts

    def standing(self, caller: Caller) -> Standing:
        """How the caller stands to it. Raises NotFound for a stranger."""
        supports = caller.sub is not None and caller.sub in {
            self.supporter_during,
            self.supporter_after,
        }
        if supports and caller.has(Role.BENEFICIARY_AMBASSADOR):
            return Standing.SUPPORTER
        return self.expert.standing(caller)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which engagements are looked for. What is None does not matter."""

    engagement_id: UUID | None = None
    learning_event_id: UUID | None = None
    expert_id: UUID | None = None
    not_over_at: datetime | None = None
    seen_by: Caller | None = None


async def engagements(conn: Conn, wanted: Wanted) -> list[Engagement]:
    """Engagements of experts who have not left the register, by the time of their events."""
    caller = wanted.seen_by
    rows = await conn.fetch(
        """
        SELECT engagement_id, opportunity_id, learning_event_id, event_state, starts_at, ends_at,
               expert_id, person_id, preferred_name, contact_way, reach, ambassador_id,
               role, involvement, opted_in_on, briefed_on, acknowledged,
               pre_meeting_at, pre_meeting_place, supporter_during, supporter_after, plan_agreed,
               contributed_on, arnstein_level, debrief_way, debriefed_on, distress_open,
               thanked_on, expenses_pence, minutes_given, reflected,
               feedback_id, feedback_given_on, item_id, closed_at, withdrawn_at
          FROM lived_experience.involvement
         WHERE ($1::uuid IS NULL OR engagement_id = $1)
           AND ($2::uuid IS NULL OR learning_event_id = $2)
           AND ($3::uuid IS NULL OR expert_id = $3)
           AND ($4
                OR ($5 AND person_id = $7)
                OR ($6 AND $7 IN (ambassador_id, supporter_during, supporter_after)))
           AND ($8::timestamptz IS NULL OR ends_at > $8)
         ORDER BY starts_at, learning_event_id, engagement_id
        """,
        wanted.engagement_id,
        wanted.learning_event_id,
        wanted.expert_id,
        caller is None or caller.has(Role.COORDINATOR),
        caller is not None and caller.has(Role.EXPERT_BY_EXPERIENCE),
        caller is not None and caller.has(Role.BENEFICIARY_AMBASSADOR),
        caller.sub if caller else None,
        wanted.not_over_at,
    )
    heard = await instance(conn)
    within = timedelta(days=heard.number("feedback.days", FEEDBACK_WITHIN.days))
    return [_engagement(row, within) for row in rows]


async def engagement(conn: Conn, engagement_id: UUID) -> Engagement:
    """One engagement. Raises NotFound also when its expert has left the register."""
    found = await engagements(conn, Wanted(engagement_id=engagement_id))
    if not found:
        raise NotFound
    return found[0]


async def lock_engagement(
    conn: Conn, engagement_id: UUID, caller: Caller, step: Step, *, now: datetime
) -> Engagement:
    """An engagement for the step that the caller takes, one change at a time.

    Raises NotFound when it is none of the caller's, Conflict when the step cannot be taken now.
    """
    await conn.execute(
        "SELECT FROM lived_experience.engagement WHERE engagement_id = $1 FOR UPDATE", engagement_id
    )
    found = await engagement(conn, engagement_id)
    found.standing(caller)
    if reason := why_not(step, found.facts, now):
        raise Conflict(reason)
    return found


def _engagement(row: asyncpg.Record, within: timedelta) -> Engagement:
    expert = ("expert_id", "person_id", "preferred_name", "reach", "ambassador_id")
    facts = ("starts_at", "ends_at", "plan_agreed", "contributed_on", "debriefed_on",
             "distress_open", "feedback_given_on")  # fmt: skip
    same = (
        "engagement_id", "opportunity_id", "learning_event_id", "involvement", "opted_in_on",
        "briefed_on", "acknowledged", "pre_meeting_at", "pre_meeting_place", "supporter_during",
        "supporter_after", "thanked_on", "expenses_pence", "minutes_given", "reflected",
        "feedback_id", "item_id",
    )  # fmt: skip
    return Engagement(
        **_of(row, same),
        role=ContributionRole(row["role"]),
        arnstein_level=ArnsteinLevel(row["arnstein_level"]) if row["arnstein_level"] else None,
        debrief_way=ContactWay(row["debrief_way"]) if row["debrief_way"] else None,
        expert=Expert(**_of(row, expert), contact_way=ContactWay(row["contact_way"])),
        facts=Facts(
            **_of(row, facts),
            feedback_within=within,
            briefed=row["briefed_on"] is not None and row["acknowledged"],
            supported=row["supporter_during"] is not None,
            closed=row["closed_at"] is not None,
            withdrawn=row["withdrawn_at"] is not None,
            called_off=State(row["event_state"]) in {State.CANCELLED, State.POSTPONED},
        ),
    )


def _of(row: asyncpg.Record, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names}
