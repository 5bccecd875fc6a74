"""Somebody with a place chooses others of the sessions that are at the same time."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from pdu_bookings.place.hall import Counts, count
from pdu_bookings.place.life import Booking, lock
from pdu_bookings.place.offering import offer_what_is_free
from pdu_bookings.place.own import check_may_act
from pdu_bookings.place.seen import BookingSeen, Token, booking_behind, seen
from pdu_bookings.rules.booking import closed
from pdu_bookings.rules.hall import Hall, entered, line_of, starts_at
from pdu_bookings.rules.parallel import why_no_choice
from pdu_bookings.rules.waiting_list import first_come
from pdu_shared import outbox
from pdu_shared.access import Who
from pdu_shared.contracts.vocabulary import PlaceState
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Here, Now, Store

router = APIRouter(tags=["bookings"])


class ChooseSessions(Form):
    """Which of parallel sessions somebody would rather come to."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"sessions": ["0194c000-0000-7000-8000-000000000201"]}]}
    )

    sessions: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=20)] = Field(
        description="One of those that share a word in `parallel` each"
    )


@router.put("/b/{token}/sessions")
async def choose(token: Token, form: ChooseSessions, runtime: Here, now: Now) -> BookingSeen:
    """Come to others of the sessions at the same time. Doing it twice is doing it once.

    409 where those are full or others wait for them: the place that one has stays.
    """
    booking_id = booking_behind(runtime, token)
    async with transaction(runtime.database) as conn:
        await rechoose(conn, booking_id, frozenset(form.sessions), now=now)
        return await seen(conn, booking_id, now=now)


@router.put("/bookings/{booking_id}/sessions")
async def choose_signed_in(
    booking_id: UUID, form: ChooseSessions, database: Store, caller: Who, now: Now
) -> BookingSeen:
    """The same for a booking of one's own, signed in; a coordinator for whoever rang up."""
    async with transaction(database) as conn:
        await check_may_act(conn, booking_id, caller)
        await rechoose(conn, booking_id, frozenset(form.sessions), now=now)
        return await seen(conn, booking_id, now=now)


async def rechoose(conn: Conn, booking_id: UUID, chosen: frozenset[UUID], *, now: datetime) -> None:
    """Move a confirmed place to other sessions, and offer what comes free. Raises Conflict."""
    booking, halls = await lock(conn, booking_id)
    if booking.state is not PlaceState.CONFIRMED:
        raise Conflict("Only who has a place chooses other sessions. Until then, ask again.")
    if because := closed(halls, now=now):
        raise Conflict(because.because)
    parallel = {hall.session_id: hall.parallel for hall in halls if hall.parallel}
    if wrong := why_no_choice(parallel, chosen):
        raise Refused(errors=[Fault("/sessions", "choose-one", wrong)])
    before = entered(halls, booking.asking)
    after = entered(halls, replace(booking.asking, chosen=chosen))
    left, come = [set(one) - set(other) for one, other in ((before, after), (after, before))]
    if not come:
        return
    _must_have_room(come, now)
    await _move(conn, booking, left, come)
    moved = replace(booking, session_ids=frozenset(hall.session_id for hall in after))
    told = moved.event_booked(halls).model_copy(update={"rechosen_at": now})
    await outbox.add(conn, told)
    await offer_what_is_free(conn, booking.learning_event_id, now=now)


def _must_have_room(halls: Collection[Hall], now: datetime) -> None:
    in_line = not first_come(now, starts_at(halls))
    full = any(hall.taken + hall.held >= hall.capacity for hall in halls)
    if full or (in_line and any(hall.waiting for hall in line_of(halls))):
        raise Conflict("That session is full, or others wait for it. You keep the place you have.")


async def _move(
    conn: Conn, booking: Booking, left: Collection[Hall], come: Collection[Hall]
) -> None:
    counts = Counts()
    for halls, by in ((left, -1), (come, 1)):
        for hall in halls:
            counts.add(hall, taken=by)
    await _replace_places(conn, booking, _ids(left), _ids(come))
    await count(conn, counts)


def _ids(halls: Collection[Hall]) -> list[UUID]:
    return sorted(hall.session_id for hall in halls)


async def _replace_places(
    conn: Conn, booking: Booking, left: Sequence[UUID], come: Sequence[UUID]
) -> None:
    await conn.execute(
        """
        WITH gone AS (
            DELETE FROM place WHERE booking_id = $1 AND session_id = ANY ($4::uuid[]))
        INSERT INTO place (booking_id, session_id, person_id, state)
        SELECT $1, session_id, $2, $3 FROM unnest($5::uuid[]) AS come (session_id)
        """,
        booking.booking_id,
        booking.person_id,
        booking.state,
        left,
        come,
    )
