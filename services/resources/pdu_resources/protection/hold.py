"""Reasons not to forget somebody yet: a claim at law, a duty, somebody's safety."""

from datetime import datetime
from enum import StrEnum
from functools import partial
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_shared.access import Caller, Who
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, OneLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["rights"])


class Reason(StrEnum):
    """Why somebody is not forgotten yet (UK GDPR, Article 17(3))."""

    LEGAL_CLAIM = "legal_claim"
    LEGAL_DUTY = "legal_duty"
    SAFEGUARDING = "safeguarding"
    PUBLIC_INTEREST = "public_interest"


class Hold(Form):
    """Who is not forgotten, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "person_id": "efc65ce2-ce0a-8947-98fb-4f2274260ea4",
                    "because": "safeguarding",
                    "reference": "SG-2026-014",
                }
            ]
        }
    )

    person_id: UUID
    because: Reason
    reference: OneLine | None = Field(
        default=None, description="The number of a file elsewhere. No words about a person."
    )


class HoldSeen(BaseModel):
    """A reason not to forget somebody, and whether it still stands."""

    hold_id: UUID
    person_id: UUID
    because: Reason
    reference: str | None
    placed_at: datetime
    released_at: datetime | None


class Holds(BaseModel):
    """The holds, latest first, at most 500."""

    items: list[HoldSeen]


@router.post("/erasure-holds", status_code=201, response_model=HoldSeen)
async def place(form: Hold, database: Store, asked: Asked, caller: Who, now: Now) -> Response:
    """Hold the erasure of somebody, with the reason."""
    return await once(database, asked, partial(_place, form=form, caller=caller, now=now))


@router.get("/erasure-holds")
async def holds(database: Store) -> Holds:
    """Who is not forgotten, and why."""
    rows = await database.pool.fetch("""
        SELECT hold_id, person_id, because, reference, placed_at, released_at
          FROM erasure_hold
         ORDER BY released_at IS NOT NULL, hold_id DESC
         LIMIT 500
        """)
    return Holds(items=[HoldSeen(**row) for row in rows])


@router.put("/erasure-holds/{hold_id}/release")
async def release(hold_id: UUID, database: Store, caller: Who, now: Now) -> HoldSeen:
    """End a hold. Doing it twice is doing it once."""
    async with transaction(database) as conn:
        row = await conn.fetchrow(
            """
            UPDATE erasure_hold
               SET released_at = coalesce(released_at, $2), released_by = coalesce(released_by, $3)
             WHERE hold_id = $1
            RETURNING hold_id, person_id, because, reference, placed_at, released_at
            """,
            hold_id,
            now,
            caller.sub,
        )
    if row is None:
        raise NotFound
    return HoldSeen(**row)


async def one_at_a_time(conn: Conn) -> None:
    """Nobody is held while their erasure is being approved, nor the other way round."""
    await conn.execute("LOCK TABLE erasure_hold IN SHARE ROW EXCLUSIVE MODE")


async def _place(conn: Conn, *, form: Hold, caller: Caller, now: datetime) -> Answer:
    await one_at_a_time(conn)
    row = await conn.fetchrow(
        """
        INSERT INTO erasure_hold (hold_id, person_id, because, reference, placed_by, placed_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        RETURNING hold_id, person_id, because, reference, placed_at, released_at
        """,
        uuid7(),
        form.person_id,
        form.because,
        form.reference,
        caller.sub,
        now,
    )
    assert row is not None, "it was inserted"
    return Answer.of(HoldSeen(**row))
