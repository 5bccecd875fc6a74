"""The answer to an offer: yes or no, by the link in the letter, signed in, or by telephone."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from pdu_bookings.place.hall import holds_of
from pdu_bookings.place.life import Booking, lock, save, session_ids
from pdu_bookings.place.offering import offer_what_is_free
from pdu_bookings.place.own import check_may_act
from pdu_bookings.place.seen import BookingSeen, Token, booking_behind, seen
from pdu_bookings.rules.booking import closed
from pdu_bookings.rules.hall import Hall, Terms, room_for, starts_at
from pdu_bookings.rules.waiting_list import first_come
from pdu_shared import outbox
from pdu_shared.access import Caller, Who
from pdu_shared.contracts.bookings.place import (
    BookingRequested,
    WaitlistOfferDeclined,
)
from pdu_shared.contracts.vocabulary import PlaceState
from pdu_shared.database import Conn, Database, transaction
from pdu_shared.forms import Form
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Here, Now, Store

router = APIRouter(tags=["waiting list"])

OVER = "This offer has ended. If you still want to come, please ask again."


class OfferAnswer(Form):
    """Whether somebody wants the place."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"accept": True}]})

    accept: bool = Field(strict=True, description="true: have the place; false: leave it to others")


@router.post("/b/{token}/offer")
async def answer_by_link(token: Token, form: OfferAnswer, runtime: Here, now: Now) -> BookingSeen:
    """Accept or decline the place offered. Saying it twice is saying it once.

    In the last hours before the start, when places go to whoever comes first, `accept` takes one.
    """
    return await _answer(runtime.database, booking_behind(runtime, token), form, now)


@router.post("/bookings/{booking_id}/offer")
async def answer_signed_in(
    booking_id: UUID, form: OfferAnswer, database: Store, caller: Who, now: Now
) -> BookingSeen:
    """Accept or decline: a member what is offered to them, a coordinator for whoever rang up.

    Saying it twice is saying it once; `accept` in the last hours takes a free place, as by link.
    """
    return await _answer(database, booking_id, form, now, caller)


async def _answer(
    database: Database,
    booking_id: UUID,
    form: OfferAnswer,
    now: datetime,
    caller: Caller | None = None,
) -> BookingSeen:
    async with transaction(database) as conn:
        if caller:
            await check_may_act(conn, booking_id, caller)
        await (accept if form.accept else decline)(conn, booking_id, now=now)
        return await seen(conn, booking_id, now=now)


async def accept(conn: Conn, booking_id: UUID, *, now: datetime) -> None:
    """Have the place that is offered, or in the last hours one that is free. Raises Conflict."""
    booking, halls = await lock(conn, booking_id)
    if booking.state in {PlaceState.CONFIRMED, PlaceState.AWAITING_APPROVAL}:
        return
    if booking.waits:
        hold_id = await _free_place(conn, booking, halls, now)
    elif booking.offer_expires_at and now < booking.offer_expires_at:
        hold_id = booking.hold_id
    else:
        raise Conflict(OVER)
    approval = booking.outside or await _wants_approval(conn, booking.learning_event_id)
    state = PlaceState.AWAITING_APPROVAL if approval else PlaceState.CONFIRMED
    after = booking.given(state, hold_id)
    await save(conn, halls, [(booking, after)])
    await outbox.add(conn, requested(after, halls) if approval else after.event_booked(halls))


async def decline(conn: Conn, booking_id: UUID, *, now: datetime) -> None:
    """Leave the place to the next who waits. Raises Conflict where none is offered."""
    booking, halls = await lock(conn, booking_id)
    if booking.state is PlaceState.OFFER_DECLINED:
        return
    if booking.state is not PlaceState.OFFERED:
        raise Conflict("No place is offered to you just now, so there is none to decline.")
    await save(conn, halls, [(booking, booking.ended(PlaceState.OFFER_DECLINED, at=now))])
    declined = WaitlistOfferDeclined(
        booking_id=booking_id,
        learning_event_id=booking.learning_event_id,
        person_id=booking.person_id,
    )
    await outbox.add(conn, declined)
    await offer_what_is_free(conn, booking.learning_event_id, now=now)


def requested(booking: Booking, halls: list[Hall]) -> BookingRequested:
    """What is told when somebody has to approve a place."""
    return BookingRequested(
        booking_id=booking.booking_id,
        learning_event_id=booking.learning_event_id,
        session_ids=session_ids(halls, booking),
        person_id=booking.person_id,
    )


async def _free_place(
    conn: Conn, booking: Booking, halls: list[Hall], now: datetime
) -> UUID | None:
    """The hold, if any, of a place that whoever comes first may have. Raises Conflict."""
    if because := closed(halls, now=now):
        raise Conflict(because.because)
    if not first_come(now, starts_at(halls)):
        raise Conflict("It is not your turn yet. We write to you when a place is yours to have.")
    holds = await holds_of(conn, [booking.learning_event_id])
    terms = Terms(holds=holds.get(booking.learning_event_id, ()))
    given = room_for(halls, booking.asking, terms, state=PlaceState.CONFIRMED)
    if given is None:
        raise Conflict("Somebody was quicker: no place is free just now.")
    return given.hold_id


async def _wants_approval(conn: Conn, learning_event_id: UUID) -> bool:
    approval: bool = await conn.fetchval(
        "SELECT approval FROM learning_event WHERE learning_event_id = $1", learning_event_id
    )
    return approval
