"""Head counts: how many people were at a session, where nobody took names."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.attendance import door
from pdu_bookings.attendance.sitting import (
    Sitting,
    event_held,
    lock_sitting,
    mark_held,
    withdraw_unless_held,
)
from pdu_bookings.category import Categories
from pdu_shared import outbox
from pdu_shared.access import Who
from pdu_shared.contracts.bookings.attendance import HeadCountRecorded, SectorCount
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import WRITTEN_AS_NUMBER, Form
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Here, Now

router = APIRouter(tags=["attendance"])

People = Annotated[int, Field(ge=0, le=5000), WRITTEN_AS_NUMBER]


class OfSector(Form):
    """How many of those who were counted are of one sector."""

    sector: Code
    people: People


class CountHeads(Form):
    """How many people there were, and of which sectors, as far as anybody knows."""

    people: People
    by_sector: Annotated[tuple[OfSector, ...], Field(max_length=20)] = ()

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"people": 42, "by_sector": [{"sector": "voluntary", "people": 25}]}]
        }
    )


class HeadCount(BaseModel):
    """The count that stands. It is nobody's attendance."""

    session_id: UUID
    people: int
    by_sector: list[OfSector]
    recorded_at: datetime


@router.put("/sessions/{session_id}/head-count")
async def count_heads(
    session_id: UUID, form: CountHeads, runtime: Here, caller: Who, now: Now
) -> HeadCount:
    """Write down how many people are there. A later count supersedes; the same one is no other."""
    said = [
        (f"/by_sector/{i}/sector", "sector", one.sector) for i, one in enumerate(form.by_sector)
    ]
    await runtime.part(Categories).check(said)
    async with transaction(runtime.database) as conn:
        sitting = await lock_sitting(conn, session_id)
        by = await door.recorder(conn, caller, sitting, now=now)
        if now < sitting.starts_at:
            raise Conflict("This session has not started: count when people are there.")
        _refuse_nonsense(form)
        standing = await _standing(conn, session_id)
        if standing is None or not _same(standing, form):
            supersedes = standing["head_count_id"] if standing else None
            by_sector = json.dumps([one.model_dump() for one in form.by_sector])
            counted = (uuid7(), session_id, form.people, by_sector)
            await _insert(conn, *counted, by.person_id, by.role, now, supersedes)
            await _tell(conn, sitting, form, now)
        kept = await _standing(conn, session_id)
    assert kept is not None, "it has just been counted"
    return HeadCount(
        session_id=session_id,
        people=kept["people"],
        by_sector=json.loads(kept["by_sector"]),
        recorded_at=kept["recorded_at"],
    )


def _refuse_nonsense(form: CountHeads) -> None:
    sectors = [one.sector for one in form.by_sector]
    if len(sectors) != len(set(sectors)):
        raise Refused(errors=[Fault("/by_sector", "repeated", "A sector is named twice.")])
    if sum(one.people for one in form.by_sector) > form.people:
        told = "The sectors have more people than there were."
        raise Refused(errors=[Fault("/by_sector", "too-many", told)])


def _same(standing: asyncpg.Record, form: CountHeads) -> bool:
    kept = CountHeads(people=standing["people"], by_sector=json.loads(standing["by_sector"]))
    return kept.people == form.people and set(kept.by_sector) == set(form.by_sector)


async def _tell(conn: Conn, sitting: Sitting, form: CountHeads, now: datetime) -> None:
    counted = HeadCountRecorded(
        session_id=sitting.session_id,
        learning_event_id=sitting.learning_event_id,
        held_on=sitting.held_on,
        people=form.people,
        by_sector=_told(form.by_sector),
    )
    await outbox.add(conn, counted)
    if form.people == 0:
        await withdraw_unless_held(conn, sitting)
    elif await mark_held(conn, [sitting.session_id], now):
        await outbox.add(conn, event_held(sitting))


def _told(by_sector: Sequence[OfSector]) -> tuple[SectorCount, ...]:
    return tuple(SectorCount(sector=one.sector, people=one.people) for one in by_sector)


async def _standing(conn: Conn, session_id: UUID) -> asyncpg.Record | None:
    return await conn.fetchrow(
        """
        SELECT head_count_id, people, by_sector, recorded_at
          FROM head_count AS counted
         WHERE session_id = $1
           AND NOT EXISTS (SELECT FROM head_count AS later
                            WHERE later.supersedes = counted.head_count_id)
        """,
        session_id,
    )


async def _insert(conn: Conn, *row: object) -> None:
    await conn.execute(
        """
        INSERT INTO head_count (head_count_id, session_id, people, by_sector, recorded_by,
                                recorded_by_role, recorded_at, supersedes)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        *row,
    )
