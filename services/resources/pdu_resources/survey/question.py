"""The questions that surveys are made of. Each keeps its code for ever, its words by version."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated
from uuid import UUID

import asyncpg
import structlog
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, StringConstraints

from pdu_resources.rules.question import faults_of
from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.survey import Option, QuestionVersioned
from pdu_shared.contracts.vocabulary import QuestionType
from pdu_shared.database import Conn
from pdu_shared.forms import Form, Measure, PublishedLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import derived_id
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Store

MOST_OPTIONS = 20

log = structlog.get_logger()
router = APIRouter(tags=["surveys"])

ShortCode = Annotated[Code, StringConstraints(max_length=40)]
"""Short enough for the answers to a whole survey to travel in one message."""


class OptionOffered(Form):
    """One of the answers to choose from."""

    code: ShortCode
    label: Annotated[PublishedLine, Field(max_length=200)]


class AskedIf(Form):
    """Whom a question is for: those who answered an earlier one with one of these options."""

    question: ShortCode
    options: Annotated[tuple[ShortCode, ...], Field(min_length=1, max_length=MOST_OPTIONS)]


class AskQuestion(Form):
    """A question as it is asked from now on."""

    code: ShortCode
    type: QuestionType
    wording: PublishedLine
    options: Annotated[tuple[OptionOffered, ...], Field(max_length=MOST_OPTIONS)] = ()
    offers_not_applicable: Annotated[bool, Field(strict=True)] = False
    minimum: Measure | None = None
    maximum: Measure | None = None
    asked_if: AskedIf | None = None


class OptionSeen(BaseModel):
    """What can be chosen, and how it reads."""

    code: str
    label: str


class QuestionSeen(BaseModel):
    """A question with all that a front end needs to ask it."""

    code: str
    version: int
    type: QuestionType
    wording: str
    options: list[OptionSeen]
    offers_not_applicable: bool
    minimum: float | None
    maximum: float | None
    asked_if: AskedIf | None = None
    about: str | None = None
    """What this is about here, such as the outcome as the learning event published it."""


@router.post("/questions", status_code=201, response_model=QuestionSeen)
async def ask(form: AskQuestion, database: Store, asked: Asked) -> Response:
    """Add a question, or a new version of one. What was answered keeps the version it was."""
    return await once(database, asked, partial(_ask, form=form))


async def _ask(conn: Conn, *, form: AskQuestion) -> Answer:
    if faults := [*_faults(form), *await _faults_of_condition(conn, form)]:
        raise Refused(errors=faults)
    latest = await _latest(conn, form.code)
    if latest and not latest["imported"] and latest["type"] != form.type:
        raise Conflict("Its answers would no longer compare: give the question another code.")
    version = latest["version"] + 1 if latest else 1
    try:
        await insert(conn, [(form, version)])
    except asyncpg.UniqueViolationError:
        raise Conflict("Somebody else has just changed this question.") from None
    await outbox.add(conn, *await versioned(conn, [(form.code, version)]))
    log.info("question asked", code=form.code, version=version)
    return Answer.of(QuestionSeen(version=version, **form.model_dump()))


async def insert(conn: Conn, asked: Sequence[tuple[AskQuestion, int]]) -> None:
    """Write questions down, each under its version."""
    await conn.execute(
        """
        INSERT INTO question (code, version, type, wording, offers_not_applicable, minimum,
                              maximum, asked_if, asked_if_options)
        SELECT code, version, type, wording, offers_not_applicable, minimum, maximum, asked_if,
               string_to_array(options, ' ')
          FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::boolean[], $6::float8[],
                      $7::float8[], $8::text[], $9::text[])
               AS asked (code, version, type, wording, offers_not_applicable, minimum, maximum,
                         asked_if, options)
        """,
        [form.code for form, _ in asked],
        [version for _, version in asked],
        [form.type for form, _ in asked],
        [form.wording for form, _ in asked],
        [form.offers_not_applicable for form, _ in asked],
        [form.minimum for form, _ in asked],
        [form.maximum for form, _ in asked],
        [form.asked_if.question if form.asked_if else None for form, _ in asked],
        [" ".join(form.asked_if.options) if form.asked_if else None for form, _ in asked],
    )
    options = [
        (form.code, version, option.code, option.label, place)
        for form, version in asked
        for place, option in enumerate(form.options, start=1)
    ]
    await conn.executemany(
        """
        INSERT INTO question_option (question_code, version, code, label, place)
        VALUES ($1, $2, $3, $4, $5)
        """,
        options,
    )


async def versioned(conn: Conn, asked: Sequence[tuple[str, int]]) -> list[QuestionVersioned]:
    """What is told of these questions, by code and version."""
    rows = await conn.fetch(
        """
        SELECT question.code, question.version, type, wording,
               array_agg(option.code::text ORDER BY place, option.code)
                   FILTER (WHERE option.code IS NOT NULL) AS options,
               array_agg(label ORDER BY place, option.code)
                   FILTER (WHERE option.code IS NOT NULL) AS labels
          FROM unnest($1::text[], $2::int[]) WITH ORDINALITY AS asked (code, version, turn)
          JOIN question USING (code, version)
          LEFT JOIN question_option AS option ON option.question_code = question.code
                                             AND option.version = question.version
         GROUP BY turn, question.code, question.version
         ORDER BY turn
        """,
        [code for code, _ in asked],
        [version for _, version in asked],
    )
    return [
        QuestionVersioned(
            question_id=question_id(row["code"]),
            code=row["code"],
            version=row["version"],
            type=row["type"],
            wording=row["wording"],
            options=tuple(
                Option(code=code, label=label)
                for code, label in zip(row["options"] or (), row["labels"] or (), strict=True)
            ),
        )
        for row in rows
    ]


def question_id(code: str) -> UUID:
    """The id of a question: that of its code, whatever its version."""
    return derived_id("question", code)


def _faults(form: AskQuestion) -> list[Fault]:
    found = faults_of(
        form.type,
        [option.code for option in form.options],
        minimum=form.minimum,
        maximum=form.maximum,
    )
    return [Fault(*one) for one in found]


async def _faults_of_condition(conn: Conn, form: AskQuestion) -> list[Fault]:
    if form.asked_if is None:
        return []
    rows = await conn.fetch(
        """
        SELECT option.code
          FROM question_option AS option
          JOIN question ON question.code = option.question_code
                       AND question.version = option.version
         WHERE question_code = $1 AND question_code <> $2 AND type IN ('single', 'multiple')
        """,
        form.asked_if.question,
        form.code,
    )
    offered = {row["code"] for row in rows}
    if not offered:
        detail = "There is no such question with options to choose from."
        return [Fault("/asked_if/question", "unknown-question", detail)]
    return [
        Fault(f"/asked_if/options/{place}", "unknown-option", "That question does not offer this.")
        for place, option in enumerate(form.asked_if.options)
        if option not in offered
    ]


async def _latest(conn: Conn, code: str) -> asyncpg.Record | None:
    return await conn.fetchrow(
        """
        SELECT version, type, imported FROM question
         WHERE code = $1 ORDER BY version DESC LIMIT 1
        """,
        code,
    )
