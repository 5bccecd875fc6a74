"""One learning event: what it is, the form to book a place, and the answer."""

import asyncio
from urllib.parse import urlencode
from uuid import UUID

import structlog
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from pdu_portal import booking_form
from pdu_portal.booking_form import Form
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.live import watch
from pdu_portal.neighbours import Away, Refused
from pdu_portal.shapes import Booked, LearningEvent, Place

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

ROWS = 12
DESK_AWAY = (
    "The booking desk does not answer just now. What you typed is kept; "
    "press the button again in a minute. You will not be booked twice."
)


@router.get("/events/{learning_event_id}")
async def event_page(learning_event_id: UUID, desk: AtDesk) -> Response:
    """The event with its booking form."""
    event = await _event(desk, learning_event_id)
    return await _page(desk, event, Form())


@router.post("/events/{learning_event_id}")
async def book(learning_event_id: UUID, request: Request, desk: AtDesk) -> Response:
    """Book a place, or show the form again with what is wrong and all that was typed."""
    sent = await booking_form.typed(request)
    vocabulary = await desk.lists.vocabulary()
    form = booking_form.read(sent, vocabulary)
    if form.errors:
        return await _again(desk, learning_event_id, form, status=422)
    try:
        booked = await desk.services.bookings.send(
            f"/learning-events/{learning_event_id}/bookings",
            booking_form.booking(form, vocabulary),
            key=form.key,
            shape=Booked,
        )
    except Away:
        kept = Form(form.key, form.values, trouble=DESK_AWAY)
        return await _again(desk, learning_event_id, kept, status=503)
    except Refused as no:
        refused = booking_form.with_refusal(form, no.refusal)
        return await _again(desk, learning_event_id, refused, status=no.refusal.status)
    log.info("booked", booking_id=booked.booking_id, learning_event_id=learning_event_id)
    return RedirectResponse(_address(learning_event_id, booked), 303)


@router.get("/booked/{learning_event_id}/{booking_id}")
async def booked_page(
    learning_event_id: UUID, booking_id: UUID, request: Request, desk: AtDesk
) -> Response:
    """What a booking gave, at an address that can be loaded again and names nobody."""
    async with asyncio.TaskGroup() as group:
        found = group.create_task(_event_or_none(desk, learning_event_id))
        story = group.create_task(watch(desk, count=ROWS, booking=booking_id))
    places = _places(request)
    context = {
        "event": found.result(),
        "places": places,
        "confirmed": bool(places) and all(p.state == "confirmed" for p in places.values()),
        "waitlisted": bool(places) and all(p.state != "confirmed" for p in places.values()),
        **story.result(),
    }
    return desk.pages.page("booked.html", context)


async def _again(desk: Desk, learning_event_id: UUID, form: Form, *, status: int) -> Response:
    event = await _event_or_none(desk, learning_event_id)
    return await _page(desk, event, form, status=status)


async def _page(
    desk: Desk, event: LearningEvent | None, form: Form, *, status: int = 200
) -> Response:
    lists = await desk.lists.vocabulary()
    themes = {term.code: term.label for term in lists.workstreams} if lists else {}
    context = {"event": event, "form": form, "lists": lists, "themes": themes}
    return desk.pages.page("event.html", context, status=status)


async def _event(desk: Desk, learning_event_id: UUID) -> LearningEvent:
    return await desk.services.bookings.read(f"/learning-events/{learning_event_id}", LearningEvent)


async def _event_or_none(desk: Desk, learning_event_id: UUID) -> LearningEvent | None:
    try:
        return await _event(desk, learning_event_id)
    except Away:
        return None


def _address(learning_event_id: UUID, booked: Booked) -> str:
    given = {
        str(place.session_id): place.state if not place.position else f"waiting-{place.position}"
        for place in booked.places
    }
    return f"/booked/{learning_event_id}/{booked.booking_id}?{urlencode(given)}"


def _places(request: Request) -> dict[UUID, Place]:
    """The places an address speaks of; what it does not say properly is left aside."""
    places = {}
    for name, given in request.query_params.items():
        try:
            session_id = UUID(name)
        except ValueError:
            continue
        state, _, position = given.partition("-")
        number = int(position) if position.isdecimal() and position.isascii() else None
        places[session_id] = Place(session_id=session_id, state=state, position=number)
    return places
