"""What a booking form asks besides: the group agreement, needs, sharing, questions of the event.

Fields are named as bookings points at them: `answers:group` is `/answers/group`.
"""

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from pdu_portal.desk import Desk
from pdu_portal.form import Form
from pdu_portal.neighbours import Away, NotThere, Refused
from pdu_portal.shapes import Term

AGREEMENT = "agreement"
NEEDS = "needs:support"
SHARE = "share_with_attendees"
INTENTION = "intention"
LONGEST_NEEDS = 4000
LONGEST_ANSWER = 200

AGREE = "Read the group agreement and tick that you agree"
ANSWER = "Answer this question"
SHORTER_NEEDS = "Use no more than 4,000 letters"
SHORTER_ANSWER = "Use no more than 200 letters"


class Question(BaseModel):
    """A question that the event asks."""

    code: str
    wording: str
    kind: Literal["choice", "text"]
    options: list[Term]
    required: bool

    @property
    def field(self) -> str:
        """Its field in the form."""
        return f"answers:{self.code}"

    @property
    def label(self) -> str:
        """Its words, with what people may do about it."""
        return self.wording if self.required else f"{self.wording} (optional)"


class Agreement(BaseModel):
    """The text that everybody who comes agrees to."""

    version: int
    wording: str


class Before(BaseModel):
    """What people should have attended before."""

    title: str


class MeantFor(BaseModel):
    """Whom an event is meant for, and what others may do."""

    audience: list[str] = []
    sectors: list[str] = []
    work_fields: list[str] = []
    after: list[Before] = []
    words: str = ""


class AlsoAsked(BaseModel):
    """What an event asks besides who somebody is."""

    agreement: Agreement | None = None
    questions: list[Question] = []
    meant_for: MeantFor | None = None
    sharing: str | None = None
    """What those who come are reminded of, where people with lived experience may share."""


class _Form(BaseModel):
    agreement: int | None
    questions: list[Question]
    meant_for: MeantFor | None = None
    sharing: str | None = None


async def also_asked(desk: Desk, learning_event_id: UUID) -> AlsoAsked:
    """What the event asks. While bookings does not say, nothing: it asks for it when one books."""
    bookings = desk.services.bookings
    try:
        form = await bookings.read(f"/learning-events/{learning_event_id}/booking-form", _Form)
        agreement = (
            await bookings.read(f"/agreements/{form.agreement}", Agreement)
            if form.agreement
            else None
        )
    except (Away, NotThere, Refused):
        return AlsoAsked()
    return AlsoAsked(
        agreement=agreement,
        questions=form.questions,
        meant_for=form.meant_for,
        sharing=form.sharing,
    )


def answered(form: Form, sent: Mapping[str, str], asked: AlsoAsked) -> Form:
    """The form with what was answered besides, and what is wrong with that."""
    fields = (AGREEMENT, NEEDS, SHARE, INTENTION, *(question.field for question in asked.questions))
    values = {name: sent.get(name, "").strip() for name in fields}
    found = {
        AGREEMENT: AGREE if asked.agreement and not _agrees(values, asked.agreement) else "",
        NEEDS: SHORTER_NEEDS if len(values[NEEDS]) > LONGEST_NEEDS else "",
        INTENTION: SHORTER_ANSWER if len(values[INTENTION]) > LONGEST_ANSWER else "",
        **{one.field: _wrong_answer(values[one.field], one) for one in asked.questions},
    }
    errors = {name: words for name, words in found.items() if words}
    return Form(form.key, {**form.values, **values}, {**form.errors, **errors})


def told(form: Form, asked: AlsoAsked) -> dict[str, object]:
    """What is sent to bookings of it."""
    body: dict[str, object] = {}
    if asked.agreement:
        body["agreement"] = asked.agreement.version
    if form.value(NEEDS):
        body["needs"] = {"support": form.value(NEEDS)}
    if form.value(INTENTION):
        body["intention"] = form.value(INTENTION)
    if form.value(SHARE):
        body["share_with_attendees"] = True
    answers = {one.code: form.value(one.field) for one in asked.questions if form.value(one.field)}
    return {**body, "answers": answers} if answers else body


def _agrees(values: Mapping[str, str], agreement: Agreement) -> bool:
    # The version that was on the page: who agreed to another one reads the new text first.
    return values[AGREEMENT] == str(agreement.version)


def _wrong_answer(answer: str, question: Question) -> str:
    if not answer:
        return ANSWER if question.required else ""
    if question.kind == "choice":
        return "" if answer in {option.code for option in question.options} else ANSWER
    return SHORTER_ANSWER if len(answer) > LONGEST_ANSWER else ""
