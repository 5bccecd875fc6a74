"""A booking as the person who holds its link sees it, and what they can do with it now."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from pdu_bookings.charge.price import Cost, cost_for
from pdu_bookings.place.asking import note
from pdu_bookings.place.life import Booking, bookings_of
from pdu_bookings.place.link import booking_of
from pdu_bookings.programme.public import LearningEvent
from pdu_bookings.programme.reading import learning_event
from pdu_bookings.rules.waiting_list import first_come
from pdu_shared.contracts.vocabulary import Attending, PlaceState
from pdu_shared.database import Conn, snapshot
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Here, Now, Runtime

LINK_SHOWN = timedelta(hours=24)
"""So long before the start the link of an online session is shown."""

router = APIRouter(tags=["bookings"])

Token = Annotated[str, Path(description="The token of one booking, from its letter")]


class CanDo(StrEnum):
    """What the holder of the link can do now."""

    CANCEL = "cancel"
    ACCEPT = "accept"
    DECLINE = "decline"
    TAKE = "take"
    CHOOSE = "choose"


class JoinOnline(BaseModel):
    """Where an online session is joined."""

    session_id: UUID
    joining_link: str


class BookingSeen(BaseModel):
    """A booking as the person who holds its link may see it."""

    booking_id: UUID
    state: PlaceState
    position: int | None = Field(description="In the waiting list")
    attending: Attending | None = Field(description="How they come to a hybrid session")
    session_ids: list[UUID] = Field(description="Of parallel sessions only those that they chose")
    offer_expires_at: datetime | None = Field(description="Until when a place is offered")
    can: list[CanDo] = Field(
        description="`cancel`: give it back; `accept` or `decline` the offer; "
        "`take`: places go to whoever comes first now, so try to get one; "
        "`choose` another of parallel sessions"
    )
    join_online: list[JoinOnline] = Field(
        description="For a confirmed place, from a day before the session until its end"
    )
    cost: Cost | None = Field(description="What their place costs; null where nobody pays")
    note: str | None = Field(
        description="Words for the person, where the event is meant for others"
    )
    learning_event: LearningEvent


@router.get("/b/{token}")
async def see(token: Token, runtime: Here, now: Now) -> BookingSeen:
    """The booking that a letter's link is for. Looking changes nothing."""
    booking_id = booking_behind(runtime, token)
    async with snapshot(runtime.database) as conn:
        return await seen(conn, booking_id, now=now)


def booking_behind(runtime: Runtime, token: str) -> UUID:
    """The booking that a token is for. Raises NotFound."""
    booking_id = booking_of(runtime.settings.secret("link_key").encode(), token)
    if booking_id is None:
        raise NotFound
    return booking_id


async def seen(conn: Conn, booking_id: UUID, *, now: datetime) -> BookingSeen:
    """A booking as its person sees it. Raises NotFound."""
    found = await bookings_of(conn, [booking_id])
    if not found:
        raise NotFound
    [booking] = found
    event = await learning_event(conn, booking.learning_event_id, now=now)
    confirmed = booking.state is PlaceState.CONFIRMED
    return BookingSeen(
        booking_id=booking_id,
        state=booking.state,
        position=await _position(conn, booking_id) if booking.waits else None,
        attending=booking.attending,
        session_ids=[
            one.session_id for one in event.sessions if one.session_id in booking.session_ids
        ],
        offer_expires_at=booking.offer_expires_at,
        can=_can(booking, event, now),
        cost=await _cost(conn, booking) if event.price else None,
        note=note(booking.outside) if booking.state.active else None,
        join_online=await _join_online(conn, booking, now) if confirmed else [],
        learning_event=event,
    )


def _can(booking: Booking, event: LearningEvent, now: datetime) -> list[CanDo]:
    starts_at = min(one.starts_at for one in event.sessions)
    if now >= starts_at or not booking.state.active:
        return []
    if booking.offer_expires_at:
        return [CanDo.ACCEPT, CanDo.DECLINE]
    if booking.waits and first_come(now, starts_at):
        return [CanDo.TAKE, CanDo.CANCEL]
    if booking.state is PlaceState.CONFIRMED and any(one.parallel for one in event.sessions):
        return [CanDo.CANCEL, CanDo.CHOOSE]
    return [CanDo.CANCEL]


async def _cost(conn: Conn, booking: Booking) -> Cost:
    spared: bool = await conn.fetchval(
        "SELECT EXISTS (SELECT FROM charge_waiver WHERE booking_id = $1)", booking.booking_id
    )
    return await cost_for(
        conn,
        booking.learning_event_id,
        area=booking.area,
        role_level=booking.role_level,
        spared=spared,
    )


async def _position(conn: Conn, booking_id: UUID) -> int | None:
    position: int | None = await conn.fetchval(
        "SELECT waiting_position(booking) FROM booking WHERE booking_id = $1", booking_id
    )
    return position


async def _join_online(conn: Conn, booking: Booking, now: datetime) -> list[JoinOnline]:
    rows = await conn.fetch(
        """
        SELECT session_id, joining_link
          FROM session
         WHERE session_id = ANY ($1::uuid[])
           AND joining_link IS NOT NULL
           AND (mode = 'online' OR $2::text IS DISTINCT FROM 'in_person')
           AND $3::timestamptz BETWEEN starts_at - $4::interval AND ends_at
         ORDER BY starts_at, session_id
        """,
        list(booking.session_ids),
        booking.attending,
        now,
        LINK_SHOWN,
    )
    return [JoinOnline(**row) for row in rows]
