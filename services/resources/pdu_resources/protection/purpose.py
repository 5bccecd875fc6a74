"""What people are asked to agree to, in versions of wordings that stay as they were shown."""

from datetime import datetime
from functools import partial
from typing import Annotated

import asyncpg
from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, OneLine, Paragraphs
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["consents"])

SEEDS = (
    ("bulletin", "The monthly bulletin", "Send me the monthly bulletin by e-mail."),
    (
        "evaluation",
        "Evaluation",
        "You may use my answers, without my name, to find out what the programme achieves.",
    ),
    ("quote", "Quotes", "You may print what I wrote, without my name, in reports."),
    (
        "contact_research",
        "Interviews",
        "You may ask me whether I would take part in an interview.",
    ),
)
Purpose = Annotated[Code, Path(description="The code of a purpose")]


class DefinePurpose(Form):
    """What people may agree to, as a heading."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"label": "Interviews"}]})

    label: OneLine


class Word(Form):
    """The words that people are shown from now on."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"wording": "You may ask me for an interview."}]}
    )

    wording: Paragraphs


class WordingSeen(BaseModel):
    """What people are asked to agree to for one purpose."""

    purpose: str
    label: str
    version: int
    wording: str
    applies_from: datetime


class PurposesSeen(BaseModel):
    """Every purpose, in the words of the present."""

    items: list[WordingSeen]


@router.get("/purposes")
async def purposes(database: Store) -> PurposesSeen:
    """What people may agree to, in the present words."""
    async with database.pool.acquire(timeout=5) as conn:
        rows = await conn.fetch(_CURRENT + " ORDER BY place, purpose")
    return PurposesSeen(items=[WordingSeen(**row) for row in rows])


@router.put("/purposes/{purpose}", status_code=204)
async def define(purpose: Purpose, form: DefinePurpose, database: Store) -> None:
    """Add a purpose, or rename it. Until it has a wording nobody can agree to it."""
    async with transaction(database) as conn:
        await conn.execute(
            """
            INSERT INTO purpose (purpose, label, place)
            SELECT $1, $2, (SELECT coalesce(max(place), 0) + 1 FROM purpose)
                ON CONFLICT (purpose) DO UPDATE SET label = excluded.label
            """,
            purpose,
            form.label,
        )


@router.post("/purposes/{purpose}/wordings", status_code=201, response_model=WordingSeen)
async def word(purpose: Purpose, form: Word, database: Store, asked: Asked, now: Now) -> Response:
    """Word what people agree to anew. Whoever agreed before, agreed to the words of then."""
    return await once(database, asked, partial(_word, purpose=purpose, form=form, now=now))


async def seed(conn: Conn) -> None:
    """The purposes that a new installation begins with. Safe to repeat."""
    for place, (purpose, label, wording) in enumerate(SEEDS, start=1):
        await conn.execute(
            """
            INSERT INTO purpose (purpose, label, place) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
            """,
            purpose,
            label,
            place,
        )
        await conn.execute(
            """
            INSERT INTO consent_wording (purpose, version, wording, applies_from)
            VALUES ($1, 1, $2, now()) ON CONFLICT DO NOTHING
            """,
            purpose,
            wording,
        )


async def current(conn: Conn, purpose: str) -> WordingSeen:
    """The present wording of a purpose. Raises NotFound."""
    row = await conn.fetchrow(_CURRENT + " WHERE purpose = $1", purpose)
    if row is None:
        raise NotFound
    return WordingSeen(**row)


async def _word(conn: Conn, *, purpose: str, form: Word, now: datetime) -> Answer:
    try:
        # Under the purpose's lock: two who word it at once get two versions.
        await conn.execute("SELECT FROM purpose WHERE purpose = $1 FOR UPDATE", purpose)
        await conn.execute(
            """
            INSERT INTO consent_wording (purpose, version, wording, applies_from)
            SELECT $1::text, coalesce(max(version), 0) + 1, $2, $3
              FROM consent_wording WHERE purpose = $1::text
            """,
            purpose,
            form.wording,
            now,
        )
    except asyncpg.ForeignKeyViolationError:
        raise NotFound from None
    return Answer.of(await current(conn, purpose))


_CURRENT = """
    SELECT purpose, label, version, wording, applies_from
      FROM purpose
      JOIN LATERAL (SELECT version, wording, applies_from
                      FROM consent_wording
                     WHERE consent_wording.purpose = purpose.purpose
                     ORDER BY version DESC
                     LIMIT 1) AS latest ON true
    """
