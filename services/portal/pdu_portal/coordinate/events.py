"""The list of all events, and a new one."""

from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.coordinate.describing import FIELDS, first_session, words_of
from pdu_portal.coordinate.room import Coordinator, DeskForm, after_of, refused
from pdu_portal.coordinate.shapes import AUDIENCES, EVENT_TYPES, MODES, EventLines, terms
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.library_shapes import LEVELS
from pdu_portal.neighbours import Away, Refused

router = APIRouter(include_in_schema=False)

SHOWN = ("draft", "published", "postponed", "cancelled", "archived")
AWAY = "The booking desk does not answer just now. What you typed is kept; press again in a minute."


class Drafted(BaseModel):
    """What the new event is called by."""

    learning_event_id: UUID


@router.get("/coordinate/events")
async def listed(
    desk: AtDesk, viewer: Coordinator, state: str = "", text: str = "", after: str = ""
) -> Response:
    """Every event in whatever state, the newest first."""
    del viewer
    asked = {"limit": "50"} | ({"state": state} if state in SHOWN else {})
    asked |= {"text": text.strip()[:200]} if text.strip() else {}
    path = f"/coordinator/learning-events?{urlencode(asked)}{after_of(after)}"
    found = await or_none(desk.services.bookings, path, EventLines)
    context = {
        "area": "coordinate_events",
        "events": found,
        "state": state,
        "states": SHOWN,
        "form": Form(values={"text": text}),
    }
    return desk.pages.page("coordinate/events.html", context)


@router.get("/coordinate/events/new")
async def new(desk: AtDesk, viewer: Coordinator) -> Response:
    """An empty form."""
    del viewer
    return await _form(desk, Form(values={"mode": "in_person", "level": "introductory"}))


@router.post("/coordinate/events/new")
async def create(desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Write it down as a draft, or show what is wrong with all that was typed."""
    del viewer
    form = Form(form.key, {name: form.value(name) for name in (*FIELDS, "publish")})
    if not form.value("title"):
        wrong = Form(form.key, form.values, {"title": "Enter what the event is called"})
        return await _form(desk, wrong, status=422)
    body = words_of(form.values) | {"sessions": [first_session(form.values)]}
    if form.value("publish"):
        body["publish"] = True
    try:
        made = await desk.services.bookings.send(
            "/learning-events", body, key=form.key, shape=Drafted
        )
    except Away:
        return await _form(desk, Form(form.key, form.values, trouble=AWAY), status=503)
    except Refused as no:
        return await _form(desk, refused(form, no.refusal), status=no.refusal.status)
    return RedirectResponse(f"/coordinate/events/{made.learning_event_id}", 303)


async def _form(desk: Desk, form: Form, *, status: int = 200) -> Response:
    lists = await desk.lists.vocabulary()
    context = {
        "area": "coordinate_events",
        "within": True,
        "form": form,
        "types": terms(EVENT_TYPES),
        "audiences": terms(AUDIENCES),
        "levels": terms(LEVELS),
        "modes": terms(MODES),
        "workstreams": lists.workstreams if lists else [],
    }
    return desk.pages.page("coordinate/new_event.html", context, status=status)
