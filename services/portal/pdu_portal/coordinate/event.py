"""One event: what it lacks, who comes and who waits; publishing, moving, copying, cancelling."""

import asyncio
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.coordinate.describing import first_session, readiness, typed_of, words_of
from pdu_portal.coordinate.events import Drafted
from pdu_portal.coordinate.room import Coordinator, DeskForm, Done, id_in, tried
from pdu_portal.coordinate.shapes import (
    AUDIENCES,
    EVENT_TYPES,
    MODES,
    STATES,
    Assignments,
    BookedPage,
    Managed,
    Places,
    Readiness,
    terms,
)
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.library_shapes import LEVELS
from pdu_portal.neighbours import NotThere

router = APIRouter(include_in_schema=False)

WHY_NOT = {
    "speaker_unwell": "Who was to speak cannot come",
    "too_few_bookings": "Too few people booked",
    "venue": "The place cannot be had",
    "weather": "The weather",
    "other": "Another reason",
}
PARTS = {
    "speaker": "Speak",
    "facilitator": "Run the session",
    "co_facilitator": "Help to run it",
    "panel": "Sit on the panel",
    "chair": "Take the chair",
}


@router.get("/coordinate/events/{event_id}")
async def manage(event_id: UUID, desk: AtDesk, viewer: Coordinator) -> Response:
    """The event as it stands."""
    del viewer
    return await _page(desk, event_id)


@router.post("/coordinate/events/{event_id}/publish")
async def publish(event_id: UUID, desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Open it for booking."""
    del viewer
    return await _step(desk, event_id, form, "publish", {})


@router.post("/coordinate/events/{event_id}/cancel")
async def call_off(event_id: UUID, desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Cancel it, or postpone it to a day that is not known yet."""
    del viewer
    what = "postponement" if form.value("what") == "postpone" else "cancellation"
    reason = form.value("reason")
    if reason not in WHY_NOT:
        wrong = Form(form.key, form.values, {"reason": "Choose why: those who booked are told"})
        return await _page(desk, event_id, wrong, status=422)
    return await _step(desk, event_id, form, what, {"reason_code": reason})


@router.post("/coordinate/events/{event_id}/words")
async def describe(event_id: UUID, desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Say something else of it, if nobody else did in the meantime."""
    del viewer
    path = f"/learning-events/{event_id}"
    doing = desk.services.bookings.patch(
        path, words_of(form.values), shape=Done, tag=f'"{form.value("version")}"'
    )
    return await _after(desk, event_id, await tried(doing, form))


@router.post("/coordinate/events/{event_id}/move")
async def move(event_id: UUID, desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Another day, hour or place; everybody who booked is told. Also another number of places."""
    del viewer
    wanted = first_session(form.values)
    capacity = wanted.pop("capacity")
    session_id = id_in(form, "session_id")
    bookings = desk.services.bookings

    async def moving() -> None:
        await bookings.patch(f"/sessions/{session_id}", wanted, shape=Done, tag="")
        if form.value("capacity") != form.value("capacity_was"):
            body = {"capacity": capacity}
            await bookings.put(f"/sessions/{session_id}/capacity", body, shape=Done)

    return await _after(desk, event_id, await tried(moving(), form))


@router.post("/coordinate/events/{event_id}/copy")
async def copy(event_id: UUID, desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """The same once more on another day, as a draft."""
    del viewer
    path = f"/learning-events/{event_id}/copies"
    body = {"sessions": [first_session(form.values)]}
    made: list[Drafted] = []

    async def copying() -> None:
        answer = await desk.services.bookings.send(path, body, key=form.key, shape=Drafted)
        made.append(answer)

    trouble = await tried(copying(), form)
    return await _after(desk, made[0].learning_event_id if made else event_id, trouble)


@router.post("/coordinate/events/{event_id}/waiting")
async def offer(event_id: UUID, desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Put somebody first in the line, take an offer for them, or give their place back."""
    del viewer
    booking = f"/bookings/{id_in(form, 'booking_id')}"
    bookings = desk.services.bookings
    match form.value("what"):
        case "first":
            doing = bookings.put(f"{booking}/first-in-line", {}, shape=Done)
        case "accept":
            doing = bookings.send(f"{booking}/offer", {"accept": True}, key=form.key, shape=Done)
        case "approve" | "decline" as decision:
            body = {"decision": decision}
            doing = bookings.send(f"{booking}/approval", body, key=form.key, shape=Done)
        case "cancel":
            doing = bookings.send(f"{booking}/cancellation", {}, key=form.key, shape=Done)
        case _:
            raise NotThere("bookings")
    return await _after(desk, event_id, await tried(doing, form))


@router.post("/coordinate/events/{event_id}/speakers")
async def ask(event_id: UUID, desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Ask somebody to speak, or to run it: they get a letter with a link."""
    del viewer
    names = ("name", "email", "role", "session_id")
    body = {"speakers": [{name: form.value(name) for name in names}]}
    path = f"/learning-events/{event_id}/assignments"
    doing = desk.services.bookings.send(path, body, key=form.key, shape=Done)
    return await _after(desk, event_id, await tried(doing, form))


async def _step(
    desk: Desk, event_id: UUID, form: Form, step: str, body: dict[str, object]
) -> Response:
    path = f"/learning-events/{event_id}/{step}"
    doing = desk.services.bookings.send(path, body, key=form.key, shape=Done)
    return await _after(desk, event_id, await tried(doing, form))


async def _after(desk: Desk, event_id: UUID, trouble: Form | None) -> Response:
    if trouble is None:
        return RedirectResponse(f"/coordinate/events/{event_id}", 303)
    return await _page(desk, event_id, trouble, status=422)


async def _page(
    desk: Desk, event_id: UUID, form: Form | None = None, *, status: int = 200
) -> Response:
    bookings, path = desk.services.bookings, f"/learning-events/{event_id}"
    event = await bookings.read(path, Managed)
    places, who, speakers, ready, lists = await asyncio.gather(
        or_none(bookings, f"{path}/places", Places),
        or_none(
            bookings, f"/coordinator/bookings?learning_event_id={event_id}&limit=100", BookedPage
        ),
        or_none(bookings, f"{path}/assignments", Assignments),
        or_none(bookings, f"{path}/readiness", Readiness),
        desk.lists.vocabulary(),
    )
    kept = form or Form()
    context = {
        "area": "coordinate_events",
        "within": True,
        "private": True,
        "event": event,
        "stage": STATES.get(event.stage, event.stage),
        "places": places,
        "who": who,
        "names": {str(one.booking_id): one.name for one in who.items} if who else {},
        "speakers": speakers,
        "ready": ready,
        "readiness": readiness(event),
        "reasons": terms(WHY_NOT),
        "parts_of": terms(PARTS),
        "types": terms(EVENT_TYPES),
        "audiences": terms(AUDIENCES),
        "levels": terms(LEVELS),
        "modes": terms(MODES),
        "workstreams": lists.workstreams if lists else [],
        "form": Form(kept.key, {**typed_of(event), **kept.values}, kept.errors, kept.trouble),
    }
    return desk.pages.page("coordinate/event.html", context, status=status)
