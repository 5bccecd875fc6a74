"""Meetings of the steering group: planned with their papers, and held once it is said who came."""

import json
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from pdu_resources.versioned.changes import By, Hand, differing, note
from pdu_resources.versioned.paging import After, Limit, cut
from pdu_resources.versioned.seen import Version, etag
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form, OneLine, WebAddress
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Store

router = APIRouter(tags=["steering group"])


class MeetingState(StrEnum):
    """How a meeting stands."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class Paper(Form):
    """Something to read for a meeting, wherever it is kept."""

    title: OneLine
    url: WebAddress


class PlanMeeting(Form):
    """When the group meets, and what there is to read."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Steering group, autumn",
                    "meets_on": "2026-10-08",
                    "place": "Council House",
                    "papers": [
                        {"title": "Agenda", "url": "https://pdu.example.org/papers/agenda.pdf"}
                    ],
                }
            ]
        }
    )

    title: OneLine
    meets_on: Day
    place: OneLine | None = None
    papers: Annotated[tuple[Paper, ...], Field(max_length=50)] = ()
    cancelled: StrictBool = False


class Meeting(BaseModel):
    """A meeting, with how many came once it was held."""

    meeting_id: UUID
    title: str
    meets_on: date
    place: str | None
    papers: list[Paper]
    state: MeetingState
    present: int
    apologies: int
    actions: int = Field(description="Set at this meeting")
    version: int


class Meetings(BaseModel):
    """One page of meetings. `next` goes into `after` for the following page."""

    items: list[Meeting]
    next: UUID | None


@router.post("/steering/meetings", status_code=201, response_model=Meeting)
async def plan(form: PlanMeeting, database: Store, asked: Asked, by: By) -> Response:
    """Plan a meeting, or write one down that was held."""
    return await once(database, asked, partial(_plan, form=form, by=by))


@router.get("/steering/meetings")
async def meetings(database: Store, after: After = None, limit: Limit = 20) -> Meetings:
    """The meetings of the steering group, latest first."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await _select(conn, after=after, limit=limit + 1)
    page, following = cut(found, limit, lambda one: one.meeting_id)
    return Meetings(items=page, next=following)


@router.get("/steering/meetings/{meeting_id}")
async def meeting(meeting_id: UUID, database: Store, response: Response) -> Meeting:
    """One meeting. Whoever edits it sends the ETag back."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await one_meeting(conn, meeting_id)
    response.headers["ETag"] = etag(found.version)
    return found


@router.put("/steering/meetings/{meeting_id}")
async def change(
    meeting_id: UUID, form: PlanMeeting, version: Version, database: Store, by: By
) -> Meeting:
    """Change a meeting or its papers, or cancel it.

    409 to move or cancel one that was held. 412 when somebody else changed it in the meantime.
    """
    async with transaction(database) as conn:
        row = await lock_meeting(conn, meeting_id)
        version.check(row["version"])
        held = row["state"] == MeetingState.HELD
        if held and (form.cancelled or form.meets_on != row["meets_on"]):
            raise Conflict("It was held: its day stays, and it cannot be cancelled.")
        columns = _columns(form, MeetingState.HELD if held else None)
        await _update(conn, meeting_id, columns, by)
        was = differing(_as_read(dict(row)), _as_read(columns))
        await note(conn, "steering_meeting", meeting_id, was, by)
        found = await one_meeting(conn, meeting_id)
    version.renew(found.version)
    return found


async def one_meeting(conn: Conn, meeting_id: UUID) -> Meeting:
    """A meeting. Raises NotFound."""
    found = await _select(conn, meeting_id=meeting_id, limit=1)
    if not found:
        raise NotFound
    return found[0]


async def lock_meeting(conn: Conn, meeting_id: UUID) -> asyncpg.Record:
    """A meeting, locked until the transaction ends. Raises NotFound."""
    row = await conn.fetchrow(
        """
        SELECT meeting_id, title, meets_on, place, papers, state, version
          FROM steering_meeting
         WHERE meeting_id = $1
           FOR UPDATE
        """,
        meeting_id,
    )
    if row is None:
        raise NotFound
    return row


async def _plan(conn: Conn, *, form: PlanMeeting, by: Hand) -> Answer:
    meeting_id = uuid7()
    await conn.execute(
        """
        INSERT INTO steering_meeting (meeting_id, title, meets_on, place, papers, state, version,
                                      changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, 1, $7)
        """,
        meeting_id,
        *_columns(form, None).values(),
        by.now,
    )
    return Answer.of(await one_meeting(conn, meeting_id))


def _columns(form: PlanMeeting, state: MeetingState | None) -> dict[str, str | date | None]:
    """The columns of a meeting, in the order of the statements."""
    otherwise = MeetingState.CANCELLED if form.cancelled else MeetingState.PLANNED
    return {
        "title": form.title,
        "meets_on": form.meets_on,
        "place": form.place,
        "papers": json.dumps([paper.model_dump() for paper in form.papers]),
        "state": state or otherwise,
    }


def _as_read(columns: dict[str, Any]) -> dict[str, Any]:
    return {**columns, "papers": json.loads(columns["papers"])}


async def _update(
    conn: Conn, meeting_id: UUID, columns: dict[str, str | date | None], by: Hand
) -> None:
    await conn.execute(
        """
        UPDATE steering_meeting
           SET title = $2, meets_on = $3, place = $4, papers = $5, state = $6,
               version = version + 1, changed_at = $7
         WHERE meeting_id = $1
        """,
        meeting_id,
        *columns.values(),
        by.now,
    )


async def _select(
    conn: Conn, *, limit: int, after: UUID | None = None, meeting_id: UUID | None = None
) -> list[Meeting]:
    rows = await conn.fetch(
        """
        SELECT meeting_id, title, meets_on, place, papers, state, version,
               there.present, there.apologies,
               (SELECT count(*) FROM action WHERE action.meeting_id = meeting.meeting_id) AS actions
          FROM steering_meeting AS meeting
         CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE state = 'present') AS present,
                   count(*) FILTER (WHERE state = 'apologies') AS apologies
              FROM steering_attendance
             WHERE steering_attendance.meeting_id = meeting.meeting_id) AS there
         WHERE ($1::uuid IS NULL
                OR (meets_on, meeting_id)
                   < ((SELECT meets_on FROM steering_meeting WHERE meeting_id = $1), $1))
           AND ($3::uuid IS NULL OR meeting_id = $3)
         ORDER BY meets_on DESC, meeting_id DESC
         LIMIT $2
        """,
        after,
        limit,
        meeting_id,
    )
    return [Meeting(**{**row, "papers": json.loads(row["papers"])}) for row in rows]
