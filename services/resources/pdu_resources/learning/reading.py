"""A page of a module to read, with its questions and what was answered to them before."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pdu_resources.learning.progress import Learner, learner
from pdu_resources.learning.suite import ModuleKey
from pdu_resources.rules.module import thoughts, unfit
from pdu_resources.rules.module_page import Kind, Page, Question, read_page
from pdu_resources.usage.activity import account_of
from pdu_shared.access import Who
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, Paragraphs
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.prose import html_of
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["e-learning"])

QuestionCode = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Letter = Annotated[str, StringConstraints(pattern="^[a-z]$")]


class Offered(BaseModel):
    """An answer to choose."""

    code: str
    html: str


class About(BaseModel):
    """What is said about one answer."""

    option: str
    fits: bool = Field(description="Whether it is among those that help. Nobody counts them")
    html: str


class Answered(BaseModel):
    """What I answered, and what is said to that."""

    question_code: str
    options: list[str]
    said: str | None
    about: list[About]
    html: str = Field(description="What is said to every answer")


class Text(BaseModel):
    """Something to read: safe HTML."""

    kind: Literal["text"] = "text"
    html: str


class Asked(BaseModel):
    """Something to think about. There are no marks."""

    kind: Literal["question"] = "question"
    question_code: str
    answered_by: Kind
    html: str
    options: list[Offered]
    answer: Answered | None


class PageSeen(BaseModel):
    """One page of a module."""

    module_key: str
    version: int
    page: int
    pages: int
    title: str
    parts: list[Text | Asked]


class SayAnswer(Form):
    """An answer: what is chosen, or what somebody writes for themselves."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"options": ["a"]}]})

    options: Annotated[tuple[Letter, ...], Field(max_length=10)] = ()
    said: Paragraphs | None = None


@router.get("/modules/{module_key}/pages/{page}")
async def read(
    module_key: ModuleKey,
    page: Annotated[int, Path(ge=1, le=99)],
    database: Store,
    caller: Who,
) -> PageSeen:
    """A page, of the version that I began with. It says nothing about where I am."""
    async with database.pool.acquire(timeout=5) as conn:
        one = await learner(conn, await account_of(conn, caller), module_key)
        if page > len(one.pages):
            raise NotFound
        answers = await _answers(conn, one.progress_id)
    found = read_page(one.pages[page - 1])
    return PageSeen(
        module_key=module_key,
        version=one.version,
        page=page,
        pages=len(one.pages),
        title=found.title,
        parts=_parts(found, answers),
    )


@router.put("/modules/{module_key}/answers/{question_code}")
async def answer(  # noqa: PLR0913 - each is one part of the request
    module_key: ModuleKey,
    question_code: QuestionCode,
    form: SayAnswer,
    *,
    database: Store,
    caller: Who,
    now: Now,
) -> Answered:
    """Answer a question, or answer it otherwise. It stays between me and the module."""
    async with transaction(database) as conn:
        one = await learner(conn, await account_of(conn, caller), module_key)
        question = _question(one, question_code)
        if one.progress_id is None:
            raise Conflict("Begin it first.")
        if wrong := unfit(question, form.options, form.said):
            raise Refused(errors=[Fault(f"/{wrong.field}", wrong.code, wrong.because)])
        await _keep(conn, one.progress_id, question_code, form, now)
    return _answered(question, sorted(form.options), form.said)


def _question(one: Learner, question_code: str) -> Question:
    for page in one.pages:
        for question in read_page(page).questions:
            if question.code == question_code:
                return question
    raise NotFound


def _parts(page: Page, answers: Mapping[str, asyncpg.Record]) -> list[Text | Asked]:
    return [
        Text(html=html_of(part)) if isinstance(part, str) else _asked(part, answers.get(part.code))
        for part in page.parts
    ]


def _asked(question: Question, before: asyncpg.Record | None) -> Asked:
    return Asked(
        question_code=question.code,
        answered_by=question.kind,
        html=html_of(question.wording),
        options=[
            Offered(code=option.code, html=html_of(option.label)) for option in question.options
        ],
        answer=_answered(question, before["options"], before["said"]) if before else None,
    )


def _answered(question: Question, options: Sequence[str], said: str | None) -> Answered:
    return Answered(
        question_code=question.code,
        options=list(options),
        said=said,
        about=[
            About(option=one.option, fits=one.fits, html=html_of(one.feedback))
            for one in thoughts(question, options)
        ],
        html=html_of(question.feedback),
    )


async def _answers(conn: Conn, progress_id: UUID | None) -> dict[str, asyncpg.Record]:
    rows = await conn.fetch(
        "SELECT question_code, options, said FROM module_answer WHERE progress_id = $1", progress_id
    )
    return {row["question_code"]: row for row in rows}


async def _keep(
    conn: Conn, progress_id: UUID, question_code: str, form: SayAnswer, now: datetime
) -> None:
    await conn.execute(
        """
        INSERT INTO module_answer (progress_id, question_code, options, said, answered_at)
        VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (progress_id, question_code) DO UPDATE
           SET options = excluded.options, said = excluded.said, answered_at = excluded.answered_at
        """,
        progress_id,
        question_code,
        sorted(form.options),
        form.said,
        now,
    )
