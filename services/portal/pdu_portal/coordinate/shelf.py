"""The library from behind: what members brought, and what is due for a look."""

import asyncio
import re
from datetime import date, datetime

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.coordinate.room import Coordinator, DeskForm, Done, tried
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.library_shapes import TYPES
from pdu_portal.neighbours import NotThere

router = APIRouter(include_in_schema=False)

PAGE = "/coordinate/library"
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,62}[a-z0-9]")
DUE = "/library/review-due?days=60&limit=100"


class Due(BaseModel):
    """An item that somebody should look at again."""

    item_key: str
    title: str
    type: str
    review_due_on: date
    overdue: bool = False
    views: int = 0


class DueList(BaseModel):
    """The longest overdue first."""

    items: list[Due] = []


class Submission(BaseModel):
    """Something that a member brought."""

    item_key: str
    title: str
    type: str
    summary: str
    credit: str | None = None
    files: int = 0
    added_at: datetime


class Submissions(BaseModel):
    """Those nobody has decided on."""

    items: list[Submission] = []


class Version(BaseModel):
    """An item as far as a step needs it."""

    version: int


@router.get(PAGE)
async def shelf(desk: AtDesk, viewer: Coordinator) -> Response:
    """What waits in the library."""
    del viewer
    return await _page(desk, Form())


@router.post(PAGE + "/{item_key}")
async def step(item_key: str, desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Take what was brought, decline it, say that an item is still right, or put it away."""
    del viewer
    if not KEY.fullmatch(item_key):
        raise NotThere("resources")
    trouble = await tried(_done(desk, item_key, form), form)
    if trouble:
        return await _page(desk, trouble, status=422)
    return RedirectResponse(PAGE, 303)


async def _done(desk: Desk, item_key: str, form: Form) -> None:
    hub, item = desk.services.resources, f"/items/{item_key}"
    match form.value("what"):
        case "take" | "publish" as what:
            await hub.put(f"/submissions/{item_key}/decision", {"state": "draft"}, shape=Done)
            if what == "publish":
                seen = await _seen(desk, item)
                await hub.put(f"{item}/publication", {}, shape=Done, tag=seen)
        case "decline":
            body = {"state": "declined", "reason": form.value("reason") or None}
            await hub.put(f"/submissions/{item_key}/decision", body, shape=Done)
        case "right":
            seen = await _seen(desk, item)
            await hub.put(f"{item}/review", {}, shape=Done, tag=seen)
        case "away":
            body = {"reason_code": "out_of_date"}
            seen = await _seen(desk, item)
            await hub.put(f"{item}/archive", body, shape=Done, tag=seen)
        case _:
            raise NotThere("resources")


async def _seen(desk: Desk, item: str) -> str:
    found = await desk.services.resources.read(item, Version)
    return f'"{found.version}"'


async def _page(desk: Desk, form: Form, *, status: int = 200) -> Response:
    hub = desk.services.resources
    brought, due = await asyncio.gather(
        or_none(hub, "/submissions?limit=100", Submissions), or_none(hub, DUE, DueList)
    )
    context = {
        "area": "shelf",
        "brought": brought,
        "due": due,
        "types": TYPES,
        "form": form,
        "at": PAGE,
    }
    return desk.pages.page("coordinate/shelf.html", context, status=status)
