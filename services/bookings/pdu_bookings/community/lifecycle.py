"""The life of a community: from a proposal to its end, each step with its reason."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from pdu_bookings.community import rows
from pdu_bookings.community.belonging import leave
from pdu_bookings.community.directory import CommunityKey, CommunitySeen, community_seen
from pdu_bookings.community.membership import all_standing
from pdu_bookings.rules.community import why_it_cannot_become
from pdu_shared import outbox
from pdu_shared.access import Role
from pdu_shared.contracts.bookings.community import CopStateChanged
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import CommunityState
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["communities"])


class MoveOn(Form):
    """Where a community goes from here, and why."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"state": "paused", "reason_code": "summer"}]}
    )

    state: CommunityState
    reason_code: Annotated[Code, Field(description="A word of your own, such as no_convenor")]


class Step(BaseModel):
    """A step in the life of a community."""

    state: CommunityState
    reason_code: str
    changed_by_role: Role
    changed_at: AwareDatetime


class Life(BaseModel):
    """The steps since a community was proposed, in their order."""

    items: list[Step]


@router.put("/communities/{key}/state")
async def move_on(key: CommunityKey, form: MoveOn, database: Store, now: Now) -> CommunitySeen:
    """Take a community to another state. To the one it is in already, nothing changes.

    409 when no way leads there; the answer says where it can go. Closing it ends all memberships,
    and waits until it has no sessions to come.
    """
    async with transaction(database) as conn:
        community = await rows.lock(conn, key)
        if trouble := why_it_cannot_become(community.state, form.state):
            raise Conflict(trouble)
        if form.state is not community.state:
            step = Step(
                state=form.state,
                reason_code=form.reason_code,
                changed_by_role=Role.COORDINATOR,
                changed_at=now,
            )
            await change_state(conn, community, step)
            if form.state is CommunityState.CLOSED:
                await _let_everybody_go(conn, community, now)
        return await community_seen(conn, key, now=now)


@router.get("/communities/{key}/history")
async def history(key: CommunityKey, database: Store) -> Life:
    """How a community came to where it stands."""
    async with database.pool.acquire(timeout=5) as conn:
        community = await rows.find(conn, key)
        return Life(items=await _steps(conn, community.community_id))


async def change_state(conn: Conn, community: rows.Community, step: Step) -> None:
    """Take a step with a community that is locked, and tell it."""
    await _mark(conn, community.community_id, step.state)
    await write_down(conn, community.community_id, step)
    changed = CopStateChanged(
        community_id=community.community_id, state=step.state, reason_code=step.reason_code
    )
    await outbox.add(conn, changed)


async def write_down(conn: Conn, community_id: UUID, step: Step) -> None:
    """Add a step to the history of a community."""
    await conn.execute(
        """
        INSERT INTO community_change (change_id, community_id, state, reason_code,
                                      changed_by_role, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        uuid7(),
        community_id,
        step.state,
        step.reason_code,
        step.changed_by_role,
        step.changed_at,
    )


async def _let_everybody_go(conn: Conn, community: rows.Community, now: datetime) -> None:
    if (await community_seen(conn, community.key, now=now)).next_session:
        raise Conflict("This community still meets: cancel its sessions to come first.")
    for member in await all_standing(conn, community.community_id):
        await leave(conn, member, now=now)


async def _mark(conn: Conn, community_id: UUID, state: CommunityState) -> None:
    await conn.execute(
        "UPDATE community SET state = $2 WHERE community_id = $1", community_id, state
    )


async def _steps(conn: Conn, community_id: UUID) -> list[Step]:
    rows = await conn.fetch(
        """
        SELECT state, reason_code, changed_by_role, changed_at
          FROM community_change
         WHERE community_id = $1
         ORDER BY change_id
        """,
        community_id,
    )
    return [Step(**row) for row in rows]
