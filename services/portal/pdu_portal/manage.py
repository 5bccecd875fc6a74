"""One booking by the link in its letter: to see it, give the place back, answer an offer."""

from uuid import uuid4

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.booking_form import CHOSEN, SESSIONS
from pdu_portal.booking_shapes import ManagedBooking
from pdu_portal.desk import AtDesk
from pdu_portal.form import typed
from pdu_portal.link import token_of
from pdu_portal.neighbours import NotThere, Refused

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()


WISHES = {
    "cancel": ("cancellation", {}),
    "accept": ("offer", {"accept": True}),
    "decline": ("offer", {"accept": False}),
}
"""What the buttons of the page ask for: the end of the address, and what is sent there."""


CHOOSE = "choose"
"""Another of the sessions that are at the same time."""


class Done(BaseModel):
    """That it was done; the page asks anew for what it shows."""


@router.get("/b/{token}")
async def manage(token: str, desk: AtDesk) -> Response:
    """Show the booking. Mail scanners open links, so looking changes nothing."""
    booking = await desk.services.bookings.read(f"/b/{token_of(token)}", ManagedBooking)
    context = {"booking": booking, "token": token, "trouble": "", "private": True}
    return desk.pages.page("manage.html", context)


@router.post("/b/{token}")
async def change(token: str, request: Request, desk: AtDesk) -> Response:
    """Do what a button says; the page that follows shows how the booking stands then."""
    path = f"/b/{token_of(token)}"
    sent = await typed(request)
    wish = sent.get("wish", "cancel")
    if wish != CHOOSE and wish not in WISHES:
        raise NotThere("bookings")
    try:
        if wish == CHOOSE:
            chosen = sorted(said for name, said in sent.items() if name.startswith(CHOSEN))
            await desk.services.bookings.put(f"{path}/sessions", {SESSIONS: chosen}, shape=Done)
        else:
            address, body = WISHES[wish]
            key = str(uuid4())
            await desk.services.bookings.send(f"{path}/{address}", body, key=key, shape=Done)
    except Refused as no:
        booking = await desk.services.bookings.read(path, ManagedBooking)
        trouble = no.refusal.detail or no.refusal.title
        context = {"booking": booking, "token": token, "trouble": trouble, "private": True}
        return desk.pages.page("manage.html", context, status=no.refusal.status)
    log.info("booking changed", wish=wish)
    return RedirectResponse(path, 303)
