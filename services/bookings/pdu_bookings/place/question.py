"""Questions that one learning event asks of those who book."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from pdu_bookings.place.also_told import INTENTION, PRIOR_KNOWLEDGE
from pdu_bookings.place.asked import BookingForms, BookingQuestion, question_of, question_seen
from pdu_bookings.rules.booking_form import Question, QuestionKind
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, PublishedLine
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Here

router = APIRouter(tags=["bookings"])


class AnOption(Form):
    """One of the answers that can be chosen."""

    code: Code
    label: PublishedLine


class AQuestion(Form):
    """A question as a coordinator writes it."""

    code: Code
    wording: PublishedLine
    kind: QuestionKind
    options: Annotated[
        tuple[AnOption, ...],
        Field(max_length=20, description="Two or more for a choice, none for a text"),
    ] = ()
    required: bool = Field(default=False, strict=True)

    @model_validator(mode="after")
    def _has_its_options(self) -> Self:
        few = 2
        codes = {option.code for option in self.options}
        if self.kind is QuestionKind.TEXT and codes:
            msg = "A text has no options."
            raise ValueError(msg)
        if self.kind is QuestionKind.CHOICE and len(codes) < few:
            msg = "A choice has two options or more."
            raise ValueError(msg)
        if len(codes) < len(self.options):
            msg = "Each option has a code of its own."
            raise ValueError(msg)
        return self


class AskQuestions(Form):
    """All questions of a learning event, in the order in which they are asked."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "questions": [
                        {
                            "code": "hoping_for",
                            "wording": "What do you hope to take home?",
                            "kind": "text",
                        }
                    ]
                }
            ]
        }
    )

    questions: Annotated[tuple[AQuestion, ...], Field(max_length=10)]

    @model_validator(mode="after")
    def _has_no_code_twice(self) -> Self:
        codes = {question.code for question in self.questions}
        if len(codes) < len(self.questions):
            msg = "Each question has a code of its own."
            raise ValueError(msg)
        if asked := codes & {PRIOR_KNOWLEDGE, INTENTION}:
            msg = f"{', '.join(asked)} is asked of everybody already."
            raise ValueError(msg)
        return self


class QuestionsAsked(BaseModel):
    """The questions of a learning event, in their order."""

    questions: list[BookingQuestion]


@router.put("/learning-events/{learning_event_id}/booking-questions")
async def ask_questions(
    learning_event_id: UUID, form: AskQuestions, runtime: Here
) -> QuestionsAsked:
    """Say what a learning event asks at booking. What was answered once keeps its words."""
    asked = [_question(one) for one in form.questions]
    async with transaction(runtime.database) as conn:
        await _lock(conn, learning_event_id)
        answered = await _answered(conn, learning_event_id)
        reworded = [one.code for one in asked if answered.get(one.code, one) != one]
        if reworded:
            raise Conflict(
                f"{', '.join(reworded)}: somebody answered this already, so it stays as it is. "
                "Ask a new question under a new code, and leave this one out."
            )
        await _replace(conn, learning_event_id, asked, list(answered))
    runtime.part(BookingForms).read_again()
    return QuestionsAsked(questions=[question_seen(one) for one in asked])


def _question(form: AQuestion) -> Question:
    return Question(
        code=form.code,
        wording=form.wording,
        kind=form.kind,
        required=form.required,
        options={option.code: option.label for option in form.options},
    )


async def _lock(conn: Conn, learning_event_id: UUID) -> None:
    found = await conn.fetchval(
        "SELECT true FROM learning_event WHERE learning_event_id = $1 FOR NO KEY UPDATE",
        learning_event_id,
    )
    if not found:
        raise NotFound


async def _answered(conn: Conn, learning_event_id: UUID) -> Mapping[str, Question]:
    rows = await conn.fetch(
        """
        SELECT code, wording, kind, required, option_codes, option_labels
          FROM booking_question AS question
         WHERE learning_event_id = $1
           AND (EXISTS (SELECT FROM booking_choice AS given JOIN booking USING (booking_id)
                         WHERE booking.learning_event_id = $1 AND given.code = question.code)
                OR EXISTS (SELECT FROM booking_text AS given JOIN booking USING (booking_id)
                            WHERE booking.learning_event_id = $1 AND given.code = question.code))
        """,
        learning_event_id,
    )
    return {row["code"]: question_of(row) for row in rows}


async def _replace(
    conn: Conn, learning_event_id: UUID, asked: Sequence[Question], answered: Sequence[str]
) -> None:
    await conn.execute(
        """
        DELETE FROM booking_question WHERE learning_event_id = $1 AND code <> ALL ($2::text[])
        """,
        learning_event_id,
        answered,
    )
    await conn.execute(
        "UPDATE booking_question SET asked = false WHERE learning_event_id = $1", learning_event_id
    )
    await conn.executemany(
        """
        INSERT INTO booking_question (learning_event_id, place, code, wording, kind, required,
                                      option_codes, option_labels, asked)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, true)
            ON CONFLICT (learning_event_id, code) DO UPDATE
           SET place = excluded.place, required = excluded.required, asked = true
        """,
        [
            (
                learning_event_id,
                place,
                one.code,
                one.wording,
                one.kind,
                one.required,
                list(one.options),
                list(one.options.values()),
            )
            for place, one in enumerate(asked)
        ],
    )
