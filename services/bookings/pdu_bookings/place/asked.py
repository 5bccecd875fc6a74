"""What a learning event asks of those who book, and whether they answered it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_bookings.place.also_told import Also, AlsoTold
from pdu_bookings.place.eligibility import WhomItIsFor, meant_for
from pdu_bookings.rules.booking_form import Asks, Question, QuestionKind, wrong
from pdu_shared.database import Conn
from pdu_shared.lately import Lately
from pdu_shared.problems import Fault, NotFound, Refused
from pdu_shared.runtime import Here, Runtime

router = APIRouter(tags=["bookings"])

SHARING = (
    "People with lived experience may share some of their lives here, and that costs them "
    "something. It helps them to know what it is for: what will you do with what you hear?"
)
"""What those who come are reminded of."""


@dataclass(frozen=True, slots=True)
class _Known:
    current: int | None = None
    versions: frozenset[int] = frozenset()
    agreements: Mapping[UUID, int | None] = field(default_factory=dict)
    """What events ask that do not ask for the agreement of the time."""
    questions: Mapping[UUID, tuple[Question, ...]] = field(default_factory=dict)

    def asks(self, learning_event_id: UUID) -> Asks:
        return Asks(
            agreement=self.agreements.get(learning_event_id, self.current),
            known_versions=self.versions,
            questions=self.questions.get(learning_event_id, ()),
        )


class BookingForms:
    """What the learning events that are to come ask, as this process last read it.

    It never refuses by what it remembers.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._lately = Lately(runtime.database, _select)

    def read_again(self) -> None:
        """Forget what is remembered: it was just changed here."""
        self._lately.forget()

    async def check(self, learning_event_id: UUID, told: AlsoTold, *, pointer: str = "") -> Also:
        """What somebody told besides, if it answers all that is asked; else Refused."""
        asks = await self.asks(learning_event_id)
        if wrong(asks, told.agreement, told.answers):
            self.read_again()  # perhaps it was changed elsewhere a moment ago
            asks = await self.asks(learning_event_id)
        if faults := wrong(asks, told.agreement, told.answers):
            raise Refused(
                errors=[Fault(pointer + one.pointer, one.code, one.words) for one in faults]
            )
        return told.also(asks)

    async def asks(self, learning_event_id: UUID, conn: "Conn | None" = None) -> Asks:
        """What a learning event asks, as far as this process knows.

        Who has a connection lends it: nobody holds one while waiting for another.
        """
        return (await self._lately.known(conn)).asks(learning_event_id)


class Option(BaseModel):
    """One of the answers that can be chosen."""

    code: str
    label: str


class BookingQuestion(BaseModel):
    """A question that is asked at booking."""

    code: str
    wording: str
    kind: QuestionKind
    options: list[Option]
    required: bool


class BookingForm(BaseModel):
    """What to ask somebody who books."""

    agreement: int | None = Field(
        description="The version to accept, its text at `GET /agreements/{version}`; null for none"
    )
    questions: list[BookingQuestion]
    meant_for: WhomItIsFor | None = Field(
        description="Where the event is meant for some; null where it is for everybody"
    )
    sharing: str | None = Field(
        description="Where people with lived experience are invited: what to remember, and what "
        "`intention` is for"
    )


@router.get("/learning-events/{learning_event_id}/booking-form")
async def booking_form(learning_event_id: UUID, runtime: Here) -> BookingForm:
    """What this learning event asks of those who book, beside who they are."""
    async with runtime.database.pool.acquire(timeout=5) as conn:
        with_experts = await conn.fetchval(
            """
            SELECT lived_experience_planned FROM learning_event
             WHERE learning_event_id = $1 AND state <> 'draft'
            """,
            learning_event_id,
        )
        if with_experts is None:
            raise NotFound
        known = await _select(conn)
        meant = await meant_for(conn, learning_event_id)
    asks = known.asks(learning_event_id)
    return BookingForm(
        agreement=asks.agreement,
        questions=[question_seen(one) for one in asks.questions],
        meant_for=meant,
        sharing=SHARING if with_experts else None,
    )


def question_seen(question: Question) -> BookingQuestion:
    """A question as front ends get it."""
    return BookingQuestion(
        code=question.code,
        wording=question.wording,
        kind=question.kind,
        options=[Option(code=code, label=label) for code, label in question.options.items()],
        required=question.required,
    )


async def _select(conn: Conn) -> _Known:
    now = datetime.now(UTC)
    agreements = await conn.fetch("SELECT version, applies_from FROM agreement")
    current = max(
        (row["version"] for row in agreements if row["applies_from"] <= now), default=None
    )
    apart = await conn.fetch(
        """
        SELECT learning_event_id, required, version
          FROM event_agreement
         WHERE learning_event_id IN (SELECT learning_event_id FROM session WHERE starts_at > $1)
        """,
        now,
    )
    questions = await conn.fetch(
        """
        SELECT learning_event_id, code, wording, kind, required, option_codes, option_labels
          FROM booking_question
         WHERE asked
           AND learning_event_id IN (SELECT learning_event_id FROM session WHERE starts_at > $1)
         ORDER BY learning_event_id, place
        """,
        now,
    )
    return _Known(
        current=current,
        versions=frozenset(row["version"] for row in agreements),
        agreements={
            row["learning_event_id"]: (row["version"] or current) if row["required"] else None
            for row in apart
        },
        questions={
            learning_event_id: tuple(question_of(row) for row in rows)
            for learning_event_id, rows in groupby(questions, itemgetter("learning_event_id"))
        },
    )


def question_of(row: asyncpg.Record) -> Question:
    """A question as it is kept."""
    return Question(
        code=row["code"],
        wording=row["wording"],
        kind=QuestionKind(row["kind"]),
        required=row["required"],
        options=dict(zip(row["option_codes"], row["option_labels"], strict=True)),
    )
