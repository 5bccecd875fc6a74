"""Opportunities: every learning event invites experts by experience, unless it says why not."""

from datetime import datetime
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_shared import outbox
from pdu_shared.access import Who
from pdu_shared.contracts.bookings.lived_experience import ContributionRole, ExpertOpportunityOpened
from pdu_shared.database import Conn
from pdu_shared.runtime import Now, Store

ROLES = tuple(ContributionRole)
"""What an event offers unless somebody says otherwise: experts choose."""

router = APIRouter(tags=["lived experience"])


class Opportunity(BaseModel):
    """A learning event that experts by experience may take part in."""

    opportunity_id: UUID
    learning_event_id: UUID
    title: str
    starts_at: datetime = Field(description="When its first session starts (UTC)")
    roles: list[ContributionRole] = Field(description="What an expert may do there")
    engagement_id: UUID | None = Field(
        description="The expert's own involvement, if they have opted in; never anybody else's"
    )


class Opportunities(BaseModel):
    """What experts may take part in."""

    items: list[Opportunity]


@router.get("/lived-experience/opportunities")
async def read_opportunities(database: Store, caller: Who, now: Now) -> Opportunities:
    """The opportunities at learning events to come, soonest first."""
    async with database.pool.acquire(timeout=5) as conn:
        return Opportunities(items=await _coming(conn, caller.sub, now))


async def open_opportunity(conn: Conn, learning_event_id: UUID, now: datetime) -> None:
    """Invite experts to a learning event that is being published. Twice is once."""
    opportunity_id = uuid4()
    if await _insert(conn, opportunity_id, learning_event_id, now):
        opened = ExpertOpportunityOpened(
            opportunity_id=opportunity_id, learning_event_id=learning_event_id, roles=ROLES
        )
        await outbox.add(conn, opened)


async def _insert(conn: Conn, opportunity_id: UUID, learning_event_id: UUID, now: datetime) -> bool:
    """Whether it was new."""
    inserted: bool | None = await conn.fetchval(
        """
        INSERT INTO lived_experience.opportunity (opportunity_id, learning_event_id, roles,
                                                  opened_at)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (learning_event_id) DO NOTHING
     RETURNING true
        """,
        opportunity_id,
        learning_event_id,
        ROLES,
        now,
    )
    return bool(inserted)


async def _coming(conn: Conn, person_id: UUID | None, now: datetime) -> list[Opportunity]:
    rows = await conn.fetch(
        """
        SELECT opportunity_id, learning_event_id, title, starts_at, roles,
               (SELECT engagement_id
                  FROM lived_experience.engagement JOIN lived_experience.expert USING (expert_id)
                 WHERE engagement.opportunity_id = opportunity.opportunity_id
                   AND expert.person_id = $1 AND expert.withdrawn_at IS NULL
                   AND engagement.withdrawn_at IS NULL) AS engagement_id
          FROM lived_experience.opportunity
          JOIN learning_event USING (learning_event_id)
          JOIN (SELECT learning_event_id, min(starts_at) AS starts_at
                  FROM session GROUP BY learning_event_id) AS first USING (learning_event_id)
         WHERE state = 'published' AND lived_experience_planned AND starts_at > $2
         ORDER BY starts_at, opportunity_id
         LIMIT 500
        """,
        person_id,
        now,
    )
    return [Opportunity(**row) for row in rows]
