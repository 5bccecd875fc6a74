"""The regular meetings of experts, mixed or for women only, and what came out of them."""

from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Self
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from pdu_bookings.lived_experience.auditing import note_read
from pdu_shared.access import Role, Who
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, LocalMoment, OneLine, Paragraphs
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["lived experience"])


class MeetingComposition(StrEnum):
    """Whom a meeting of experts is for."""

    MIXED = "mixed"
    WOMEN_ONLY = "women_only"


class ArrangeMeeting(Form):
    """When and where experts meet. Times are local (Europe/London), without an offset."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "composition": "women_only",
                    "starts_at": "2027-05-04T10:00",
                    "ends_at": "2027-05-04T12:00",
                    "place": "Sneinton Hermitage",
                }
            ]
        }
    )

    composition: MeetingComposition
    starts_at: LocalMoment
    ends_at: LocalMoment
    place: OneLine

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_at <= self.starts_at:
            msg = "A meeting ends after it starts."
            raise ValueError(msg)
        return self


class Outputs(Form):
    """What came out of a meeting. It is read by ambassadors and coordinators only."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "The next pledge should be about waiting rooms."}]}
    )

    text: Paragraphs


class Meeting(BaseModel):
    """When and where experts meet."""

    meeting_id: UUID
    composition: MeetingComposition
    starts_at: datetime
    ends_at: datetime
    place: str
    has_outputs: bool = Field(description="Whether it is written down what came out of it")


class Meetings(BaseModel):
    """The meetings of experts, latest first, at most 500."""

    items: list[Meeting]


class OutputsSeen(BaseModel):
    """What came out of a meeting."""

    meeting_id: UUID
    text: str


@router.post("/lived-experience/meetings", status_code=201, response_model=Meeting)
async def arrange_meeting(form: ArrangeMeeting, database: Store, asked: Asked) -> Response:
    """Arrange a meeting of experts."""
    return await once(database, asked, partial(_arrange, form=form))


async def _arrange(conn: Conn, *, form: ArrangeMeeting) -> Answer:
    meeting_id = uuid7()
    await _insert(conn, meeting_id, form)
    return Answer.of(_meeting(await _select(conn, meeting_id)))


@router.get("/lived-experience/meetings")
async def read_meetings(database: Store) -> Meetings:
    """When and where experts meet."""
    rows = await database.pool.fetch(
        """
        SELECT meeting_id, composition, starts_at, ends_at, place, outputs
          FROM lived_experience.meeting
         ORDER BY starts_at DESC, meeting_id
         LIMIT 500
        """
    )
    return Meetings(items=[_meeting(row) for row in rows])


@router.put("/lived-experience/meetings/{meeting_id}/outputs", status_code=204)
async def write_outputs(meeting_id: UUID, form: Outputs, database: Store) -> None:
    """Write down what came out of a meeting; writing it again replaces it."""
    async with transaction(database) as conn:
        await _select(conn, meeting_id)
        await conn.execute(
            "UPDATE lived_experience.meeting SET outputs = $2 WHERE meeting_id = $1",
            meeting_id,
            form.text,
        )


@router.get("/lived-experience/meetings/{meeting_id}/outputs")
async def read_outputs(meeting_id: UUID, database: Store, caller: Who, now: Now) -> OutputsSeen:
    """What came out of a meeting. That a coordinator looked is written down."""
    async with transaction(database) as conn:
        row = await _select(conn, meeting_id)
        if not caller.has(Role.BENEFICIARY_AMBASSADOR):
            await note_read(conn, caller, kind="meeting", of_id=meeting_id, now=now)
    if row["outputs"] is None:
        raise NotFound
    return OutputsSeen(meeting_id=meeting_id, text=row["outputs"])


def _meeting(row: asyncpg.Record) -> Meeting:
    return Meeting(
        meeting_id=row["meeting_id"],
        composition=row["composition"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        place=row["place"],
        has_outputs=row["outputs"] is not None,
    )


async def _select(conn: Conn, meeting_id: UUID) -> asyncpg.Record:
    row = await conn.fetchrow(
        """
        SELECT meeting_id, composition, starts_at, ends_at, place, outputs
          FROM lived_experience.meeting
         WHERE meeting_id = $1
        """,
        meeting_id,
    )
    if row is None:
        raise NotFound
    return row


async def _insert(conn: Conn, meeting_id: UUID, form: ArrangeMeeting) -> None:
    await conn.execute(
        """
        INSERT INTO lived_experience.meeting (meeting_id, composition, starts_at, ends_at, place)
        VALUES ($1, $2, $3, $4, $5)
        """,
        meeting_id,
        form.composition,
        form.starts_at,
        form.ends_at,
        form.place,
    )
