"""Experts as rows: the one module that knows which person an expert is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import asyncpg

from pdu_bookings.lived_experience.contact import ContactWay
from pdu_bookings.rules.privacy import Standing
from pdu_shared.access import Caller, Role
from pdu_shared.database import Conn
from pdu_shared.problems import Conflict, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert:
    """Somebody who contributes what they have lived through, and has not withdrawn."""

    expert_id: UUID
    person_id: UUID
    preferred_name: str
    contact_way: ContactWay
    reach: str | None
    ambassador_id: UUID

    def standing(self, caller: Caller) -> Standing:
        """How the caller stands to them. Raises NotFound for a stranger."""
        if caller.has(Role.EXPERT_BY_EXPERIENCE) and caller.sub == self.person_id:
            return Standing.EXPERT
        if caller.has(Role.BENEFICIARY_AMBASSADOR) and caller.sub == self.ambassador_id:
            return Standing.SUPPORTER
        if caller.has(Role.COORDINATOR):
            return Standing.COORDINATOR
        raise NotFound


async def insert_expert(conn: Conn, expert: Expert, now: datetime) -> None:
    """Write a new expert down. Raises Conflict when this person is in the register already."""
    try:
        await conn.execute(
            """
            INSERT INTO lived_experience.expert (expert_id, person_id, preferred_name, contact_way,
                                                 reach, ambassador_id, registered_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            expert.expert_id,
            expert.person_id,
            expert.preferred_name,
            expert.contact_way,
            expert.reach,
            expert.ambassador_id,
            now,
        )
    except asyncpg.UniqueViolationError:
        raise Conflict("This person is in the register already.") from None


async def lock_expert(conn: Conn, expert_id: UUID) -> Expert:
    """An expert, so that one change is made at a time. Raises NotFound once they withdrew."""
    row = await conn.fetchrow(
        """
        SELECT expert_id, person_id, preferred_name, contact_way, reach, ambassador_id
          FROM lived_experience.expert
         WHERE expert_id = $1 AND withdrawn_at IS NULL
           FOR UPDATE
        """,
        expert_id,
    )
    if row is None:
        raise NotFound
    return _expert(row)


async def experts_of(conn: Conn, caller: Caller) -> list[Expert]:
    """The expert who calls, or those whom an ambassador supports, by their names."""
    rows = await conn.fetch(
        """
        SELECT expert_id, person_id, preferred_name, contact_way, reach, ambassador_id
          FROM lived_experience.expert
         WHERE withdrawn_at IS NULL
           AND (($1 AND person_id = $3) OR ($2 AND ambassador_id = $3))
         ORDER BY preferred_name, expert_id
        """,
        caller.has(Role.EXPERT_BY_EXPERIENCE),
        caller.has(Role.BENEFICIARY_AMBASSADOR),
        caller.sub,
    )
    return [_expert(row) for row in rows]


async def update_expert(conn: Conn, expert: Expert) -> None:
    """Write down how an expert is called and reached, and who supports them."""
    await conn.execute(
        """
        UPDATE lived_experience.expert
           SET preferred_name = $2, contact_way = $3, reach = $4, ambassador_id = $5
         WHERE expert_id = $1
        """,
        expert.expert_id,
        expert.preferred_name,
        expert.contact_way,
        expert.reach,
        expert.ambassador_id,
    )


async def mark_withdrawn(conn: Conn, expert_id: UUID, now: datetime) -> None:
    """From now on this expert is asked nothing."""
    await conn.execute(
        "UPDATE lived_experience.expert SET withdrawn_at = $2 WHERE expert_id = $1", expert_id, now
    )


async def insert_training(conn: Conn, expert_id: UUID, kind: str, taken_on: date) -> None:
    """Write a training down, unless it is known."""
    await conn.execute(
        """
        INSERT INTO lived_experience.training (expert_id, kind, taken_on) VALUES ($1, $2, $3)
            ON CONFLICT DO NOTHING
        """,
        expert_id,
        kind,
        taken_on,
    )


async def trainings_of(conn: Conn, expert_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    """What these experts prepared themselves with, oldest first: expert_id, kind, taken_on."""
    return await conn.fetch(
        """
        SELECT expert_id, kind, taken_on
          FROM lived_experience.training
         WHERE expert_id = ANY ($1::uuid[])
         ORDER BY taken_on, kind
        """,
        expert_ids,
    )


def _expert(row: asyncpg.Record) -> Expert:
    return Expert(**{**row, "contact_way": ContactWay(row["contact_way"])})
