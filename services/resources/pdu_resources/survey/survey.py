"""Surveys: which questions they ask, and all that a front end needs to ask them."""

from collections.abc import Container, Sequence
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

import structlog
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from pdu_resources.survey.question import ShortCode
from pdu_resources.survey.survey_rows import SurveySeen, defined, insert, survey
from pdu_shared import outbox
from pdu_shared.contracts.resources.survey import SurveyKind
from pdu_shared.database import Conn
from pdu_shared.forms import Form, PublishedLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import Store

MOST_QUESTIONS = 40

log = structlog.get_logger()
router = APIRouter(tags=["surveys"])


class DefineSurvey(Form):
    """Which questions a survey asks from now on, in this order and in their present words."""

    survey_key: ShortCode
    title: PublishedLine
    kind: Annotated[
        SurveyKind | None, Field(description="As before unless given; `other` of a new one")
    ] = None
    questions: Annotated[tuple[ShortCode, ...], Field(min_length=1, max_length=MOST_QUESTIONS)]


class SurveyListed(BaseModel):
    """A survey at a glance. One that is `imported` is known from records and asked no more."""

    survey_key: str
    title: str
    kind: SurveyKind
    state: Literal["defined", "imported"]
    questions: list[str]


class SurveyList(BaseModel):
    """Every survey there is."""

    surveys: list[SurveyListed]


@router.get("/surveys")
async def surveys(database: Store) -> SurveyList:
    """Every survey with the codes of its questions."""
    rows = await database.pool.fetch("""
        SELECT survey.survey_key, title, kind,
               CASE WHEN imported THEN 'imported' ELSE 'defined' END,
               array_agg(question_code::text ORDER BY place)
                   FILTER (WHERE question_code IS NOT NULL)
          FROM survey LEFT JOIN survey_question USING (survey_key)
         GROUP BY survey.survey_key
         ORDER BY survey.survey_key
        """)
    return SurveyList(
        surveys=[
            SurveyListed(
                survey_key=key, title=title, kind=kind, state=state, questions=questions or []
            )
            for key, title, kind, state, questions in rows
        ]
    )


@router.get("/surveys/{survey_key}")
async def see(
    survey_key: str,
    database: Store,
    learning_event_id: Annotated[UUID | None, Query(description="Adds its outcomes")] = None,
) -> SurveySeen:
    """A survey with its questions, their words, and what can be chosen."""
    async with database.pool.acquire(timeout=5) as conn:
        return await survey(conn, survey_key, learning_event_id)


@router.post("/surveys", status_code=201, response_model=SurveySeen)
async def define(form: DefineSurvey, database: Store, asked: Asked) -> Response:
    """Put questions together to a survey, or give one that is there other questions."""
    return await once(database, asked, partial(_define, form=form))


async def _define(conn: Conn, *, form: DefineSurvey) -> Answer:
    versions = await _present_versions(conn, form.questions)
    if faults := _faults(form.questions, versions.keys()):
        raise Refused(errors=faults)
    questions = [(code, versions[code]) for code in form.questions]
    await insert(conn, form.survey_key, title=form.title, kind=form.kind, questions=questions)
    await outbox.add(conn, *await defined(conn, [form.survey_key]))
    log.info("survey defined", survey_key=form.survey_key, questions=len(form.questions))
    return Answer.of(await survey(conn, form.survey_key))


def _faults(questions: Sequence[str], known: Container[str]) -> list[Fault]:
    return [
        Fault(f"/questions/{place}", code, detail)
        for place, question in enumerate(questions)
        for code, detail, wrong in (
            ("unknown-question", "There is no such question.", question not in known),
            ("repeated", "Ask each question once.", question in questions[:place]),
        )
        if wrong
    ]


async def _present_versions(conn: Conn, questions: Sequence[str]) -> dict[str, int]:
    rows = await conn.fetch(
        """
        SELECT code, max(version) AS version FROM question
         WHERE code = ANY ($1::text[]) AND NOT imported
         GROUP BY code
        """,
        questions,
    )
    return {row["code"]: row["version"] for row in rows}
