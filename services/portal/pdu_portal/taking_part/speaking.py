"""Offering to speak, or to facilitate."""

import structlog
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from pdu_portal.booking_form import EMAIL, ENTER_EMAIL, ENTER_NAME, wrong_text
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form, key_of, typed
from pdu_portal.neighbours import Away, Refused
from pdu_portal.shapes import Term
from pdu_portal.taking_part.shapes import OfferReceived

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

FIELDS = ("name", "email", "organisation", "role", "offer")
ROLES = [
    Term(code="speaker", label="Speak"),
    Term(code="facilitator", label="Facilitate"),
    Term(code="co_facilitator", label="Facilitate together with somebody"),
    Term(code="panel", label="Be one of several on a panel"),
    Term(code="chair", label="Chair"),
]
LONGEST = 4000
DESK_AWAY = (
    "The booking desk does not answer just now. What you typed is kept; "
    "press the button again in a minute. It will not be sent twice."
)


@router.get("/speak")
async def speak(desk: AtDesk) -> Response:
    """Ask what somebody would like to share."""
    return _page(desk, Form())


@router.post("/speak")
async def offer(request: Request, desk: AtDesk) -> Response:
    """Send it on, or show the form again with what is wrong and all that was typed."""
    sent = await typed(request)
    values = {name: sent.get(name, "").strip() for name in FIELDS}
    form = Form(key_of(sent), values, _wrong(values))
    if form.errors:
        return _page(desk, form, status=422)
    body = {name: said.replace("\r\n", "\n") for name, said in values.items() if said}
    try:
        bookings = desk.services.bookings
        await bookings.send("/speaker-offers", body, key=form.key, shape=OfferReceived)
    except Away:
        return _page(desk, Form(form.key, values, trouble=DESK_AWAY), status=503)
    except Refused as no:
        told = {one.pointer.strip("/"): one.detail for one in no.refusal.errors}
        known = {name: words for name, words in told.items() if name in FIELDS}
        trouble = "" if known else no.refusal.detail or no.refusal.title
        refused = Form(values=values, errors=known, trouble=trouble)
        return _page(desk, refused, status=no.refusal.status)
    log.info("offer to speak sent")
    return RedirectResponse("/speak/thanks", 303)


@router.get("/speak/thanks")
async def thanks(desk: AtDesk) -> Response:
    """Say what happens next."""
    return desk.pages.page("taking_part/speak_thanks.html", {})


def _wrong(values: dict[str, str]) -> dict[str, str]:
    found = {
        "name": wrong_text(values["name"]) if values["name"] else ENTER_NAME,
        "email": "" if EMAIL.fullmatch(values["email"]) else ENTER_EMAIL,
        "organisation": wrong_text(values["organisation"]),
        "role": "" if values["role"] in {one.code for one in ROLES} else "Choose how",
        "offer": ""
        if 0 < len(values["offer"]) <= LONGEST
        else "Tell us in a few words what you would like to share",
    }
    return {name: words for name, words in found.items() if words}


def _page(desk: Desk, form: Form, *, status: int = 200) -> Response:
    return desk.pages.page("taking_part/speak.html", {"form": form, "roles": ROLES}, status=status)
