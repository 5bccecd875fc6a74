"""A community is proposed from a few words, and forms once enough people want it."""

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from pdu_bookings.category import Categories
from pdu_bookings.community import rows
from pdu_bookings.community.directory import CommunityKey, CommunitySeen, community_seen
from pdu_bookings.community.lifecycle import Step, change_state, write_down
from pdu_bookings.rules.community import forms, key_of
from pdu_shared import outbox
from pdu_shared.access import Caller, Role, Who
from pdu_shared.contracts.bookings.community import CopCreated
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import CommunityState
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, PublishedLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict, Fault, Forbidden, Refused
from pdu_shared.runtime import Here, Now, Store

router = APIRouter(tags=["communities"])


class ProposeCommunity(Form):
    """All that it takes to propose a Community of Practice."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Housing First",
                    "purpose": "Share what works when housing comes before everything else.",
                    "workstream": "housing",
                }
            ]
        }
    )

    name: PublishedLine
    purpose: PublishedLine
    workstream: Annotated[Code, Field(description="A code of the list of work streams")]
    key: Annotated[
        Code | None,
        Field(description="A short name for addresses and figures; made from the name if missing"),
    ] = None


@router.post("/communities", status_code=201, response_model=CommunitySeen)
async def propose(
    form: ProposeCommunity, here: Here, caller: Who, asked: Asked, now: Now
) -> Response:
    """Propose a Community of Practice. It forms once three others second it.

    409 when there is one of this name already.
    """
    await here.part(Categories).check([("/workstream", "workstream", form.workstream)])
    use_case = partial(_propose, form=form, caller=caller, now=now)
    return await once(here.database, asked, use_case)


async def _propose(conn: Conn, *, form: ProposeCommunity, caller: Caller, now: datetime) -> Answer:
    key = form.key or key_of(form.name)
    if not key:
        fault = Fault("/key", "required", "This name gives no key: choose one yourself.")
        raise Refused(errors=[fault])
    community = rows.Community(
        community_id=uuid7(),
        key=key,
        name=form.name,
        purpose=form.purpose,
        workstream=form.workstream,
        state=CommunityState.PROPOSED,
    )
    try:
        await _insert(conn, community, _person(caller), now)
    except asyncpg.UniqueViolationError:
        raise Conflict(
            "There is a community of this name: join it, or choose another name."
        ) from None
    proposed = Step(
        state=community.state,
        reason_code="proposed",
        changed_by_role=Role.COORDINATOR if caller.has(Role.COORDINATOR) else Role.MEMBER,
        changed_at=now,
    )
    await write_down(conn, community.community_id, proposed)
    created = CopCreated(
        community_id=community.community_id,
        key=key,
        title=form.name,
        workstream=form.workstream,
        state=community.state,
    )
    await outbox.add(conn, created)
    return Answer.of(await community_seen(conn, key, now=now))


@router.post("/communities/{key}/seconding")
async def second(key: CommunityKey, database: Store, caller: Who, now: Now) -> CommunitySeen:
    """Say that you want a proposed community, too. Saying it twice is saying it once.

    With the third person besides whoever proposed it, the community forms.
    """
    async with transaction(database) as conn:
        community = await rows.lock(conn, key)
        if community.state is CommunityState.PROPOSED:
            await _second(conn, community, _person(caller), now=now)
        return await community_seen(conn, key, now=now)


async def _second(conn: Conn, community: rows.Community, person_id: UUID, *, now: datetime) -> None:
    if person_id == await _proposer(conn, community.community_id):
        raise Conflict("You proposed this community: now it is for others to second it.")
    await _insert_second(conn, community.community_id, person_id, now)
    if forms(community.state, await _seconds(conn, community.community_id)):
        step = Step(
            state=CommunityState.FORMING,
            reason_code="seconded",
            changed_by_role=Role.MEMBER,
            changed_at=now,
        )
        await change_state(conn, community, step)


def _person(caller: Caller) -> UUID:
    if caller.sub is None:
        raise Forbidden("Only a person can do this.")
    return caller.sub


async def _insert(conn: Conn, community: rows.Community, proposed_by: UUID, now: datetime) -> None:
    await conn.execute(
        """
        INSERT INTO community (community_id, key, name, purpose, workstream, state, proposed_by,
                               proposed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        community.community_id,
        community.key,
        community.name,
        community.purpose,
        community.workstream,
        community.state,
        proposed_by,
        now,
    )


async def _proposer(conn: Conn, community_id: UUID) -> UUID | None:
    proposed_by: UUID | None = await conn.fetchval(
        "SELECT proposed_by FROM community WHERE community_id = $1", community_id
    )
    return proposed_by


async def _insert_second(conn: Conn, community_id: UUID, person_id: UUID, now: datetime) -> None:
    await conn.execute(
        """
        INSERT INTO community_second (community_id, person_id, seconded_at) VALUES ($1, $2, $3)
            ON CONFLICT DO NOTHING
        """,
        community_id,
        person_id,
        now,
    )


async def _seconds(conn: Conn, community_id: UUID) -> int:
    seconds: int = await conn.fetchval(
        "SELECT count(*) FROM community_second WHERE community_id = $1", community_id
    )
    return seconds
