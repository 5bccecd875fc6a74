"""One booking of whoever has signed in: what they could do with the link of its letter."""

from uuid import UUID

import structlog
from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pdu_portal.booking_form import CHOSEN, SESSIONS
from pdu_portal.booking_shapes import ManagedBooking
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.manage import CHOOSE, WISHES, Done
from pdu_portal.neighbours import NotThere, Refused
from pdu_portal.signed_in import OwnForm, SignedIn

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()


@router.get("/me/bookings/{booking_id}")
async def booking(booking_id: UUID, _: SignedIn, desk: AtDesk) -> Response:
    """Where a booking stands, and what can be done about it."""
    return await _page(desk, booking_id)


@router.post("/me/bookings/{booking_id}")
async def change(booking_id: UUID, form: OwnForm, desk: AtDesk) -> Response:
    """Do what a button says. Pressed twice it is done once."""
    path, wish = f"/bookings/{booking_id}", form.value("wish") or "cancel"
    if wish != CHOOSE and wish not in WISHES:
        raise NotThere("bookings")
    try:
        if wish == CHOOSE:
            chosen = sorted(said for name, said in form.values.items() if name.startswith(CHOSEN))
            await desk.services.bookings.put(f"{path}/sessions", {SESSIONS: chosen}, shape=Done)
        else:
            address, body = WISHES[wish]
            await desk.services.bookings.send(f"{path}/{address}", body, key=form.once, shape=Done)
    except Refused as no:
        trouble = no.refusal.detail or no.refusal.title
        return await _page(desk, booking_id, trouble=trouble, status=no.refusal.status)
    log.info("booking changed", booking_id=str(booking_id), wish=wish)
    return RedirectResponse(f"/me{path}", 303)


async def _page(desk: Desk, booking_id: UUID, *, trouble: str = "", status: int = 200) -> Response:
    found = await desk.services.bookings.read(f"/bookings/{booking_id}", ManagedBooking)
    context = {"area": "me", "within": True, "booking": found, "trouble": trouble}
    own = {"own": True, "private": True}
    return desk.pages.page("manage.html", {**context, **own}, status=status)
