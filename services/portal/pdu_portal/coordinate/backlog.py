"""What people suggest and offer: worded, merged, decided, answered."""

import asyncio
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.coordinate.room import Coordinator, DeskForm, Done, said, tried
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.neighbours import NotThere
from pdu_portal.shapes import Term

router = APIRouter(include_in_schema=False)

PAGE = "/coordinate/suggestions"


class Topic(BaseModel):
    """Something that people would like to learn about."""

    topic_id: UUID
    state: str
    text: str
    wording: str | None = None
    workstream: str | None = None
    backers: int = 0
    suggested_at: datetime
    answer_wanted: bool = False
    answer: str | None = None
    reason: str | None = None
    merged_into: UUID | None = None

    @property
    def name(self) -> str:
        """What it is called here."""
        return self.wording or self.text


class Topics(BaseModel):
    """A page of them."""

    items: list[Topic] = []


class Offer(BaseModel):
    """Somebody who would speak."""

    offer_id: UUID
    state: str
    name: str | None = None
    organisation: str | None = None
    role: str
    offer: str | None = None
    offered_at: datetime


class Offers(BaseModel):
    """A page of them."""

    items: list[Offer] = []


@router.get(PAGE)
async def suggestions(desk: AtDesk, viewer: Coordinator) -> Response:
    """Topics and offers, the open ones first."""
    del viewer
    return await _page(desk, Form())


@router.post(PAGE + "/{topic_id}")
async def handle(topic_id: UUID, desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Do with a topic what the pressed button says."""
    del viewer
    step, body = _step(form)
    path = f"/topics/{topic_id}/{step}"
    trouble = await tried(desk.services.bookings.put(path, body, shape=Done), form)
    if trouble:
        return await _page(desk, trouble, status=422, about=str(topic_id))
    return RedirectResponse(f"{PAGE}#t-{topic_id}", 303)


@router.post("/coordinate/offers/{offer_id}")
async def triage(offer_id: UUID, desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Shortlist an offer, decline it, or answer it."""
    del viewer
    if form.value("what") == "answer":
        path, body = f"/speaker-offers/{offer_id}/answer", {"text": form.value("text")}
    else:
        path = f"/speaker-offers/{offer_id}/triage"
        body = {"state": "shortlisted" if form.value("what") == "shortlist" else "declined"}
    trouble = await tried(desk.services.bookings.put(path, body, shape=Done), form)
    if trouble:
        return await _page(desk, trouble, status=422)
    return RedirectResponse(f"{PAGE}#offers", 303)


def _step(form: Form) -> tuple[str, dict[str, object]]:
    match form.value("what"):
        case "word":
            return "wording", said(form.values, "wording", "workstream")
        case "merge":
            return "merge", {"into": form.value("into")}
        case "plan":
            return "decision", {"decision": "planned"}
        case "schedule":
            event = form.value("learning_event_id").rpartition("/")[2]
            return "decision", {"decision": "scheduled", "learning_event_id": event}
        case "decline":
            return "decision", {"decision": "declined_with_reason", "reason": form.value("reason")}
        case "answer":
            return "answer", {"text": form.value("text")}
        case _:
            raise NotThere("bookings")


async def _page(desk: Desk, form: Form, *, status: int = 200, about: str = "") -> Response:
    bookings = desk.services.bookings
    topics, offers, lists = await asyncio.gather(
        or_none(bookings, "/topics/backlog?limit=100", Topics),
        or_none(bookings, "/speaker-offers?limit=100", Offers),
        desk.lists.vocabulary(),
    )
    found = [one for one in topics.items if one.state != "merged"] if topics else None
    context = {
        "area": "today",
        "within": True,
        "private": True,
        "topics": found,
        "others": [Term(code=str(one.topic_id), label=one.name[:80]) for one in found or ()],
        "offers": offers,
        "workstreams": lists.workstreams if lists else [],
        "form": form,
        "about": about,
        "at": PAGE,
    }
    return desk.pages.page("coordinate/suggestions.html", context, status=status)
