"""What is asked and answered."""

from datetime import date
from uuid import UUID

from pdu_shared.contracts.message import Code, Message, Part, Wording
from pdu_shared.contracts.vocabulary import AnswerState, QuestionType


class Option(Part):
    """One of the answers to choose from."""

    code: Code
    label: Wording


class QuestionVersioned(Message):
    """A question is asked in these words from now on; answers compare by its code."""

    about = "question"

    question_id: UUID
    code: Code
    version: int
    type: QuestionType
    wording: Wording
    options: tuple[Option, ...] = ()


class SurveyQuestion(Part):
    """A question as a survey asks it."""

    code: Code
    version: int


class SurveyDefined(Message):
    """A survey asks these questions, in this order."""

    about = "survey"

    survey_id: UUID
    survey_key: Code
    title: Wording
    questions: tuple[SurveyQuestion, ...]


class Ranked(Part):
    """An item and the place it was given; 1 is first."""

    option: Code
    rank: int


class Answered(Part):
    """What was answered to a question. What people wrote stays with resources."""

    question_code: Code
    version: int
    state: AnswerState
    options: tuple[Code, ...] = ()
    ranks: tuple[Ranked, ...] = ()
    number: float | None = None


class SurveySubmitted(Message):
    """Somebody answered a survey."""

    about = "response"

    response_id: UUID
    survey_id: UUID
    survey_key: Code
    wave: Code
    learning_event_id: UUID | None = None
    person_id: UUID | None = None
    """Only of those who agreed that their answers are linked."""
    sector: Code | None = None
    work_field: Code | None = None
    submitted_on: date
    answers: tuple[Answered, ...]
    text_ids: tuple[UUID, ...] = ()


class _Invitation(Message):
    about = "invitation"

    invitation_id: UUID
    survey_id: UUID
    survey_key: Code
    wave: Code
    learning_event_id: UUID | None = None
    person_id: UUID
    invited_on: date


class SurveyInvitationRequested(_Invitation):
    """Somebody is to be asked to answer a survey."""


class SurveyInvitationSent(_Invitation):
    """An invitation has gone out, and did not come back."""


class SurveyInvitationBounced(_Invitation):
    """An invitation could not be delivered."""


class SurveyLinkIssued(Message):
    """The token with which an invited person answers a survey."""

    about = "invitation"
    sealed_for = "notifications"

    invitation_id: UUID
    person_id: UUID
    survey_title: str
    learning_event_id: UUID | None = None
    token: str
