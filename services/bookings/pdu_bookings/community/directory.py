"""The communities as everybody may see them: what for, how they stand, when they meet next."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, Field

from pdu_bookings.community.turns import Turn, coming_turns
from pdu_shared.access import Caller, Who
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import CommunityState, DeliveryMode
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["communities"])

CommunityKey = Annotated[Code, Path(description="The key of a community, such as housing_first")]


class NextSession(BaseModel):
    """When and where a community meets next."""

    session_id: UUID
    learning_event_id: UUID
    starts_at: AwareDatetime
    mode: DeliveryMode
    place: str


class CommunitySeen(BaseModel):
    """A Community of Practice as everybody may see it."""

    key: str
    name: str
    purpose: str
    workstream: str
    state: CommunityState
    seconds: Annotated[int, Field(description="How many people seconded the proposal")]
    members: Annotated[int, Field(description="How many people belong to it, on a break or not")]
    sessions_held: int
    next_session: NextSession | None
    gaps: Annotated[int, Field(description="How many coming sessions nobody convenes yet")]


class Communities(BaseModel):
    """One page of communities, by their keys. `next` goes into `after` for the following page."""

    items: list[CommunitySeen]
    next: str | None


@router.get("/communities")
async def communities(  # noqa: PLR0913 - each narrows the list
    *,
    database: Store,
    caller: Who,
    now: Now,
    workstream: Annotated[Code | None, Query(description="Those of one work stream")] = None,
    state: Annotated[
        CommunityState | None, Query(description="Those in one state; if missing, all but closed")
    ] = None,
    after: Annotated[Code | None, Query(description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Communities:
    """The Communities of Practice. Proposals are seen by those who have signed in."""
    states = [one for one in CommunityState if _sees(caller, one)]
    wanted = [state] if state else [one for one in states if one is not CommunityState.CLOSED]
    async with database.pool.acquire(timeout=5) as conn:
        keys = await _keys(
            conn,
            states=[one for one in wanted if one in states],
            workstream=workstream,
            after=after,
            limit=limit + 1,
        )
        items = await _communities(conn, keys[:limit], now)
    return Communities(items=items, next=keys[limit - 1] if len(keys) > limit else None)


@router.get("/communities/{key}")
async def one(key: CommunityKey, database: Store, caller: Who, now: Now) -> CommunitySeen:
    """A Community of Practice."""
    async with database.pool.acquire(timeout=5) as conn:
        community = await community_seen(conn, key, now=now)
    if not _sees(caller, community.state):
        raise NotFound
    return community


async def community_seen(conn: Conn, key: str, *, now: datetime) -> CommunitySeen:
    """A community as it is answered, also a proposed one. Raises NotFound."""
    found = await _communities(conn, [key], now)
    if not found:
        raise NotFound
    return found[0]


def _sees(caller: Caller, state: CommunityState) -> bool:
    """Whether a community in this state is for these eyes: nobody has looked over a proposal."""
    return state is not CommunityState.PROPOSED or caller.sub is not None


def _seen(row: asyncpg.Record, coming: Sequence[Turn]) -> CommunitySeen:
    return CommunitySeen(
        key=row["key"],
        name=row["name"],
        purpose=row["purpose"],
        workstream=row["workstream"],
        state=row["state"],
        seconds=row["seconds"],
        members=row["members"],
        sessions_held=row["sessions_held"],
        next_session=_meeting(coming[0]) if coming else None,
        gaps=sum(turn.convenor is None for turn in coming),
    )


def _meeting(turn: Turn) -> NextSession:
    return NextSession(
        session_id=turn.session_id,
        learning_event_id=turn.learning_event_id,
        starts_at=turn.starts_at,
        mode=turn.mode,
        place=turn.place,
    )


async def _keys(
    conn: Conn,
    *,
    states: Sequence[CommunityState],
    workstream: str | None,
    after: str | None,
    limit: int,
) -> list[str]:
    rows = await conn.fetch(
        """
        SELECT key
          FROM community
         WHERE state = ANY ($1::text[])
           AND ($2::text IS NULL OR workstream = $2)
           AND ($3::text IS NULL OR key > $3)
         ORDER BY key
         LIMIT $4
        """,
        states,
        workstream,
        after,
        limit,
    )
    return [row["key"] for row in rows]


async def _communities(conn: Conn, keys: Sequence[str], now: datetime) -> list[CommunitySeen]:
    rows = await conn.fetch(
        """
        SELECT community_id, key, name, purpose, workstream, state,
               (SELECT count(*)
                  FROM community_second AS second
                 WHERE second.community_id = community.community_id) AS seconds,
               (SELECT count(*)
                  FROM membership
                 WHERE membership.community_id = community.community_id
                   AND membership.state IN ('active', 'on_break')) AS members,
               (SELECT count(*)
                  FROM learning_event AS event JOIN session USING (learning_event_id)
                 WHERE event.series = community.key
                   AND event.kind = 'cop_session'
                   AND session.held_at IS NOT NULL) AS sessions_held
          FROM community
         WHERE key = ANY ($1::text[])
         ORDER BY key
        """,
        keys,
    )
    coming = await coming_turns(conn, [row["community_id"] for row in rows], now=now)
    return [_seen(row, coming.get(row["community_id"], ())) for row in rows]
