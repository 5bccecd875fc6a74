"""Who speaks at an event or runs it: what they should know, and whether they have read it."""

import asyncio
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.coordinate.room import Coordinator, DeskForm, Done, id_in, tried
from pdu_portal.coordinate.shapes import Assignments, Managed
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form

router = APIRouter(include_in_schema=False)


class Brief(BaseModel):
    """What they should know besides what everybody reads; version 0 is that there is none."""

    version: int = 0
    text: str | None = None


@router.get("/coordinate/events/{event_id}/speakers")
async def speakers(event_id: UUID, desk: AtDesk, viewer: Coordinator) -> Response:
    """Who was asked, what they said, and the brief."""
    del viewer
    return await _page(desk, event_id)


@router.post("/coordinate/events/{event_id}/brief")
async def write(event_id: UUID, desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Write the brief: each change has to be read anew."""
    del viewer
    if not form.value("text"):
        wrong = Form(form.key, form.values, {"text": "Write what they should know"})
        return await _page(desk, event_id, wrong, status=422)
    path, body = f"/learning-events/{event_id}/brief", {"text": form.value("text")}
    trouble = await tried(desk.services.bookings.put(path, body, shape=Done), form)
    if trouble:
        return await _page(desk, event_id, trouble, status=422)
    return RedirectResponse(f"/coordinate/events/{event_id}/speakers#brief", 303)


@router.post("/coordinate/events/{event_id}/speakers/withdrawal")
async def take_back(event_id: UUID, desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Ask somebody no more: they get a letter that says so."""
    del viewer
    path = f"/assignments/{id_in(form, 'assignment_id')}/withdrawal"
    trouble = await tried(desk.services.bookings.put(path, {}, shape=Done), form)
    if trouble:
        return await _page(desk, event_id, trouble, status=422)
    return RedirectResponse(f"/coordinate/events/{event_id}/speakers", 303)


async def _page(
    desk: Desk, event_id: UUID, form: Form | None = None, *, status: int = 200
) -> Response:
    bookings, path = desk.services.bookings, f"/learning-events/{event_id}"
    event, asked, brief = await asyncio.gather(
        bookings.read(path, Managed),
        or_none(bookings, f"{path}/assignments", Assignments),
        or_none(bookings, f"{path}/brief", Brief),
    )
    kept = form or Form()
    typed = {"text": (brief.text if brief else "") or "", **kept.values}
    context = {
        "area": "coordinate_events",
        "within": True,
        "private": True,
        "event": event,
        "asked": asked,
        "brief": brief,
        "form": Form(kept.key, typed, kept.errors, kept.trouble),
    }
    return desk.pages.page("coordinate/speakers.html", context, status=status)
