"""People: who has an account or a booking, what they will receive, and letters in trouble."""

import asyncio
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from pdu_portal.asking import or_none
from pdu_portal.coordinate.room import Coordinator, DeskForm
from pdu_portal.coordinate.shapes import BookedPage
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.neighbours import Away, NotThere, Refused

router = APIRouter(include_in_schema=False)

PAGE = "/coordinate/people"
SHORTEST = 2


class Member(BaseModel):
    """Somebody with an account."""

    person_id: UUID
    name: str | None = None
    address: str | None = None
    organisation: str | None = None
    registered_at: datetime
    closed_at: datetime | None = None


class Members(BaseModel):
    """Those who were found."""

    items: list[Member] = []


class ComingLetter(BaseModel):
    """A letter that somebody will get."""

    kind: str
    subject: str | None = None
    goes_at: datetime
    kept_back: str | None = None
    reason: str


class ComingLetters(BaseModel):
    """The next first."""

    items: list[ComingLetter] = []


@router.get(PAGE)
async def people(desk: AtDesk, viewer: Coordinator) -> Response:
    """A field to search with. What is typed goes by POST: no name stands in an address."""
    del viewer
    return desk.pages.page("coordinate/people.html", _context(Form(values={"who": ""})))


@router.post(PAGE)
async def find(desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Who is called so, or has this address."""
    del viewer
    who = form.value("who")
    if len(who) < SHORTEST:
        wrong = Form(form.key, form.values, {"who": "Enter at least two letters of a name"})
        return desk.pages.page("coordinate/people.html", _context(wrong), status=422)
    body = {"name_or_address": who[:200], "limit": 50}
    members, bookings = await asyncio.gather(
        _found(desk, "resources", "/coordinator/members/search", body, Members),
        _found(desk, "bookings", "/coordinator/bookings/search", body, BookedPage),
    )
    context = _context(form) | {"asked": True, "members": members, "bookings": bookings}
    return desk.pages.page("coordinate/people.html", context)


@router.get(PAGE + "/{person_id}/letters")
async def coming(person_id: UUID, desk: AtDesk, viewer: Coordinator) -> Response:
    """What somebody will receive, when, why, and what keeps it back."""
    del viewer
    path = f"/persons/{person_id}/coming-letters?limit=50"
    found = await or_none(desk.services.notifications, path, ComingLetters)
    context = {"area": "people", "within": True, "private": True, "letters": found}
    return desk.pages.page("coordinate/coming_letters.html", context)


async def _found(
    desk: Desk, service: str, path: str, body: dict[str, object], shape: type[BaseModel]
) -> BaseModel | None:
    neighbour = getattr(desk.services, service)
    try:
        found: BaseModel = await neighbour.send(path, body, key="", shape=shape)
    except (Away, NotThere, Refused):
        return None
    return found


def _context(form: Form) -> dict[str, object]:
    return {"area": "people", "private": True, "form": form, "at": PAGE}
