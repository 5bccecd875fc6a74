"""What became of the letters: without what they say and without whom they reach."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query
from pydantic import BaseModel

from pdu_shared.contracts.vocabulary import LetterState
from pdu_shared.database import Conn, transaction
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Store

log = structlog.get_logger()
router = APIRouter(tags=["letters"])


class LetterLine(BaseModel):
    """A letter in the list: what kind, about what, and where it is on its way."""

    letter_id: UUID
    kind: str
    related_id: UUID
    state: LetterState
    reason: str | None
    attempt: int
    posted_at: datetime
    changed_at: datetime
    expires_at: datetime | None


class LetterPage(BaseModel):
    """Letters, newest first. `next` is for `after`, and null on the last page."""

    items: list[LetterLine]
    next: UUID | None


@router.get("/letters")
async def letters(
    database: Store,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    after: UUID | None = None,
    state: LetterState | None = None,
) -> LetterPage:
    """Where the letters are on their way."""
    async with database.pool.acquire(timeout=5) as conn:
        items = await _page(conn, limit + 1, after, state)
    more = len(items) > limit
    return LetterPage(items=items[:limit], next=items[limit - 1].letter_id if more else None)


@router.post("/letters/{letter_id}/release")
async def release(letter_id: UUID, database: Store) -> LetterLine:
    """Send a letter that is held because it may have been sent before. It may arrive twice."""
    async with transaction(database) as conn:
        released = await _release(conn, letter_id, datetime.now(UTC))
        if released is None:
            if not await conn.fetchval("SELECT true FROM letter WHERE letter_id = $1", letter_id):
                raise NotFound
            raise Conflict("Only a letter that is held can be released.")
    log.info("released", letter_id=str(letter_id))
    return released


async def _page(
    conn: Conn, limit: int, after: UUID | None, state: LetterState | None
) -> list[LetterLine]:
    rows = await conn.fetch(
        """
        SELECT letter_id, kind, related_id, state, reason, attempt, posted_at, changed_at,
               expires_at
          FROM letter
         WHERE ($2::uuid IS NULL OR letter_id < $2)
           AND ($3::text IS NULL OR state = $3)
         ORDER BY letter_id DESC
         LIMIT $1
        """,
        limit,
        after,
        state,
    )
    return [LetterLine(**row) for row in rows]


async def _release(conn: Conn, letter_id: UUID, now: datetime) -> LetterLine | None:
    row = await conn.fetchrow(
        """
        UPDATE letter SET state = 'queued', reason = 'released', next_at = $2, changed_at = $2
         WHERE letter_id = $1 AND state = 'held'
        RETURNING letter_id, kind, related_id, state, reason, attempt, posted_at, changed_at,
                  expires_at
        """,
        letter_id,
        now,
    )
    return LetterLine(**row) if row else None
