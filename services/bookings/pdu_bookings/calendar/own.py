"""The calendar of somebody who booked: of one booking, and of all of theirs by a secret address."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel

from pdu_bookings.calendar.feed import event_page
from pdu_bookings.calendar.file import AS_CALENDAR, FOR_ONE, Known, calendar
from pdu_bookings.calendar.meetings import booked_meetings, bookings_of
from pdu_bookings.link import Purpose
from pdu_bookings.place.seen import Token, booking_behind
from pdu_bookings.rules.calendar import Meeting, OwnBooking, own_entry
from pdu_shared.calendar_entry import Entry
from pdu_shared.contracts.vocabulary import PlaceState
from pdu_shared.database import Conn, transaction
from pdu_shared.links import opened_by, token_of
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Here, Now, Runtime

router = APIRouter(tags=["calendars"])

FeedToken = Annotated[str, Path(description="The secret of one person's calendar")]


class OwnFeed(BaseModel):
    """The address of somebody's own calendar, below that of this service.

    Whoever has it can read when and where they go, and change nothing.
    """

    path: str


@router.get("/b/{token}/calendar.ics", response_class=Response, responses=AS_CALENDAR)
async def of_booking(token: Token, runtime: Here, now: Now, known: Known = "") -> Response:
    """The sessions of one booking. 409 as long as there is no place to put in a calendar."""
    booking_id = booking_behind(runtime, token)
    async with runtime.database.pool.acquire(timeout=5) as conn:
        booked = await booked_meetings(conn, [booking_id])
    if not booked:
        raise NotFound
    if any(one.state.active and one.state is not PlaceState.CONFIRMED for one, _ in booked):
        raise Conflict("There is no place yet that a calendar could hold.")
    entries = _entries(runtime, booked, now)
    return await calendar(
        entries, runtime.settings, name=booked[0][1].title, known=known, keep=FOR_ONE
    )


@router.get("/calendars/{feed}/calendar.ics", response_class=Response, responses=AS_CALENDAR)
async def of_person(feed: FeedToken, runtime: Here, now: Now, known: Known = "") -> Response:
    """All that a person goes to, to subscribe to.

    The link to join online is in it from 24 hours before the start.
    """
    feed_id = opened_by(_link_key(runtime), Purpose.CALENDAR, feed)
    async with runtime.database.pool.acquire(timeout=5) as conn:
        person_id = await _person_of(conn, feed_id) if feed_id else None
        if person_id is None:
            raise NotFound
        booked = await booked_meetings(conn, await bookings_of(conn, person_id, now=now))
    entries = _entries(runtime, booked, now)
    return await calendar(
        entries, runtime.settings, name="My PDU events", known=known, keep=FOR_ONE
    )


@router.post("/b/{token}/calendar-feed")
async def open_feed(token: Token, runtime: Here, now: Now) -> OwnFeed:
    """The secret address of a person's own calendar: the same until it is closed."""
    booking_id = booking_behind(runtime, token)
    async with transaction(runtime.database) as conn:
        feed_id = await _feed_of(conn, booking_id, now=now)
    if feed_id is None:
        raise NotFound
    secret = token_of(_link_key(runtime), Purpose.CALENDAR, feed_id)
    return OwnFeed(path=f"/calendars/{secret}/calendar.ics")


@router.delete("/b/{token}/calendar-feed", status_code=204)
async def close_feed(token: Token, runtime: Here) -> None:
    """Make the address worthless, for whoever has it. Asking for one again gives another."""
    booking_id = booking_behind(runtime, token)
    async with transaction(runtime.database) as conn:
        await _forget_feed(conn, booking_id)


def _entries(
    runtime: Runtime, booked: list[tuple[OwnBooking, Meeting]], now: datetime
) -> list[Entry]:
    shown = (
        own_entry(meeting, booking, url=event_page(runtime, meeting), now=now)
        for booking, meeting in booked
    )
    return [entry for entry in shown if entry]


def _link_key(runtime: Runtime) -> bytes:
    return runtime.settings.secret("link_key").encode()


async def _person_of(conn: Conn, feed_id: UUID) -> UUID | None:
    person_id: UUID | None = await conn.fetchval(
        """
        SELECT coalesce(kept_id, person_id)
          FROM calendar_feed LEFT JOIN person_alias ON merged_id = person_id
         WHERE feed_id = $1
        """,
        feed_id,
    )
    return person_id


async def _feed_of(conn: Conn, booking_id: UUID, *, now: datetime) -> UUID | None:
    # The update that changes nothing is there to give back the row of whoever came first.
    feed_id: UUID | None = await conn.fetchval(
        """
        INSERT INTO calendar_feed (person_id, feed_id, made_at)
        SELECT coalesce(kept_as, person_id), $2, $3 FROM booking WHERE booking_id = $1
            ON CONFLICT (person_id) DO UPDATE SET feed_id = calendar_feed.feed_id
     RETURNING feed_id
        """,
        booking_id,
        uuid4(),
        now,
    )
    return feed_id


async def _forget_feed(conn: Conn, booking_id: UUID) -> None:
    await conn.execute(
        """
        DELETE FROM calendar_feed
         USING booking
         WHERE booking_id = $1
           AND calendar_feed.person_id IN (booking.person_id, booking.kept_as)
        """,
        booking_id,
    )
