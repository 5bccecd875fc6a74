"""Texts are coded with the code book, by people who do not know whose they are."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.versioned.changes import By
from pdu_resources.versioned.paging import cut
from pdu_resources.voice.code_book import check_themes
from pdu_shared import outbox
from pdu_shared.access import Role
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.voice import ThemeCoded
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.local_time import local_day
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Store

MOST_THEMES = 20

router = APIRouter(tags=["texts"])


class Filters(Form):
    """Which texts, and which page of them."""

    survey_key: Code | None = None
    question_code: Code | None = None
    coded: Annotated[bool | None, Field(description="Those that have themes, or have none")] = None
    second: Annotated[
        bool | None, Field(description="Of those that are coded: also by a second person, or not")
    ] = None
    after: Annotated[UUID | None, Field(description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Text(BaseModel):
    """What somebody wrote in answer to a question. Nobody is told who."""

    text_id: UUID
    survey_key: str
    wave: str
    question_code: str
    said: str
    may_quote: bool
    themes: list[str]
    coded_at: datetime | None
    second_themes: list[str] | None = Field(
        default=None, description="What a second coder found, who did not know what the first did"
    )
    second_at: datetime | None = None


class Texts(BaseModel):
    """One page of texts. `next` goes into `after` for the following page."""

    items: list[Text]
    next: UUID | None


class CodeText(Form):
    """Which themes a text has; none of them where none fits."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"themes": ["partnership"]}]})

    themes: Annotated[tuple[Code, ...], Field(max_length=MOST_THEMES)]


@router.get("/texts")
async def texts(asked: Annotated[Filters, Query()], database: Store) -> Texts:
    """What people wrote who agreed to the evaluation, oldest first, to be coded."""
    rows = await database.pool.fetch(
        """
        SELECT text_id, survey_key, wave, question_code, said, may_quote,
               coalesce(themes, '{}') AS themes, coded_at, second_themes, second_at
          FROM answer_text
          JOIN response USING (response_id)
          LEFT JOIN text_coding USING (text_id)
         WHERE may_evaluate AND withdrawn_at IS NULL
           AND ($1::uuid IS NULL OR text_id > $1)
           AND ($3::text IS NULL OR survey_key = $3)
           AND ($4::text IS NULL OR question_code = $4)
           AND ($5::boolean IS NULL OR $5 = (coded_at IS NOT NULL))
           AND ($6::boolean IS NULL OR (coded_at IS NOT NULL AND $6 = (second_at IS NOT NULL)))
         ORDER BY text_id
         LIMIT $2
        """,
        asked.after,
        asked.limit + 1,
        asked.survey_key,
        asked.question_code,
        asked.coded,
        asked.second,
    )
    items, following = cut([Text(**row) for row in rows], asked.limit, lambda one: one.text_id)
    return Texts(items=items, next=following)


@router.get("/texts/{text_id}")
async def text(text_id: UUID, database: Store) -> Text:
    """One text, to be coded."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await text_of(conn, text_id)
    if found is None:
        raise NotFound
    return found


async def text_of(conn: Conn, text_id: UUID) -> Text | None:
    """One text; None where there is none, or its answer was taken back."""
    row = await conn.fetchrow(
        """
        SELECT text_id, survey_key, wave, question_code, said, may_quote,
               coalesce(themes, '{}') AS themes, coded_at, second_themes, second_at
          FROM answer_text
          JOIN response USING (response_id)
          LEFT JOIN text_coding USING (text_id)
         WHERE text_id = $1 AND may_evaluate AND withdrawn_at IS NULL
        """,
        text_id,
    )
    return Text(**row) if row else None


@router.put("/texts/{text_id}/themes")
async def code_text(text_id: UUID, form: CodeText, database: Store, by: By) -> Text:
    """Give a text its themes, in the place of those it had. 422 for a theme not in use."""
    async with transaction(database) as conn:
        row = await conn.fetchrow(
            """
            SELECT text_id, survey_key, wave, question_code
              FROM answer_text JOIN response USING (response_id)
             WHERE text_id = $1 AND may_evaluate AND withdrawn_at IS NULL
               FOR UPDATE OF answer_text
            """,
            text_id,
        )
        if row is None:
            raise NotFound
        await check_themes(conn, form.themes)
        themes, role = sorted({*form.themes}), _role(by.caller.has(Role.EVALUATOR))
        await conn.execute(
            """
            INSERT INTO text_coding (text_id, themes, coder_role, coded_by, coded_at)
            VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (text_id) DO UPDATE
               SET themes = excluded.themes, coder_role = excluded.coder_role,
                   coded_by = excluded.coded_by, coded_at = excluded.coded_at,
                   -- Nobody is the second to themselves.
                   second_themes = CASE WHEN text_coding.second_by = excluded.coded_by
                                        THEN NULL ELSE text_coding.second_themes END,
                   second_at = CASE WHEN text_coding.second_by = excluded.coded_by
                                    THEN NULL ELSE text_coding.second_at END,
                   second_by = nullif(text_coding.second_by, excluded.coded_by)
            """,
            text_id,
            themes,
            role,
            by.by,
            by.now,
        )
        coded = ThemeCoded(
            text_id=text_id,
            survey_key=row["survey_key"],
            wave=row["wave"],
            question_code=row["question_code"],
            themes=tuple(themes),
            coder_role=role,
            coded_on=local_day(by.now),
        )
        await outbox.add(conn, coded)
        found = await text_of(conn, text_id)
    if found is None:
        raise NotFound
    return found


def _role(evaluates: bool) -> str:  # noqa: FBT001 - which of the two
    return Role.EVALUATOR if evaluates else Role.COORDINATOR
