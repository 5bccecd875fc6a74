"""Working groups to read: what each is for, what it made, and for its members who they are."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, Field

from pdu_resources.versioned.paging import After, Limit, cut
from pdu_resources.versioned.seen import etag
from pdu_shared.access import Caller, Role, Who
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Store

router = APIRouter(tags=["working groups"])


class MemberSeen(BaseModel):
    """Somebody who belongs to a group, or did."""

    membership_id: UUID
    name: str | None
    organisation: str | None
    leads: bool
    joined_on: date
    left_on: date | None


class OutputSeen(BaseModel):
    """What a group brought about."""

    output_id: UUID
    title: str
    url: str | None
    made_on: date


class GroupLine(BaseModel):
    """A working group in the list."""

    group_id: UUID
    title: str
    purpose: str
    workstream: str | None
    starts_on: date
    ends_on: date | None
    members: int
    outputs: int
    actions_open: int
    actions_settled: int


class GroupLines(BaseModel):
    """One page of groups. `next` goes into `after` for the following page."""

    items: list[GroupLine]
    next: UUID | None


class Group(GroupLine):
    """A working group with what it made."""

    version: int
    who: list[MemberSeen] | None = Field(
        description="For those who belong to it, and a coordinator; None for others"
    )
    made: list[OutputSeen]


@router.get("/working-groups")
async def groups(database: Store, after: After = None, limit: Limit = 20) -> GroupLines:
    """The working groups, newest first."""
    async with database.pool.acquire(timeout=5) as conn:
        found = [GroupLine(**row) for row in await _lines(conn, after, limit + 1, None)]
    page, following = cut(found, limit, lambda one: one.group_id)
    return GroupLines(items=page, next=following)


@router.get("/working-groups/{group_id}")
async def group(group_id: UUID, database: Store, caller: Who, response: Response) -> Group:
    """One working group. Whoever edits it sends the ETag back."""
    async with database.pool.acquire(timeout=5) as conn:
        rows = await _lines(conn, None, 1, group_id)
        if not rows:
            raise NotFound
        who = await _members(conn, group_id) if await _belongs(conn, group_id, caller) else None
        found = Group(**rows[0], who=who, made=await _outputs(conn, group_id))
    response.headers["ETag"] = etag(found.version)
    return found


async def _belongs(conn: Conn, group_id: UUID, caller: Caller) -> bool:
    if caller.has(Role.COORDINATOR):
        return True
    belongs: bool = await conn.fetchval(
        """
        SELECT EXISTS (SELECT
                         FROM working_group_member
                        WHERE group_id = $1 AND person_id = $2 AND left_on IS NULL)
        """,
        group_id,
        caller.sub,
    )
    return belongs


async def _lines(
    conn: Conn, after: UUID | None, limit: int, group_id: UUID | None
) -> list[dict[str, object]]:
    rows = await conn.fetch(
        """
        SELECT group_id, title, purpose, workstream, starts_on, ends_on, version,
               (SELECT count(*) FROM working_group_member AS member
                 WHERE member.group_id = working_group.group_id AND left_on IS NULL) AS members,
               (SELECT count(*) FROM working_group_output AS output
                 WHERE output.group_id = working_group.group_id) AS outputs,
               actions.open AS actions_open, actions.settled AS actions_settled
          FROM working_group
         CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE state NOT IN ('done', 'not_done')) AS open,
                   count(*) FILTER (WHERE state IN ('done', 'not_done')) AS settled
              FROM action
             WHERE action.group_id = working_group.group_id) AS actions
         WHERE ($1::uuid IS NULL OR group_id < $1)
           AND ($3::uuid IS NULL OR group_id = $3)
         ORDER BY group_id DESC
         LIMIT $2
        """,
        after,
        limit,
        group_id,
    )
    return [dict(row) for row in rows]


async def _members(conn: Conn, group_id: UUID) -> list[MemberSeen]:
    rows = await conn.fetch(
        """
        SELECT membership_id, name, organisation, leads, joined_on, left_on
          FROM working_group_member
         WHERE group_id = $1
         ORDER BY left_on IS NOT NULL, NOT leads, membership_id
         LIMIT 500
        """,
        group_id,
    )
    return [MemberSeen(**row) for row in rows]


async def _outputs(conn: Conn, group_id: UUID) -> list[OutputSeen]:
    rows = await conn.fetch(
        """
        SELECT output_id, title, url, made_on
          FROM working_group_output
         WHERE group_id = $1
         ORDER BY made_on DESC, output_id DESC
         LIMIT 500
        """,
        group_id,
    )
    return [OutputSeen(**row) for row in rows]
