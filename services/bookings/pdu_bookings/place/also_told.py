"""What people may tell besides when they ask for a place: optional, and never on the bus."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field

from pdu_bookings.rules.booking_form import Asks, QuestionKind
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn
from pdu_shared.forms import WRITTEN_AS_NUMBER, Form, OneLine, Paragraphs

PRIOR_KNOWLEDGE = "pre.level"
"""The code under which prior knowledge is kept among the answers."""


INTENTION = "lx.intention"
"""The code under which it is kept what somebody means to do with what they hear."""


class PriorKnowledge(StrEnum):
    """How people describe what they know before."""

    NONE = "none"
    SOME = "some"
    GOOD = "good"
    EXPERT = "expert"


class Needs(Form):
    """What would make the day work for somebody. Deleted 28 days after the last session."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"access": "A seat near the door", "dietary": "Vegan"}]}
    )

    access: Paragraphs | None = Field(None, description="Getting in, seeing, hearing, sitting")
    dietary: Paragraphs | None = Field(None, description="Food and drink")
    support: Paragraphs | None = Field(None, description="Anything else that would help")

    def __bool__(self) -> bool:
        """Whether anything was said."""
        return bool(self.access or self.dietary or self.support)


@dataclass(frozen=True, slots=True)
class Also:
    """What one person told besides, as it is kept."""

    needs: Needs | None = None
    agreement: int | None = None
    shares: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    """The options that they chose, by the code of the question."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """What they wrote, by the code of the question."""
    others: Mapping[str, str] = field(default_factory=dict)
    """Their own words beside an answer 'other', by the field they stand beside."""
    asked_by: UUID | None = None
    """Who asked for them, when somebody else did who has signed in."""
    admitted: str | None = None
    """Why a coordinator lets them in, whomever the event is meant for."""

    def __bool__(self) -> bool:
        """Whether anything was told."""
        return self is not NOTHING and self != NOTHING


NOTHING = Also()


class AlsoTold(Form):
    """What may be told besides."""

    needs: Needs | None = None
    agreement: Annotated[int, Field(ge=1, le=10_000), WRITTEN_AS_NUMBER] | None = Field(
        None, description="The version of the group agreement that is accepted"
    )
    answers: Annotated[dict[Code, OneLine], Field(max_length=10)] = Field(
        default_factory=dict,  # the same as {}, which pydantic would copy deeply each time
        description="By the code of a question of the event: the option's code, or the text",
        json_schema_extra={"default": {}},
    )
    prior_knowledge: PriorKnowledge | None = None
    intention: OneLine | None = Field(
        None, description="What they will do with what people with lived experience share"
    )
    share_with_attendees: bool = Field(
        default=False,
        strict=True,
        description="Whether the others who share may see name, role level and organisation",
    )
    sector_other: OneLine | None = Field(None, description="In their words, beside `other`")
    work_field_other: OneLine | None = Field(None, description="In their words, beside `other`")
    heard_about_other: OneLine | None = Field(None, description="In their words, beside `other`")

    def also(self, asks: Asks) -> Also:
        """What was told besides, as it is kept."""
        if self.model_fields_set.isdisjoint(AlsoTold.model_fields):
            return NOTHING
        choices = {PRIOR_KNOWLEDGE: str(self.prior_knowledge)} if self.prior_knowledge else {}
        texts = {INTENTION: self.intention} if self.intention else {}
        for question in asks.questions:
            if (answer := self.answers.get(question.code)) is not None:
                kept = choices if question.kind is QuestionKind.CHOICE else texts
                kept[question.code] = answer
        others = {
            "sector": self.sector_other,
            "work_field": self.work_field_other,
            "heard_about": self.heard_about_other,
        }
        return Also(
            needs=self.needs or None,
            agreement=self.agreement,
            shares=self.share_with_attendees,
            choices=choices,
            texts=texts,
            others={name: words for name, words in others.items() if words},
        )


async def keep(conn: Conn, told: Mapping[UUID, Also], *, now: datetime) -> None:
    """Keep what those who just booked told besides, by booking."""
    if told:
        await _insert(conn, told, now)


async def _insert(conn: Conn, told: Mapping[UUID, Also], now: datetime) -> None:
    needs = [
        (booking_id, also.needs.access, also.needs.dietary, also.needs.support)
        for booking_id, also in told.items()
        if also.needs
    ]
    accepted = [
        (booking_id, also.agreement)
        for booking_id, also in told.items()
        if also.agreement is not None
    ]
    choices = [(one, *choice) for one, also in told.items() for choice in also.choices.items()]
    texts = [(one, *text) for one, also in told.items() for text in also.texts.items()]
    others = [(one, *other) for one, also in told.items() for other in also.others.items()]
    asked_for = [(one, also.asked_by) for one, also in told.items() if also.asked_by]
    admitted = [(one, also.admitted, also.asked_by) for one, also in told.items() if also.admitted]
    await conn.execute(
        """
        WITH needed AS (
            INSERT INTO need (booking_id, access, dietary, support)
            SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[])),
             accepted AS (
            INSERT INTO agreement_accepted (booking_id, version, accepted_at)
            SELECT booking_id, version, $1
              FROM unnest($6::uuid[], $7::int[]) AS told (booking_id, version)),
             chosen AS (
            INSERT INTO booking_choice (booking_id, code, choice)
            SELECT * FROM unnest($8::uuid[], $9::text[], $10::text[])),
             written AS (
            INSERT INTO booking_text (booking_id, code, words)
            SELECT * FROM unnest($11::uuid[], $12::text[], $13::text[])),
             said AS (
            INSERT INTO other_word (booking_id, field, words)
            SELECT * FROM unnest($14::uuid[], $15::text[], $16::text[])),
             asked AS (
            INSERT INTO asked_for (booking_id, asked_by)
            SELECT * FROM unnest($17::uuid[], $18::uuid[])),
             admitted AS (
            INSERT INTO admission (booking_id, reason_code, person_id, role, admitted_at)
            SELECT booking_id, reason_code, person_id, 'coordinator', $1
              FROM unnest($20::uuid[], $21::text[], $22::uuid[])
                   AS told (booking_id, reason_code, person_id))
        INSERT INTO sharing (booking_id) SELECT * FROM unnest($19::uuid[])
        """,
        now,
        *_columns(needs, 4),
        *_columns(accepted, 2),
        *_columns(choices, 3),
        *_columns(texts, 3),
        *_columns(others, 3),
        *_columns(asked_for, 2),
        [booking_id for booking_id, also in told.items() if also.shares],
        *_columns(admitted, 3),
    )


def _columns(rows: Iterable[tuple[Any, ...]], width: int) -> list[list[Any]]:
    columns = [list(column) for column in zip(*rows, strict=True)]
    return columns or [[] for _ in range(width)]
