"""The code of a session, shown on the wall, with which people check themselves in."""

import hmac
from datetime import datetime
from functools import partial
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, Field

from pdu_bookings.attendance import door
from pdu_bookings.attendance.sitting import Sitting, lock_sitting, sitting_of
from pdu_bookings.rules.attendance import CHECK_IN_OPENS
from pdu_shared.access import Caller, Who
from pdu_shared.database import Conn
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.runtime import Here, Runtime

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that look like others."""
LENGTH = 6

router = APIRouter(tags=["attendance"])


class CheckInCode(BaseModel):
    """The code of a session, and when it opens the register."""

    session_id: UUID
    code: str = Field(examples=["K7QX3M"])
    valid_from: datetime
    valid_until: datetime


@router.get("/sessions/{session_id}/check-in-code")
async def read_code(session_id: UUID, runtime: Here, caller: Who) -> CheckInCode:
    """The code to show to those who are there, from half an hour before the session to its end."""
    async with runtime.database.pool.acquire(timeout=5) as conn:
        sitting = await sitting_of(conn, session_id)
        await door.let_in(conn, caller, session_id)
        return _shown(sitting, await code_of(conn, runtime, session_id))


@router.post("/sessions/{session_id}/check-in-code", response_model=CheckInCode, status_code=201)
async def change_code(session_id: UUID, runtime: Here, asked: Asked, caller: Who) -> Response:
    """Another code, because the one before has travelled. That one opens nothing any more."""
    use_case = partial(_change, runtime=runtime, session_id=session_id, caller=caller)
    return await once(runtime.database, asked, use_case)


async def code_of(conn: Conn, runtime: Runtime, session_id: UUID) -> str:
    """The present code: made from the id of the session and its turn, and kept nowhere."""
    turn = await conn.fetchval("SELECT turn FROM check_in_turn WHERE session_id = $1", session_id)
    said = b"check-in" + session_id.bytes + (turn or 1).to_bytes(4)
    octets = hmac.digest(runtime.settings.secret("link_key").encode(), said, "sha256")
    return "".join(LETTERS[octet % len(LETTERS)] for octet in octets[:LENGTH])


async def _change(conn: Conn, *, runtime: Runtime, session_id: UUID, caller: Caller) -> Answer:
    sitting = await lock_sitting(conn, session_id)
    await door.let_in(conn, caller, session_id)
    await conn.execute(
        """
        INSERT INTO check_in_turn AS kept (session_id, turn) VALUES ($1, 2)
            ON CONFLICT (session_id) DO UPDATE SET turn = kept.turn + 1
        """,
        session_id,
    )
    return Answer.of(_shown(sitting, await code_of(conn, runtime, session_id)))


def _shown(sitting: Sitting, code: str) -> CheckInCode:
    return CheckInCode(
        session_id=sitting.session_id,
        code=code,
        valid_from=sitting.starts_at - CHECK_IN_OPENS,
        valid_until=sitting.ends_at,
    )
