"""What became of the letters: without what they say and without whom they reach."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import Channel, LetterState
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Now, Store

log = structlog.get_logger()
router = APIRouter(tags=["letters"])

DEALT_WITH = frozenset({"sent", "failed", "bounced", "suppressed", "expired", "cancelled"})
MOST_TIMES = 20


class LetterLine(BaseModel):
    """A letter in the list: what kind, about what, and where it is on its way."""

    letter_id: UUID
    kind: str
    related_id: UUID
    state: LetterState
    channel: Channel = Field(description="How it goes, as far as that is known")
    reason: str | None
    attempt: int
    posted_at: datetime
    changed_at: datetime
    expires_at: datetime | None


class HeldLetters(Form):
    """Which of the letters that are held go out after all."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "bulletin"}]})

    kind: Annotated[Code, Field(description="As the list of letters shows it")]
    related_id: Annotated[
        UUID | None, Field(description="Of these only the ones about this, such as one issue")
    ] = None


class Released(BaseModel):
    """How many letters go out after all."""

    letters: int


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
    kind: Code | None = None,
) -> LetterPage:
    """Where the letters are on their way."""
    async with database.pool.acquire(timeout=5) as conn:
        items = await _page(conn, limit + 1, after, (state, kind))
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


@router.post("/letters/release")
async def release_all(held: HeldLetters, database: Store, now: Now) -> Released:
    """Send all letters of a kind that are held in doubt. Some people may get them twice."""
    async with transaction(database) as conn:
        done = await conn.execute(
            """
            UPDATE letter SET state = 'queued', reason = 'released', next_at = $3, changed_at = $3
             WHERE state = 'held' AND kind = $1 AND ($2::uuid IS NULL OR related_id = $2)
            """,
            held.kind,
            held.related_id,
            now,
        )
    letters = int(done.rpartition(" ")[2])
    log.info("released", kind=held.kind, letters=letters)
    return Released(letters=letters)


@router.post("/letters/{letter_id}/resend")
async def resend(letter_id: UUID, database: Store, now: Now) -> LetterLine:
    """Send a letter once more, as another e-mail: to the address as it is known now."""
    async with transaction(database) as conn:
        found = await conn.fetchrow(
            "SELECT state, content, resent, expires_at FROM letter WHERE letter_id = $1 FOR UPDATE",
            letter_id,
        )
        if found is None:
            raise NotFound
        if found["state"] not in DEALT_WITH:
            raise Conflict("This letter is still on its way, or held.")
        if not found["content"]:
            raise Conflict("What this letter said is forgotten.")
        if found["expires_at"] and found["expires_at"] <= now:
            raise Conflict("It is too late for this letter.")
        if found["resent"] >= MOST_TIMES:
            raise Conflict("This letter was sent often enough.")
        line = await _resend(conn, letter_id, now)
    log.info("resent", letter_id=str(letter_id))
    return line


async def _page(
    conn: Conn,
    limit: int,
    after: UUID | None,
    chosen: tuple[LetterState | None, str | None],
) -> list[LetterLine]:
    rows = await conn.fetch(
        """
        SELECT letter_id, kind, related_id, state, channel, reason, attempt, posted_at,
               changed_at, expires_at
          FROM letter
         WHERE ($2::uuid IS NULL OR letter_id < $2)
           AND ($3::text IS NULL OR state = $3)
           AND ($4::text IS NULL OR kind = $4)
         ORDER BY letter_id DESC
         LIMIT $1
        """,
        limit,
        after,
        *chosen,
    )
    return [LetterLine(**row) for row in rows]


async def _release(conn: Conn, letter_id: UUID, now: datetime) -> LetterLine | None:
    row = await conn.fetchrow(
        """
        UPDATE letter SET state = 'queued', reason = 'released', next_at = $2, changed_at = $2
         WHERE letter_id = $1 AND state = 'held'
        RETURNING letter_id, kind, related_id, state, channel, reason, attempt, posted_at,
                  changed_at, expires_at
        """,
        letter_id,
        now,
    )
    return LetterLine(**row) if row else None


async def _resend(conn: Conn, letter_id: UUID, now: datetime) -> LetterLine:
    row = await conn.fetchrow(
        """
        UPDATE letter SET state = 'queued', reason = 'resent', resent = resent + 1, attempt = 0,
                          next_at = $2, posted_at = $2, changed_at = $2
         WHERE letter_id = $1
        RETURNING letter_id, kind, related_id, state, channel, reason, attempt, posted_at,
                  changed_at, expires_at
        """,
        letter_id,
        now,
    )
    assert row is not None, "it is locked"
    return LetterLine(**row)
