"""Letters that people tell people: whom to ring, what to post, and what came of it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.coordinate.room import Done, tried
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.neighbours import NotThere
from pdu_portal.signed_in import OwnForm, only_for
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)

Teller = Annotated[Viewer, Depends(only_for("coordinator", "manager", "beneficiary_ambassador"))]
PAGE = "/contact"
CHANNELS = {"phone": "By telephone", "post": "On paper"}
OUTCOMES = ("done", "not_reached", "given_up")


class ToTell(BaseModel):
    """Something to tell somebody; the list does not say whom."""

    task_id: UUID
    channel: str
    about: str
    since: AwareDatetime
    until: AwareDatetime | None = None
    tries: int = 0
    tried_at: AwareDatetime | None = None


class AllToTell(BaseModel):
    """A page of them, the most urgent first."""

    items: list[ToTell] = []
    next: int | None = None


class InFull(ToTell):
    """With whom to tell, where to reach them, and what to say."""

    name: str
    reach: str
    in_short: str
    letter: str


@router.get(PAGE)
async def contact(desk: AtDesk, viewer: Teller, channel: str = "", after: int = 0) -> Response:
    """What is to be told, and until when."""
    wanted = f"&channel={channel}" if channel in CHANNELS else ""
    path = f"/contact-tasks?limit=50&after={max(0, min(after, 100_000))}{wanted}"
    context = {
        "area": _area(viewer),
        "within": True,
        "private": True,
        "tasks": await or_none(desk.services.notifications, path, AllToTell),
        "channel": channel if wanted else "",
        "channels": CHANNELS,
        "at": PAGE,
    }
    return desk.pages.page("coordinate/contact.html", context)


@router.get(PAGE + "/{task_id}")
async def one(task_id: UUID, desk: AtDesk, viewer: Teller) -> Response:
    """Whom to tell, and what to say. The letter desk writes down who looked."""
    return await _page(desk, task_id, viewer, Form())


@router.post(PAGE + "/{task_id}")
async def outcome(task_id: UUID, desk: AtDesk, viewer: Teller, form: OwnForm) -> Response:
    """What came of it."""
    told = form.value("outcome")
    if told not in OUTCOMES:
        raise NotThere("notifications")
    path = f"/contact-tasks/{task_id}/outcome"
    doing = desk.services.notifications.put(path, {"outcome": told}, shape=Done)
    trouble = await tried(doing, form)
    if trouble:
        return await _page(desk, task_id, viewer, trouble, status=422)
    return RedirectResponse(PAGE, 303)


async def _page(
    desk: Desk, task_id: UUID, viewer: Viewer, form: Form, *, status: int = 200
) -> Response:
    context = {
        "area": _area(viewer),
        "within": True,
        "private": True,
        "task": await desk.services.notifications.read(f"/contact-tasks/{task_id}", InFull),
        "channels": CHANNELS,
        "form": form,
        "at": PAGE,
    }
    return desk.pages.page("coordinate/contact_one.html", context, status=status)


def _area(viewer: Viewer) -> str:
    return "people" if viewer.has("coordinator") else "support"
