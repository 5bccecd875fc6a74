"""Whether a manager hears that somebody came: agreed, changed and taken back by their own link."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Path, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.booking_form import wrong_email, wrong_text
from pdu_portal.booking_shapes import ManagedBooking
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form, typed
from pdu_portal.neighbours import Refused

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

Token = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{8,512}$")]

FIELDS = ("manager_name", "manager_email", "plans")
WORDS = {
    "manager_name": "Enter the name of your manager",
    "own-address": "This is your own address. Enter that of your manager",
}


class Told(BaseModel):
    """What a manager hears of a booking; empty where nobody does."""

    manager_name: str | None = None
    manager_email: str | None = None
    plans: str | None = None


@router.get("/b/{token}/manager")
async def ask(token: Token, desk: AtDesk, said: str = "") -> Response:
    """Who hears of it, if somebody does, and the form to say so. Looking changes nothing."""
    told = await desk.services.bookings.read(f"/b/{token}/manager", Told)
    values = {name: getattr(told, name) or "" for name in FIELDS}
    return await _page(desk, token, Form(values=values), told, said=said)


@router.post("/b/{token}/manager")
async def tell(token: Token, request: Request, desk: AtDesk) -> Response:
    """Agree that a manager hears of it, or take that back. Twice is once."""
    path, sent = f"/b/{token}/manager", await typed(request)
    if sent.get("wish") == "nobody":
        await desk.services.bookings.delete(path)
        log.info("manager hears nothing")
        return RedirectResponse(f"{path}?said=nobody", 303)
    form = _read({name: sent.get(name, "").strip() for name in FIELDS})
    if not form.errors:
        try:
            body = {name: form.value(name) or None for name in FIELDS}
            await desk.services.bookings.put(path, body, shape=Told)
        except Refused as no:
            form = _refused(form, no)
        else:
            log.info("manager hears of it")
            return RedirectResponse(f"{path}?said=yes", 303)
    told = await desk.services.bookings.read(path, Told)
    return await _page(desk, token, form, told, status=422)


def _read(values: dict[str, str]) -> Form:
    found = {
        "manager_name": wrong_text(values["manager_name"])
        if values["manager_name"]
        else WORDS["manager_name"],
        "manager_email": wrong_email(values["manager_email"]),
        "plans": wrong_text(values["plans"]),
    }
    return Form(values=values, errors={name: words for name, words in found.items() if words})


def _refused(form: Form, no: Refused) -> Form:
    errors = {
        name: WORDS.get(wrong.code) or wrong.detail
        for wrong in no.refusal.errors
        if (name := wrong.pointer.strip("/")) in FIELDS
    }
    trouble = "" if errors else no.refusal.detail or no.refusal.title
    return Form(values=form.values, errors=errors, trouble=trouble)


async def _page(  # noqa: PLR0913 - what the page shows
    desk: Desk, token: str, form: Form, told: Told, *, said: str = "", status: int = 200
) -> Response:
    booking = await desk.services.bookings.read(f"/b/{token}", ManagedBooking)
    context = {"booking": booking, "token": token, "form": form, "told": told, "said": said}
    return desk.pages.page("manager.html", {**context, "private": True}, status=status)
