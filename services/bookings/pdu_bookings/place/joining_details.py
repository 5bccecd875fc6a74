"""What somebody needs to know to come, on one page that can be printed or read out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from pdu_bookings.place.seen import Token, booking_behind
from pdu_shared.access import Role, Who
from pdu_shared.contracts.vocabulary import DeliveryMode, PlaceState
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Here, Store

router = APIRouter(tags=["bookings"])

MODES = {
    DeliveryMode.IN_PERSON: "In person",
    DeliveryMode.ONLINE: "Online",
    DeliveryMode.HYBRID: "In person or online",
}


@dataclass(frozen=True, slots=True)
class Details:
    """A booking as it is printed. The name is gone 28 days after the event."""

    title: str
    purpose: str
    name: str | None
    state: PlaceState
    sessions: Sequence[tuple[datetime, datetime, DeliveryMode, str]]
    """Start and end on the clock there, how people come, and where to."""


@router.get("/b/{token}/joining-details", response_class=HTMLResponse)
async def own_joining_details(token: Token, runtime: Here) -> HTMLResponse:
    """The page to print, for the person who holds the link."""
    booking_id = booking_behind(runtime, token)
    async with runtime.database.pool.acquire(timeout=5) as conn:
        return HTMLResponse(page(await _details(conn, booking_id)))


@router.get("/bookings/{booking_id}/joining-details", response_class=HTMLResponse)
async def joining_details(booking_id: UUID, database: Store, caller: Who) -> HTMLResponse:
    """The page to print for somebody: a coordinator for all, a manager for whom they booked."""
    async with database.pool.acquire(timeout=5) as conn:
        if not caller.has(Role.COORDINATOR) and await _asked_by(conn, booking_id) != caller.sub:
            raise NotFound
        return HTMLResponse(page(await _details(conn, booking_id)))


def page(details: Details) -> str:
    """The page: plain HTML that a screen reader and a printer can do with."""
    facts = "".join(
        f"<h2>{_day(starts)}</h2><dl>"
        f"<dt>When</dt><dd>{starts:%H:%M} to {ends:%H:%M}</dd>"
        f"<dt>How</dt><dd>{MODES[mode]}</dd>"
        f"<dt>Where</dt><dd>{escape(place)}</dd></dl>"
        for starts, ends, mode, place in details.sessions
    )
    name = f"<p>For {escape(details.name)}.</p>" if details.name else ""
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(details.title)}: joining details</title></head><body><main>"
        f"<h1>{escape(details.title)}</h1>{name}<p>{escape(details.purpose)}</p>"
        f"<p><strong>{_standing(details.state)}</strong></p>{facts}"
        "<h2>If you cannot come</h2><p>Tell whoever booked for you, or the Practice Development "
        "Unit, even on the day. Nobody asks why, and somebody who waits can have the place.</p>"
        "</main></body></html>"
    )


def _day(starts: datetime) -> str:
    return f"{starts:%A} {starts.day} {starts:%B %Y}"


def _standing(state: PlaceState) -> str:
    if state is PlaceState.CONFIRMED:
        return "You have a place."
    return "You do not have a place yet." if state.active else "This place was given back."


async def _asked_by(conn: Conn, booking_id: UUID) -> UUID | None:
    asked_by: UUID | None = await conn.fetchval(
        "SELECT asked_by FROM asked_for WHERE booking_id = $1", booking_id
    )
    if asked_by is None:
        raise NotFound
    return asked_by


async def _details(conn: Conn, booking_id: UUID) -> Details:
    row = await conn.fetchrow(
        """
        SELECT title, purpose, name, booking.state
          FROM booking
          JOIN learning_event USING (learning_event_id)
          LEFT JOIN contact USING (booking_id)
         WHERE booking_id = $1
        """,
        booking_id,
    )
    if row is None:
        raise NotFound
    sessions = await conn.fetch(
        """
        SELECT starts_at, ends_at, tz, mode, session.place
          FROM session JOIN place AS given USING (session_id)
         WHERE given.booking_id = $1
         ORDER BY starts_at, session_id
        """,
        booking_id,
    )
    return Details(
        title=row["title"],
        purpose=row["purpose"],
        name=row["name"],
        state=PlaceState(row["state"]),
        sessions=[
            (
                one["starts_at"].astimezone(ZoneInfo(one["tz"])),
                one["ends_at"].astimezone(ZoneInfo(one["tz"])),
                DeliveryMode(one["mode"]),
                one["place"],
            )
            for one in sessions
        ],
    )
