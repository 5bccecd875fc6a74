"""Changing a booking by its link: what was told with it, not the event."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.place.also_told import INTENTION, PRIOR_KNOWLEDGE, Needs, PriorKnowledge
from pdu_bookings.place.asked import BookingForms
from pdu_bookings.place.by_link import Own, lock_own
from pdu_bookings.place.needs import replace_needs
from pdu_bookings.place.seen import Token, booking_behind
from pdu_bookings.rules.booking_form import Asks, QuestionKind, wrong
from pdu_shared import outbox
from pdu_shared.contracts.bookings.nomination import BookingChanged
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, OneLine
from pdu_shared.identity import organisation_id
from pdu_shared.problems import Fault, NotFound, Refused
from pdu_shared.runtime import Here, Now

router = APIRouter(tags=["bookings"])


class ChangeBooking(Form):
    """What is to be different. What is not named stays; null takes away."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"organisation": "Hermitage Trust", "needs": None}]}
    )

    organisation: OneLine | None = None
    needs: Needs | None = None
    share_with_attendees: bool = Field(default=False, strict=True)
    prior_knowledge: PriorKnowledge | None = None
    intention: OneLine | None = None
    answers: dict[Code, OneLine] = Field({}, max_length=10, description="As when booking")


class Told(BaseModel):
    """What was told with a booking, as it stands."""

    organisation: str | None
    share_with_attendees: bool
    prior_knowledge: PriorKnowledge | None
    intention: str | None
    answers: dict[str, str]


@router.get("/b/{token}/told")
async def told(token: Token, runtime: Here) -> Told:
    """What was told with a booking, so that nobody is asked twice. Needs have their own address."""
    booking_id = booking_behind(runtime, token)
    async with runtime.database.pool.acquire(timeout=5) as conn:
        return await _told(conn, booking_id)


@router.patch("/b/{token}")
async def change(token: Token, form: ChangeBooking, runtime: Here, now: Now) -> Told:
    """Change what was told with a booking. For another event, cancel and book that one."""
    booking_id = booking_behind(runtime, token)
    async with transaction(runtime.database) as conn:
        own = await lock_own(conn, booking_id, now=now)
        asks = await _asks(conn, runtime.part(BookingForms), own, form)
        before = await _told(conn, booking_id)
        await _write(conn, own, form, asks)
        after = await _told(conn, booking_id)
        changes = tuple(
            name for name in Told.model_fields if getattr(before, name) != getattr(after, name)
        )
        if changes:
            await outbox.add(conn, _changed(own, after, changes))
    return after


async def _asks(conn: Conn, forms: BookingForms, own: Own, form: ChangeBooking) -> Asks:
    """The questions that are answered anew; Refused when something else is answered."""
    if not form.answers:
        return Asks()
    forms.read_again()
    asked = (await forms.asks(own.learning_event_id, conn)).questions
    asks = Asks(questions=tuple(one for one in asked if one.code in form.answers))
    if faults := wrong(asks, None, form.answers):
        raise Refused(errors=[Fault(one.pointer, one.code, one.words) for one in faults])
    return asks


def _changed(own: Own, after: Told, changes: tuple[str, ...]) -> BookingChanged:
    return BookingChanged(
        booking_id=own.booking_id,
        learning_event_id=own.learning_event_id,
        person_id=own.person_id,
        organisation_id=organisation_id(after.organisation) if after.organisation else None,
        changes=changes,
    )


async def _write(conn: Conn, own: Own, form: ChangeBooking, asks: Asks) -> None:
    named = form.model_fields_set
    if "organisation" in named:
        await _set_organisation(conn, own.booking_id, form.organisation)
    if "needs" in named:
        await replace_needs(conn, own.booking_id, form.needs)
    if "share_with_attendees" in named:
        await _share(conn, own.booking_id, shares=form.share_with_attendees)
    kinds = {question.code: question.kind for question in asks.questions}
    choices: dict[str, str | None] = {
        code: answer for code, answer in form.answers.items() if kinds[code] is QuestionKind.CHOICE
    }
    if "prior_knowledge" in named:
        choices[PRIOR_KNOWLEDGE] = form.prior_knowledge
    await _choose(conn, own.booking_id, choices)
    texts: dict[str, str | None] = {
        code: text for code, text in form.answers.items() if kinds[code] is QuestionKind.TEXT
    }
    if "intention" in named:
        texts[INTENTION] = form.intention
    await _answer(conn, own.booking_id, texts)


async def _told(conn: Conn, booking_id: UUID) -> Told:
    row = await conn.fetchrow(
        """
        SELECT organisation,
               EXISTS (SELECT FROM sharing WHERE sharing.booking_id = $1) AS shares
          FROM booking
         WHERE booking_id = $1
        """,
        booking_id,
    )
    if row is None:
        raise NotFound
    answers = await conn.fetch(
        """
        SELECT code, choice AS answer FROM booking_choice WHERE booking_id = $1
         UNION ALL
        SELECT code, words FROM booking_text WHERE booking_id = $1
         ORDER BY code
        """,
        booking_id,
    )
    given = {one["code"]: one["answer"] for one in answers}
    return Told(
        organisation=row["organisation"],
        share_with_attendees=row["shares"],
        prior_knowledge=given.pop(PRIOR_KNOWLEDGE, None),
        intention=given.pop(INTENTION, None),
        answers=given,
    )


async def _set_organisation(conn: Conn, booking_id: UUID, organisation: str | None) -> None:
    await conn.execute(
        "UPDATE booking SET organisation = $2, organisation_id = $3 WHERE booking_id = $1",
        booking_id,
        organisation,
        organisation_id(organisation) if organisation else None,
    )


async def _share(conn: Conn, booking_id: UUID, *, shares: bool) -> None:
    if shares:
        await conn.execute(
            """
            INSERT INTO sharing (booking_id)
            SELECT booking_id FROM contact WHERE booking_id = $1
                ON CONFLICT DO NOTHING
            """,
            booking_id,
        )
    else:
        await conn.execute("DELETE FROM sharing WHERE booking_id = $1", booking_id)


async def _choose(conn: Conn, booking_id: UUID, choices: Mapping[str, str | None]) -> None:
    for code, choice in choices.items():
        if choice is None:
            await conn.execute(
                "DELETE FROM booking_choice WHERE booking_id = $1 AND code = $2", booking_id, code
            )
        else:
            await conn.execute(
                """
                INSERT INTO booking_choice (booking_id, code, choice) VALUES ($1, $2, $3)
                    ON CONFLICT (booking_id, code) DO UPDATE SET choice = excluded.choice
                """,
                booking_id,
                code,
                choice,
            )


async def _answer(conn: Conn, booking_id: UUID, texts: Mapping[str, str | None]) -> None:
    gone = [code for code, words in texts.items() if words is None]
    await conn.execute(
        "DELETE FROM booking_text WHERE booking_id = $1 AND code = ANY ($2::text[])",
        booking_id,
        gone,
    )
    for code, words in texts.items():
        if words is None:
            continue
        await conn.execute(
            """
            INSERT INTO booking_text (booking_id, code, words)
            SELECT booking_id, $2, $3 FROM contact WHERE booking_id = $1
                ON CONFLICT (booking_id, code) DO UPDATE SET words = excluded.words
            """,
            booking_id,
            code,
            words,
        )
