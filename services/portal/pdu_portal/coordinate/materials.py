"""What was shown or handed out at an event, and notes of it: where everybody finds them."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.coordinate.room import Done, id_in, tried
from pdu_portal.coordinate.shapes import terms
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.event_shapes import LearningEvent
from pdu_portal.form import Form
from pdu_portal.signed_in import OwnForm, only_for
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)

Shows = Annotated[Viewer, Depends(only_for("coordinator", "cop_convenor"))]
KINDS = {"handout": "Notes or a handout", "slides": "Slides", "link": "Something to read on"}


class Material(BaseModel):
    """Something to find again."""

    material_id: UUID
    kind: str
    title: str
    url: str | None = None


class Materials(BaseModel):
    """All of them."""

    items: list[Material] = []


@router.get("/coordinate/events/{event_id}/materials")
async def materials(event_id: UUID, desk: AtDesk, viewer: Shows) -> Response:
    """What is there, and the form for more."""
    return await _page(desk, event_id, viewer, Form())


@router.post("/coordinate/events/{event_id}/materials")
async def add(event_id: UUID, desk: AtDesk, viewer: Shows, form: OwnForm) -> Response:
    """Add a link, or take one off."""
    if errors := _wrong(form):
        wrong = Form(form.key, form.values, errors)
        return await _page(desk, event_id, viewer, wrong, status=422)
    trouble = await tried(_changed(desk, event_id, form), form)
    if trouble:
        return await _page(desk, event_id, viewer, trouble, status=422)
    return RedirectResponse(f"/coordinate/events/{event_id}/materials", 303)


def _wrong(form: Form) -> dict[str, str]:
    if form.value("what") == "remove":
        return {}
    found = {
        "kind": "" if form.value("kind") in KINDS else "Choose what it is",
        "title": "" if form.value("title") else "Enter what it is called",
        "url": ""
        if form.value("url").startswith("https://")
        else "Enter a whole address that begins with https://",
    }
    return {name: words for name, words in found.items() if words}


async def _changed(desk: Desk, event_id: UUID, form: Form) -> None:
    path, bookings = f"/learning-events/{event_id}/materials", desk.services.bookings
    if form.value("what") == "remove":
        await bookings.delete(f"{path}/{id_in(form, 'material_id')}")
        return
    body: dict[str, object] = {name: form.value(name) for name in ("kind", "title", "url")}
    await bookings.send(path, body, key=form.once, shape=Done)


async def _page(
    desk: Desk, event_id: UUID, viewer: Viewer, form: Form, *, status: int = 200
) -> Response:
    path, bookings = f"/learning-events/{event_id}", desk.services.bookings
    event, found = await asyncio.gather(
        bookings.read(path, LearningEvent), or_none(bookings, f"{path}/materials", Materials)
    )
    context = {
        "area": "coordinate_events",
        "within": True,
        "private": True,
        "event": event,
        "materials": found,
        "back": f"/coordinate/events/{event_id}" if viewer.has("coordinator") else "/communities",
        "kinds": terms(KINDS),
        "called": KINDS,
        "form": form,
    }
    return desk.pages.page("coordinate/materials.html", context, status=status)
