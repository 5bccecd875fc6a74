"""The history of one line of a register: who wrote what, and why it was put right."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_shared.access import Role
from pdu_shared.contracts.vocabulary import AttendanceMethod, AttendanceState, CorrectionReason
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Store

router = APIRouter(tags=["attendance"])


class Written(BaseModel):
    """One entry, as it was written down then."""

    entry_id: UUID
    state: AttendanceState
    method: AttendanceMethod
    recorded_at: datetime
    recorded_by: UUID | None = Field(description="The person; none for a machine")
    recorded_by_role: Role
    supersedes: UUID | None
    reason_code: CorrectionReason | None
    minutes: int | None = Field(description="As a webinar tool counted")
    rule: str | None = Field(description="The version of the rule that judged the minutes")


class History(BaseModel):
    """All that was ever written down of one person in one session, oldest first."""

    attendance_id: UUID
    session_id: UUID
    booking_id: UUID | None
    entries: list[Written]


@router.get("/attendances/{attendance_id}/history")
async def read_history(attendance_id: UUID, database: Store) -> History:
    """What was written down of one person in one session, by whom and why."""
    async with database.pool.acquire(timeout=5) as conn:
        about = await conn.fetchrow(
            "SELECT session_id, booking_id FROM attendance WHERE attendance_id = $1", attendance_id
        )
        if about is None:
            raise NotFound
        entries = await conn.fetch(
            """
            SELECT entry_id, state, method, recorded_at, recorded_by, recorded_by_role, supersedes,
                   reason_code, minutes, rule
              FROM attendance_entry
             WHERE attendance_id = $1
             ORDER BY recorded_at, entry_id
            """,
            attendance_id,
        )
    return History(
        attendance_id=attendance_id, **about, entries=[Written(**one) for one in entries]
    )
