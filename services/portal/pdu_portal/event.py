"""One learning event: what it is, the form to book a place, and the answer."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import structlog
from fastapi import APIRouter, Request
from pydantic import RootModel
from starlette.responses import RedirectResponse, Response

from pdu_portal import booking_form
from pdu_portal.also_asked import AlsoAsked, also_asked, answered, told
from pdu_portal.booking_shapes import Booked, Place
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.event_shapes import LearningEvent, Speaker, Speakers
from pdu_portal.form import Form, typed
from pdu_portal.live import watch
from pdu_portal.neighbours import Away, NotThere, Refused

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

ROWS = 12
WAITS = ("waitlisted", "waiting")
"""The second is what addresses say, before the position."""
DESK_AWAY = (
    "The booking desk does not answer just now. What you typed is kept; "
    "press the button again in a minute. You will not be booked twice."
)


@dataclass(frozen=True, slots=True)
class Ways:
    """Where a form is sent to: here, and on to bookings."""

    page: str
    bookings: str
    nominated: str = ""
    """How a nomination stands that the form answers."""


class Described(RootModel[dict[str, Any]]):
    """An event in the words of schema.org, for the machines that read pages."""


def ways_of(learning_event_id: UUID) -> Ways:
    """How one books without having been nominated."""
    return Ways(f"/events/{learning_event_id}", f"/learning-events/{learning_event_id}/bookings")


@router.get("/events/{learning_event_id}")
async def event_page(learning_event_id: UUID, desk: AtDesk, source: str = "") -> Response:
    """The event with its booking form; `source` says through what somebody came to it."""
    event = await _event(desk, learning_event_id)
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(also_asked(desk, learning_event_id))
        described = group.create_task(_described(desk, learning_event_id))
    ways = ways_of(learning_event_id)
    form = Form(values={"heard_about": _heard_about(source)})
    return await show(desk, event, form, asked.result(), ways, described=described.result())


def _heard_about(source: str) -> str:
    """What is proposed as the answer to how they heard of it; theirs to change."""
    if source.startswith("bulletin"):
        return "bulletin"
    return "colleague_forward" if source == "colleague" else ""


@router.post("/events/{learning_event_id}")
async def book(learning_event_id: UUID, request: Request, desk: AtDesk) -> Response:
    """Book a place, or show the form again with what is wrong and all that was typed."""
    return await ask(desk, learning_event_id, await typed(request), ways_of(learning_event_id))


async def ask(desk: Desk, learning_event_id: UUID, sent: Mapping[str, str], ways: Ways) -> Response:
    """Send a form on, and lead to the answer; or show it again with what is wrong."""
    vocabulary = await desk.lists.vocabulary()
    asked = await also_asked(desk, learning_event_id)
    form = answered(booking_form.read(sent, vocabulary), sent, asked)
    if form.errors:
        return await _again(desk, learning_event_id, form, ways, status=422)
    try:
        booked = await desk.services.bookings.send(
            ways.bookings,
            {**booking_form.booking(form, vocabulary), **told(form, asked)},
            key=form.key,
            shape=Booked,
        )
    except Away:
        kept = Form(form.key, form.values, trouble=DESK_AWAY)
        return await _again(desk, learning_event_id, kept, ways, status=503)
    except Refused as no:
        refused = booking_form.with_refusal(form, no.refusal)
        return await _again(desk, learning_event_id, refused, ways, status=no.refusal.status)
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
        "waitlisted": bool(places) and all(p.state in WAITS for p in places.values()),
        **story.result(),
    }
    return desk.pages.page("booked.html", context)


async def _again(
    desk: Desk, learning_event_id: UUID, form: Form, ways: Ways, *, status: int
) -> Response:
    event = await _event_or_none(desk, learning_event_id)
    asked = await also_asked(desk, learning_event_id)
    return await show(desk, event, form, asked, ways, status=status)


async def show(  # noqa: PLR0913 - all of them are on the page
    desk: Desk,
    event: LearningEvent | None,
    form: Form,
    asked: AlsoAsked,
    ways: Ways,
    *,
    described: Described | None = None,
    status: int = 200,
) -> Response:
    """The page of an event with its form."""
    lists = await desk.lists.vocabulary()
    context = {
        "area": "events",
        "within": True,
        "event": event,
        "speakers": await _speakers(desk, event) if event else [],
        "form": form,
        "asked": asked,
        "described": described.root if described else None,
        "action": ways.page,
        "nominated": ways.nominated,
        "private": bool(ways.nominated),
        "lists": lists,
        "themes": {term.code: term.label for term in lists.workstreams} if lists else {},
    }
    return desk.pages.page("event.html", context, status=status)


async def _event(desk: Desk, learning_event_id: UUID) -> LearningEvent:
    return await desk.services.bookings.read(f"/learning-events/{learning_event_id}", LearningEvent)


async def _described(desk: Desk, learning_event_id: UUID) -> Described | None:
    try:
        return await desk.services.bookings.read(
            f"/learning-events/{learning_event_id}/schema.json", Described
        )
    except (Away, NotThere, Refused):
        return None


async def _speakers(desk: Desk, event: LearningEvent) -> list[Speaker]:
    """Those who agreed to be named, each once; nobody while bookings does not say."""
    path = f"/learning-events/{event.learning_event_id}/speakers"
    try:
        found = (await desk.services.bookings.read(path, Speakers)).items
    except (Away, NotThere, Refused):
        return []
    return list({(one.name, one.organisation, one.role): one for one in found}.values())


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
