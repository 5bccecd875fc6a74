"""The quotes bank: words with consent to quote them, attributed by role only."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.versioned.changes import By, Hand
from pdu_resources.versioned.paging import cut
from pdu_resources.voice.code_book import check_themes
from pdu_resources.voice.coding import MOST_THEMES
from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.change import QuoteSource
from pdu_shared.contracts.resources.voice import QuoteApproved, QuoteWithdrawn
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, Paragraphs
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["texts"])


class EnterQuote(Form):
    """Words to quote: of an answer (`text_id`), or of an interview or a group.

    Leave out whatever somebody could be known by.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "said": "We ring each other now.",
                    "source_type": "interviewee",
                    "agreed": True,
                }
            ]
        }
    )

    said: Paragraphs
    source_type: QuoteSource
    text_id: UUID | None = None
    agreed: Annotated[
        bool, Field(strict=True, description="Whoever said it agreed to be quoted")
    ] = False
    themes: Annotated[tuple[Code, ...], Field(max_length=MOST_THEMES)] = ()


class Filters(Form):
    """Which quotes, and which page of them."""

    theme: Code | None = None
    source_type: QuoteSource | None = None
    approved: bool | None = None
    after: Annotated[UUID | None, Field(description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Quote(BaseModel):
    """A quote, and by which role it is attributed."""

    quote_id: UUID
    said: str | None
    source_type: QuoteSource
    themes: list[str]
    approved_at: datetime | None
    withdrawn_at: datetime | None


class Quotes(BaseModel):
    """One page of quotes, newest first. `next` goes into `after` for the following page."""

    items: list[Quote]
    next: UUID | None


@router.post("/quotes", status_code=201, response_model=Quote)
async def enter(form: EnterQuote, database: Store, asked: Asked, by: By) -> Response:
    """Enter a quote. 422 without consent to quote: of an answer, the one that came with it."""
    return await once(database, asked, partial(_enter, form=form, by=by))


@router.get("/quotes")
async def quotes(asked: Annotated[Filters, Query()], database: Store) -> Quotes:
    """The quotes bank, without those that were withdrawn."""
    rows = await database.pool.fetch(
        """
        SELECT quote_id, said, source_type, themes, approved_at, withdrawn_at
          FROM quote
         WHERE withdrawn_at IS NULL
           AND ($1::uuid IS NULL OR quote_id < $1)
           AND ($3::text IS NULL OR $3 = ANY (themes))
           AND ($4::text IS NULL OR source_type = $4)
           AND ($5::boolean IS NULL OR $5 = (approved_at IS NOT NULL))
         ORDER BY quote_id DESC
         LIMIT $2
        """,
        asked.after,
        asked.limit + 1,
        asked.theme,
        asked.source_type,
        asked.approved,
    )
    items, following = cut([Quote(**row) for row in rows], asked.limit, lambda one: one.quote_id)
    return Quotes(items=items, next=following)


@router.put("/quotes/{quote_id}/approval")
async def approve(quote_id: UUID, database: Store, by: By) -> Quote:
    """Say that a quote gives nobody away, and may be used. Twice is once."""
    async with transaction(database) as conn:
        row = await _lock(conn, quote_id)
        if row["withdrawn_at"] is not None:
            raise Conflict("It was withdrawn.")
        if row["approved_at"] is None:
            await conn.execute(
                "UPDATE quote SET approved_at = $2 WHERE quote_id = $1", quote_id, by.now
            )
            approved = QuoteApproved(**_told(row), approved_on=local_day(by.now))
            await outbox.add(conn, approved)
        return Quote(**await _lock(conn, quote_id))


@router.put("/quotes/{quote_id}/withdrawal")
async def withdraw(quote_id: UUID, database: Store, by: By) -> Quote:
    """Use a quote no more; its words are forgotten. Twice is once."""
    async with transaction(database) as conn:
        row = await _lock(conn, quote_id)
        await _withdraw(conn, [row], now=by.now)
        return Quote(**await _lock(conn, quote_id))


async def withdraw_of_response(conn: Conn, response_id: UUID, *, now: datetime) -> None:
    """Forget the quotes from answers that were taken back, or that may not be quoted any more."""
    rows = await conn.fetch(
        """
        SELECT quote_id, source_type, themes, approved_at, withdrawn_at
          FROM quote
         WHERE withdrawn_at IS NULL
           AND text_id IN (SELECT text_id FROM answer_text WHERE response_id = $1)
           FOR UPDATE
        """,
        response_id,
    )
    await _withdraw(conn, rows, now=now)


async def _withdraw(conn: Conn, rows: list[asyncpg.Record], *, now: datetime) -> None:
    for row in rows:
        if row["withdrawn_at"] is not None:
            continue
        await conn.execute(
            "UPDATE quote SET said = NULL, withdrawn_at = $2 WHERE quote_id = $1",
            row["quote_id"],
            now,
        )
        if row["approved_at"] is not None:
            gone = QuoteWithdrawn(**_told(row), withdrawn_on=local_day(now))
            await outbox.add(conn, gone)


async def _enter(conn: Conn, *, form: EnterQuote, by: Hand) -> Answer:
    await check_themes(conn, form.themes)
    if form.text_id is not None:
        agreed = await conn.fetchval(
            """
            SELECT may_quote FROM answer_text JOIN response USING (response_id)
             WHERE text_id = $1 AND withdrawn_at IS NULL
            """,
            form.text_id,
        )
        if agreed is None:
            raise Refused(errors=[Fault("/text_id", "unknown-text", "There is no such text.")])
        pointer = "/text_id"
    else:
        agreed, pointer = form.agreed, "/agreed"
    if not agreed:
        detail = "Whoever said it has not agreed to be quoted."
        raise Refused(errors=[Fault(pointer, "consent", detail)])
    quote_id = uuid7()
    await conn.execute(
        """
        INSERT INTO quote (quote_id, text_id, said, source_type, themes, entered_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        quote_id,
        form.text_id,
        form.said,
        form.source_type,
        sorted({*form.themes}),
        by.now,
    )
    return Answer.of(Quote(**await _lock(conn, quote_id)))


async def _lock(conn: Conn, quote_id: UUID) -> asyncpg.Record:
    row = await conn.fetchrow(
        """
        SELECT quote_id, said, source_type, themes, approved_at, withdrawn_at
          FROM quote WHERE quote_id = $1
           FOR UPDATE
        """,
        quote_id,
    )
    if row is None:
        raise NotFound
    return row


def _told(row: asyncpg.Record) -> dict[str, Any]:
    return {name: row[name] for name in ("quote_id", "source_type", "themes")}
