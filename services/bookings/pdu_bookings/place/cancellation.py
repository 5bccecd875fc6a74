"""Giving a place back. Whoever waits first is offered it in the same transaction."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body
from pydantic import ConfigDict, Field

from pdu_bookings.place.life import Booking, lock, save
from pdu_bookings.place.offering import offer_what_is_free
from pdu_bookings.place.own import check_may_act
from pdu_bookings.place.seen import BookingSeen, Token, booking_behind, seen
from pdu_bookings.rules.hall import Hall, starts_at
from pdu_bookings.rules.late import is_late
from pdu_shared import outbox
from pdu_shared.access import Who
from pdu_shared.contracts.bookings.place import BookingCancelled
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import CancelledBy, PlaceState
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Here, Now, Store

router = APIRouter(tags=["bookings"])


class GiveBack(Form):
    """Why a place is given back. Nobody has to say."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}, {"reason_code": "no_cover"}]})

    reason_code: Code | None = Field(None, description="A word for figures, such as `no_cover`")


Why = Annotated[GiveBack, Body(default_factory=GiveBack)]


@router.post("/b/{token}/cancellation")
async def cancel_by_link(token: Token, runtime: Here, now: Now, why: Why) -> BookingSeen:
    """Give the place back. Doing it twice is doing it once."""
    booking_id = booking_behind(runtime, token)
    async with transaction(runtime.database) as conn:
        await cancel(conn, booking_id, by=CancelledBy.PERSON, reason=why.reason_code, now=now)
        return await seen(conn, booking_id, now=now)


@router.post("/bookings/{booking_id}/cancellation")
async def cancel_by_id(
    booking_id: UUID, database: Store, caller: Who, now: Now, why: Why
) -> BookingSeen:
    """Give a place back: a coordinator any, a member their own. Twice is once."""
    async with transaction(database) as conn:
        own = await check_may_act(conn, booking_id, caller)
        by = CancelledBy.PERSON if own else CancelledBy.PDU
        await cancel(conn, booking_id, by=by, reason=why.reason_code, now=now)
        return await seen(conn, booking_id, now=now)


async def cancel(
    conn: Conn, booking_id: UUID, *, by: CancelledBy, reason: str | None = None, now: datetime
) -> None:
    """Cancel a booking and offer its place on. Raises Conflict once the event has begun."""
    booking, halls = await lock(conn, booking_id)
    if not booking.state.active:
        return
    if now >= starts_at(halls):
        raise Conflict("This event has already started.")
    state = _ended(booking, halls, by, now)
    await save(conn, halls, [(booking, booking.ended(state, at=now, reason=reason))])
    cancelled = BookingCancelled(
        booking_id=booking_id,
        learning_event_id=booking.learning_event_id,
        person_id=booking.person_id,
        by=by,
        late=state is PlaceState.CANCELLED_LATE,
        reason_code=reason,
    )
    await outbox.add(conn, cancelled)
    await offer_what_is_free(conn, booking.learning_event_id, now=now)


def _ended(booking: Booking, halls: list[Hall], by: CancelledBy, now: datetime) -> PlaceState:
    if by is CancelledBy.PDU:
        return PlaceState.CANCELLED_BY_PDU
    if booking.state is PlaceState.CONFIRMED and is_late(now, starts_at(halls)):
        return PlaceState.CANCELLED_LATE
    return PlaceState.CANCELLED_BY_PERSON
