"""Answers to surveys as records of the past have them: a row is a choice, a rank or a number."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Self

from pydantic import Field, model_validator

from pdu_resources.past import answer_rows as past_answer_rows
from pdu_resources.past import survey as past_survey
from pdu_resources.past.answer_rows import Said
from pdu_resources.past.invitation import learning_event_id
from pdu_resources.past.survey import Known, Named
from pdu_resources.survey import response_rows
from pdu_resources.vocabulary import taxonomy
from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import QuestionType
from pdu_shared.database import Conn
from pdu_shared.forms import LocalMoment, OneLine
from pdu_shared.identity import derived_id
from pdu_shared.problems import Fault, Refused
from pdu_shared.rows import Row
from pdu_shared.runtime import Runtime

HIGHEST_RANK = 100


class AnswerRow(Row):
    """One option that somebody chose, one item that they ranked, or one number that they gave."""

    response_key: OneLine
    survey_key: Named
    wave: Code
    event_key: OneLine | None = None
    submitted_at: LocalMoment
    respondent_sector: Code | None = None
    respondent_work_field: Code | None = None
    question_code: Named
    option_code: Named | None = None
    rank: Annotated[int, Field(ge=1, le=HIGHEST_RANK)] | None = None
    number: Annotated[float, Field(allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.option_code is None) == (self.number is None):
            msg = "A row has an option or a number: what was not answered has no row."
            raise ValueError(msg)
        if self.rank is not None and self.option_code is None:
            msg = "A rank is the rank of an option."
            raise ValueError(msg)
        return self

    @property
    def key(self) -> tuple[str, str, str | None]:
        """Response, question and option."""
        return self.response_key, self.question_code, self.option_code

    @property
    def type(self) -> QuestionType:
        """What its question is, as far as one row can tell."""
        if self.number is not None:
            return QuestionType.NUMBER
        return QuestionType.SINGLE if self.rank is None else QuestionType.RANKING

    def said(self, known: Mapping[str, Known]) -> Said:
        """The row as it is written down."""
        return Said(
            response_id=derived_id("response", self.response_key),
            survey_key=self.survey_key,
            wave=self.wave,
            learning_event_id=learning_event_id(self.event_key),
            sector=self.respondent_sector,
            work_field=self.respondent_work_field,
            submitted_at=self.submitted_at,
            question_code=self.question_code,
            version=known[self.question_code].version,
            option_code=self.option_code,
            rank=self.rank,
            number=self.number,
        )


async def take_answers(conn: Conn, rows: Sequence[AnswerRow], _here: Runtime) -> int:
    """Write answers down as the rows have them, and tell each response that is new or another.

    A response that comes in several requests is told again with all it has so far. Raises Refused
    for words that are in no list, and for an answer of another type than its question.
    """
    if faults := list(_unknown_words(rows, await taxonomy.codes(conn))):
        raise Refused(errors=faults)
    surveys = await past_survey.know_surveys(conn, {row.survey_key for row in rows})
    known, questions = await past_survey.know_questions(conn, _presumed(rows))
    if faults := list(_of_another_type(rows, known)):
        raise Refused(errors=faults)
    chosen = {(row.question_code, row.option_code) for row in rows if row.option_code}
    questions |= await past_survey.know_options(conn, chosen, known)
    asked = {(row.survey_key, row.question_code) for row in rows}
    more = await past_survey.know_what_they_asked(conn, asked, known)

    said = [row.said(known) for row in rows]
    changed = await past_answer_rows.upsert(conn, said, _of_one_choice(known))
    questions |= await past_survey.find_multiple(conn, list(known))
    await outbox.add(
        conn,
        *surveys,
        *await past_survey.told(conn, questions, known, more),
        *await response_rows.told(conn, list({one.response_id for one in changed})),
    )
    return len(changed)


def _presumed(rows: Sequence[AnswerRow]) -> dict[str, QuestionType]:
    """The type of each question by its rows: where one says more than a choice, that one."""
    types = {row.question_code: row.type for row in rows}
    more = {row.question_code: row.type for row in rows if row.type is not QuestionType.SINGLE}
    return types | more


def _of_one_choice(known: Mapping[str, Known]) -> list[str]:
    return [
        code for code, one in known.items() if one.type is QuestionType.SINGLE and not one.imported
    ]


def _unknown_words(rows: Sequence[AnswerRow], lists: Mapping[str, list[str]]) -> Iterator[Fault]:
    for field in ("sector", "work_field"):
        words = {None, *lists[field]}
        if any(getattr(row, f"respondent_{field}") not in words for row in rows):
            detail = f"Possible are: {', '.join(lists[field])}."
            yield Fault(f"/respondent_{field}", "unknown-code", detail)


def _of_another_type(rows: Sequence[AnswerRow], known: Mapping[str, Known]) -> Iterator[Fault]:
    for row in rows:
        asked = known[row.question_code]
        ranked_or_counted = {QuestionType.RANKING, QuestionType.NUMBER}
        if row.type is not asked.type and {row.type, asked.type} & ranked_or_counted:
            yield Fault("/question_code", "wrong-type", f"It is of the type {asked.type}.")
