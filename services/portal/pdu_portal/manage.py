"""One booking by the link in its letter: to see it, and to give the place back."""

import re
from uuid import uuid4

import structlog
from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.desk import AtDesk
from pdu_portal.neighbours import NotThere, Refused
from pdu_portal.shapes import ManagedBooking

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

TOKEN = re.compile(r"[A-Za-z0-9._~-]{8,512}")


class Cancelled(BaseModel):
    """That a booking was cancelled; the page asks anew for what it shows."""


@router.get("/b/{token}")
async def manage(token: str, desk: AtDesk) -> Response:
    """Show the booking. Mail scanners open links, so looking changes nothing."""
    booking = await desk.services.bookings.read(f"/b/{_token(token)}", ManagedBooking)
    context = {"booking": booking, "trouble": "", "private": True}
    return desk.pages.page("manage.html", context)


@router.post("/b/{token}")
async def cancel(token: str, desk: AtDesk) -> Response:
    """Give the place back; the page that follows says so."""
    path = f"/b/{_token(token)}"
    try:
        key = str(uuid4())
        await desk.services.bookings.send(f"{path}/cancellation", {}, key=key, shape=Cancelled)
    except Refused as no:
        booking = await desk.services.bookings.read(path, ManagedBooking)
        trouble = no.refusal.detail or no.refusal.title
        context = {"booking": booking, "trouble": trouble, "private": True}
        return desk.pages.page("manage.html", context, status=no.refusal.status)
    log.info("place given back")
    return RedirectResponse(path, 303)


def _token(token: str) -> str:
    # Only what can be a token goes into an address of ours.
    if not TOKEN.fullmatch(token) or set(token) <= {"."}:
        raise NotThere("bookings")
    return token
