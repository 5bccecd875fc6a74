"""Answering a survey: what people send, what has to be agreed first, and what becomes of it."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter
from fastapi.responses import Response as HttpAnswer
from pydantic import BaseModel, Field

from pdu_resources.rules.project_year import local_date
from pdu_resources.rules.survey import LONGEST_TEXT, Given, Question, Reading, read_answers
from pdu_resources.survey import response_rows
from pdu_resources.survey.question import QuestionSeen
from pdu_resources.survey.response_rows import Respondent, Submitted
from pdu_resources.survey.survey import MOST_QUESTIONS
from pdu_resources.survey.survey_rows import survey
from pdu_resources.vocabulary import taxonomy
from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn
from pdu_shared.forms import WRITTEN_AS_NUMBER, Form
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import Now, Store

ASK_FIRST = (
    "Thank you for wanting to answer. We keep answers only of people who agree that they are used "
    "to evaluate the PDU; if you do not agree, nothing is kept, and that is all right."
)

log = structlog.get_logger()
router = APIRouter(tags=["surveys"])

YesOrNo = Annotated[bool, Field(strict=True)]
Wave = Annotated[
    str,
    Field(pattern=r"^20[1-9][0-9]-(0[1-9]|1[0-2])$", description="A month, such as 2027-01"),
]


class Consent(Form):
    """What somebody agrees to. Without the first, nothing is kept."""

    evaluation: YesOrNo = False
    quote: YesOrNo = False
    link: YesOrNo = False


class RankGiven(Form):
    """An item and the place that somebody gives it; 1 is first."""

    option: Code
    rank: Annotated[int, WRITTEN_AS_NUMBER]


class AnswerGiven(Form):
    """The answer to one question, in the field that its type asks for."""

    question: Code
    options: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    ranks: Annotated[tuple[RankGiven, ...], Field(max_length=50)] = ()
    number: Annotated[float | None, WRITTEN_AS_NUMBER] = None
    text: Annotated[str | None, Field(json_schema_extra={"maxLength": LONGEST_TEXT})] = None
    not_applicable: YesOrNo = False

    def given(self) -> Given:
        """The answer as the rules read it."""
        ranks = tuple((one.option, one.rank) for one in self.ranks)
        return Given(**{**dict(self), "ranks": ranks})


class SubmitAnswers(Form):
    """Answers with consent to use them. Who somebody is may stay open."""

    consent: Consent
    sector: Code | None = None
    work_field: Code | None = None
    answers: Annotated[tuple[AnswerGiven, ...], Field(max_length=2 * MOST_QUESTIONS)]


class SubmitOpenAnswers(SubmitAnswers):
    """Answers of somebody who was not invited by letter."""

    wave: Wave | None = None
    learning_event_id: UUID | None = None


class Received(BaseModel):
    """The answers are kept."""

    response_id: UUID
    survey_key: str
    wave: str


@router.post("/surveys/{survey_key}/responses", status_code=201, response_model=Received)
async def answer_openly(
    survey_key: str, form: SubmitOpenAnswers, database: Store, asked: Asked, now: Now
) -> HttpAnswer:
    """Answer a survey without an invitation. The wave is the present month unless given."""
    use_case = partial(_answer_openly, survey_key=survey_key, form=form, now=now)
    return await once(database, asked, use_case)


async def _answer_openly(
    conn: Conn, *, survey_key: str, form: SubmitOpenAnswers, now: datetime
) -> Answer:
    response = Submitted(
        response_id=uuid7(),
        survey_key=survey_key,
        wave=form.wave or present_wave(now),
        learning_event_id=form.learning_event_id,
        invitation_id=None,
        respondent=respondent(form, person_id=None),
        submitted_at=now,
    )
    return Answer.of(await submit(conn, response, form))


async def submit(conn: Conn, response: Submitted, form: SubmitAnswers) -> Received:
    """Keep what was answered and tell it without the words people wrote.

    Raises NotFound where there is no such survey to answer, and Refused with everything that is
    wrong with the answers, or without consent (RP-062).
    """
    asked = (await survey(conn, response.survey_key)).questions
    reading = read_answers(
        [_question(question) for question in asked], [one.given() for one in form.answers]
    )
    if faults := _faults(form, reading, await taxonomy.codes(conn)):
        raise Refused(None if form.consent.evaluation else ASK_FIRST, errors=faults)
    await response_rows.keep(conn, response, reading.answers)
    await outbox.add(conn, *await response_rows.told(conn, [response.response_id]))
    log.info("answered", response_id=str(response.response_id), survey_key=response.survey_key)
    return Received(
        response_id=response.response_id, survey_key=response.survey_key, wave=response.wave
    )


def present_wave(now: datetime) -> str:
    """The month it is: the wave of what is asked now."""
    return f"{local_date(now):%Y-%m}"


def respondent(form: SubmitAnswers, *, person_id: UUID | None) -> Respondent:
    """Who answers, as they say: their id only if they agreed that their answers are linked."""
    return Respondent(
        person_id=person_id if form.consent.link else None,
        sector=form.sector,
        work_field=form.work_field,
        may_evaluate=form.consent.evaluation,
        may_quote=form.consent.quote,
        may_link=form.consent.link,
    )


def _question(asked: QuestionSeen) -> Question:
    return Question(
        code=asked.code,
        version=asked.version,
        type=asked.type,
        options=tuple(option.code for option in asked.options),
        offers_not_applicable=asked.offers_not_applicable,
        minimum=asked.minimum,
        maximum=asked.maximum,
    )


def _faults(form: SubmitAnswers, reading: Reading, lists: dict[str, list[str]]) -> Sequence[Fault]:
    faults = [Fault(wrong.pointer, wrong.code, wrong.detail) for wrong in reading.wrong]
    for field in ("sector", "work_field"):
        if getattr(form, field) not in {None, *lists[field]}:
            detail = f"Possible are: {', '.join(lists[field])}."
            faults.append(Fault(f"/{field}", "unknown-code", detail))
    if not form.consent.evaluation:
        faults.append(Fault("/consent/evaluation", "consent", ASK_FIRST))
    return faults
