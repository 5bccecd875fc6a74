"""What is asked and answered."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime

from pdu_shared.contracts.message import Code, Message, Part, Wording
from pdu_shared.contracts.vocabulary import AnswerState, QuestionType


class SurveyKind(StrEnum):
    """What a survey is for."""

    POST_EVENT = "post_event"
    FOLLOW_UP = "follow_up"
    OUTCOME = "outcome"
    """One question, half a year later: what came of what somebody wanted to do."""
    EVALUATION = "evaluation"
    STEERING_GROUP = "steering_group"
    SATISFACTION = "satisfaction"
    """A few taps when a session closes, kept apart from learning and practice."""
    EXPERT_REFLECTION = "expert_reflection"
    """How it was for an expert by experience, as they see it."""
    OTHER = "other"

    @property
    def tells_who_is_asked(self) -> bool:
        """Whether messages name who is invited: not where that says who has a seat."""
        return self is not SurveyKind.STEERING_GROUP


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
    kind: SurveyKind | None = None


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


class SurveyConsent(Part):
    """What somebody agreed to who answered a survey."""

    evaluation: bool
    quote: bool
    link: bool


class SurveyStarted(Message):
    """Somebody agreed to the evaluation and saved first answers that are not submitted yet."""

    about = "response"

    response_id: UUID
    survey_id: UUID
    survey_key: Code
    wave: Code
    learning_event_id: UUID | None = None
    channel: Code | None = None
    started_on: date


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
    channel: Code | None = None
    """By which way it came without an invitation; none of an invited person, and of the past."""
    consent: SurveyConsent | None = None
    """None of what is imported."""


class SurveyResponseWithdrawn(Message):
    """Somebody took their answers back: nothing of them is kept or counted."""

    about = "response"

    response_id: UUID
    survey_id: UUID
    survey_key: Code
    wave: Code
    learning_event_id: UUID | None = None
    withdrawn_on: date


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
    kind: SurveyKind | None = None
    closes_at: AwareDatetime | None = None


class SurveyReminderIssued(Message):
    """Somebody who has not answered yet is to be reminded, with the same link: twice at most."""

    about = "invitation"
    sealed_for = "notifications"

    invitation_id: UUID
    person_id: UUID
    survey_title: str
    learning_event_id: UUID | None = None
    token: str
    kind: SurveyKind
    number: int
    """1 or 2."""
    closes_at: AwareDatetime


class ReminderStop(StrEnum):
    """Why nobody is to be reminded any more."""

    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class SurveyRemindersStopped(Message):
    """What is on its way about an invitation need not go out any more.

    Sealed, because the moment would lead from a person to their answers.
    """

    about = "invitation"
    sealed_for = "notifications"

    invitation_id: UUID
    because: ReminderStop
