"""Private texts: how much an expert will share, how they were afterwards, what came of it."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.lived_experience.auditing import note_read
from pdu_bookings.lived_experience.engagement_rows import engagement, lock_engagement
from pdu_bookings.rules.engagement import Step
from pdu_bookings.rules.privacy import READERS, Standing, TextKind, is_audited
from pdu_shared.access import Who
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, Paragraphs
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(
    prefix="/lived-experience/engagements/{engagement_id}", tags=["lived experience"]
)


class SharingPlan(Form):
    """How much an expert will share: so much and no more."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"text": "I talk about the hostel. I do not talk about my family."}]
        }
    )

    text: Paragraphs


class Distress(Form):
    """How the expert was afterwards, and whether somebody still needs to look after it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"text": "Was very quiet. Ring on Thursday.", "open": True}]
        }
    )

    text: Paragraphs
    open: bool = Field(description="True until it has been followed up")


class PrivateText(BaseModel):
    """A private text, as one of the few who may read it sees it."""

    kind: TextKind
    text: str
    written_at: datetime


@router.put("/sharing-plan", status_code=204)
async def write_sharing_plan(
    engagement_id: UUID, form: SharingPlan, database: Store, caller: Who, now: Now
) -> None:
    """Say how much will be shared. The supporter has to agree to each new wording."""
    async with transaction(database) as conn:
        found = await lock_engagement(conn, engagement_id, caller, Step.PREPARE, now=now)
        if found.standing(caller) is Standing.COORDINATOR:
            raise NotFound
        if await write(conn, engagement_id, TextKind.SHARING_PLAN, form.text, now=now):
            await _await_agreement(conn, engagement_id)


@router.put("/distress", status_code=204)
async def note_distress(
    engagement_id: UUID, form: Distress, database: Store, caller: Who, now: Now
) -> None:
    """Write down that an expert was not well afterwards, and whether that was followed up."""
    async with transaction(database) as conn:
        await lock_engagement(conn, engagement_id, caller, Step.FOLLOW_UP, now=now)
        await write(conn, engagement_id, TextKind.DISTRESS, form.text, now=now)
        await _mark_distress(conn, engagement_id, is_open=form.open)


@router.get("/texts/{kind}")
async def read_text(
    engagement_id: UUID, kind: TextKind, database: Store, caller: Who, now: Now
) -> PrivateText:
    """A private text. That a coordinator looked is written down."""
    async with transaction(database) as conn:
        standing = (await engagement(conn, engagement_id)).standing(caller)
        if standing not in READERS[kind]:
            raise NotFound
        if is_audited(standing):
            await note_read(conn, caller, kind=kind, of_id=engagement_id, now=now)
        row = await conn.fetchrow(
            """
            SELECT kind, text, written_at
              FROM lived_experience.private_text
             WHERE engagement_id = $1 AND kind = $2
            """,
            engagement_id,
            kind,
        )
    if row is None:
        raise NotFound
    return PrivateText(**row)


async def write(
    conn: Conn, engagement_id: UUID, kind: TextKind, text: str, *, now: datetime
) -> bool:
    """Write a private text, or write it anew; whether that changed it."""
    changed: bool | None = await conn.fetchval(
        """
        INSERT INTO lived_experience.private_text AS kept (engagement_id, kind, text, written_at)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (engagement_id, kind) DO UPDATE
           SET text = excluded.text, written_at = excluded.written_at
         WHERE kept.text <> excluded.text
     RETURNING true
        """,
        engagement_id,
        kind,
        text,
        now,
    )
    return bool(changed)


async def _await_agreement(conn: Conn, engagement_id: UUID) -> None:
    await conn.execute(
        "UPDATE lived_experience.engagement SET plan_agreed = false WHERE engagement_id = $1",
        engagement_id,
    )


async def _mark_distress(conn: Conn, engagement_id: UUID, *, is_open: bool) -> None:
    await conn.execute(
        "UPDATE lived_experience.engagement SET distress_open = $2 WHERE engagement_id = $1",
        engagement_id,
        is_open,
    )
