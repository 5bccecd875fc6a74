"""What resources tells of what people said: themes, quotes, case studies, and what was answered.

The words themselves stay with resources.
"""

from datetime import date
from uuid import UUID

from pdu_shared.contracts.message import Code, Message, Wording
from pdu_shared.contracts.resources.change import QuoteSource, SaidState, SystemChangeAim


class ThemeCoded(Message):
    """A text was read and has these themes of the code book; in the place of earlier ones."""

    about = "text"

    text_id: UUID
    survey_key: Code | None = None
    wave: Code | None = None
    question_code: Code | None = None
    respondent_group: Code | None = None
    """Such as `interviewee`, where the text is no answer to a survey."""
    themes: tuple[Code, ...]
    coder_role: Code
    coded_on: date


class _Quote(Message):
    about = "quote"
    public = True

    quote_id: UUID
    source_type: QuoteSource
    themes: tuple[Code, ...] = ()


class QuoteApproved(_Quote):
    """A quote may be used, by role only."""

    approved_on: date


class QuoteWithdrawn(_Quote):
    """A quote may not be used any more."""

    withdrawn_on: date


class _CaseStudy(Message):
    about = "case_study"
    public = True

    case_study_id: UUID
    organisation_id: UUID | None = None
    workstreams: tuple[Code, ...] = ()
    aims: tuple[SystemChangeAim, ...] = ()
    impact_ids: tuple[UUID, ...] = ()


class CaseStudyPublished(_CaseStudy):
    """A case study can be read by everybody, for a time."""

    title: Wording
    published_on: date


class CaseStudyWithdrawn(_CaseStudy):
    """A case study is not shown any more."""

    withdrawn_on: date


class _Said(Message):
    about = "item"
    public = True

    item_id: UUID
    state: SaidState
    learning_event_id: UUID | None = None
    engagement_id: UUID | None = None
    """The contribution that led to it, as bookings knows it; it stands for nobody elsewhere."""
    organisation_id: UUID | None = None
    workstream: Code | None = None
    said_on: date


class YouSaidRecorded(_Said):
    """People said something that is to be answered."""


class WeDidReported(_Said):
    """What people said has come further, up to that they hear what was done."""

    changed_on: date
