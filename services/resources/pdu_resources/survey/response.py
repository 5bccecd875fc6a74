"""Answering a survey: what people send, what has to be agreed first, and what becomes of it."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog
from fastapi import APIRouter
from fastapi.responses import Response as HttpAnswer
from pydantic import BaseModel

from pdu_resources.rules.project_year import local_date
from pdu_resources.rules.survey import Answer as RuleAnswer
from pdu_resources.rules.survey import Question, Reading, read_answers
from pdu_resources.survey import intention, response_rows
from pdu_resources.survey.answer_form import SubmitAnswers, Wave
from pdu_resources.survey.link import Purpose, token_for
from pdu_resources.survey.question import QuestionSeen
from pdu_resources.survey.response_rows import Respondent, Submitted
from pdu_resources.survey.survey_rows import survey
from pdu_resources.vocabulary import taxonomy
from pdu_resources.voice import quote
from pdu_shared import outbox
from pdu_shared.database import Conn
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import Here, Now, Runtime

ASK_FIRST = (
    "Thank you for wanting to answer. We keep answers only of people who agree that they are used "
    "to evaluate the PDU; if you do not agree, nothing is kept, and that is all right."
)

OPEN_FORM = "open_form"
"""The channel of answers that came neither by invitation nor through an open link."""

log = structlog.get_logger()
router = APIRouter(tags=["surveys"])


class SubmitOpenAnswers(SubmitAnswers):
    """Answers of somebody who was not invited by letter."""

    wave: Wave | None = None
    learning_event_id: UUID | None = None


class Received(BaseModel):
    """The answers are kept."""

    response_id: UUID
    survey_key: str
    wave: str
    receipt: str | None = None
    """With this, and nothing else, whoever answered without an invitation takes it back."""


@router.post("/surveys/{survey_key}/responses", status_code=201, response_model=Received)
async def answer_openly(
    survey_key: str, form: SubmitOpenAnswers, here: Here, asked: Asked, now: Now
) -> HttpAnswer:
    """Answer a survey without an invitation. The wave is the present month unless given."""
    use_case = partial(_answer_openly, here=here, survey_key=survey_key, form=form, now=now)
    return await once(here.database, asked, use_case)


async def _answer_openly(
    conn: Conn, *, here: Runtime, survey_key: str, form: SubmitOpenAnswers, now: datetime
) -> Answer:
    response = Submitted(
        response_id=uuid7(),
        survey_key=survey_key,
        wave=form.wave or present_wave(now),
        learning_event_id=form.learning_event_id,
        invitation_id=None,
        respondent=respondent(form, person_id=None),
        submitted_at=now,
        channel=OPEN_FORM,
    )
    return await submit_openly(conn, here, response, form)


async def submit_openly(
    conn: Conn, here: Runtime, response: Submitted, form: SubmitAnswers
) -> Answer:
    """Keep what somebody answered who was not invited, and give them a receipt for it."""
    received = await submit(conn, response, form)
    receipt = token_for(here, Purpose.RECEIPT, response.response_id)
    return Answer.of(received.model_copy(update={"receipt": receipt}))


async def submit(conn: Conn, response: Submitted, form: SubmitAnswers) -> Received:
    """Keep what was answered and tell it without the words people wrote.

    Raises NotFound where there is no such survey to answer, and Refused with everything that is
    wrong with the answers, or without consent.
    """
    answers = await read(conn, response.survey_key, response.learning_event_id, form)
    await quote.withdraw_of_response(conn, response.response_id, now=response.submitted_at)
    await response_rows.keep(conn, response, answers)
    await outbox.add(conn, *await response_rows.told(conn, [response.response_id]))
    await intention.learn(conn, response, answers)
    log.info("answered", response_id=str(response.response_id), survey_key=response.survey_key)
    return Received(
        response_id=response.response_id, survey_key=response.survey_key, wave=response.wave
    )


async def read(
    conn: Conn, survey_key: str, learning_event_id: UUID | None, form: SubmitAnswers
) -> list[RuleAnswer]:
    """The answers in the order of the questions, if they may be kept."""
    asked = (await survey(conn, survey_key, learning_event_id)).questions
    reading = read_answers(
        [_question(question) for question in asked], [one.given() for one in form.answers]
    )
    if faults := _faults(form, reading, await taxonomy.codes(conn)):
        raise Refused(None if form.consent.evaluation else ASK_FIRST, errors=faults)
    return reading.answers


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
        asked_if=(asked.asked_if.question, asked.asked_if.options) if asked.asked_if else None,
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
