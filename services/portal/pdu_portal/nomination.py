"""The link of somebody who was nominated: the event, its form, and a way to say no."""

from uuid import uuid4

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.also_asked import also_asked
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.event import Ways, ask, show
from pdu_portal.event_shapes import LearningEvent
from pdu_portal.form import Form, typed
from pdu_portal.link import token_of

router = APIRouter(include_in_schema=False)


class Nomination(BaseModel):
    """A nomination, as its own link shows it."""

    state: str
    learning_event: LearningEvent


class Declined(BaseModel):
    """That somebody said no; the page asks anew for what it shows."""


@router.get("/n/{token}")
async def nomination_page(token: str, desk: AtDesk) -> Response:
    """Show the event. Mail scanners open links, so looking changes nothing."""
    nomination, ways = await _behind(desk, token)
    event = nomination.learning_event
    asked = await also_asked(desk, event.learning_event_id)
    return await show(desk, event, Form(), asked, ways)


@router.post("/n/{token}")
async def say_yes(token: str, request: Request, desk: AtDesk) -> Response:
    """Book, as anybody does."""
    nomination, ways = await _behind(desk, token)
    event = nomination.learning_event
    return await ask(desk, event.learning_event_id, await typed(request), ways)


@router.post("/n/{token}/refusal")
async def say_no(token: str, desk: AtDesk) -> Response:
    """Decline; the page that follows says so."""
    path = f"/n/{token_of(token)}"
    await desk.services.bookings.send(f"{path}/refusal", {}, key=str(uuid4()), shape=Declined)
    return RedirectResponse(path, 303)


async def _behind(desk: Desk, token: str) -> tuple[Nomination, Ways]:
    path = f"/n/{token_of(token)}"
    nomination = await desk.services.bookings.read(path, Nomination)
    return nomination, Ways(path, f"{path}/acceptance", nomination.state)
