"""My details: who I am for bookings and figures, from today on."""

from collections.abc import Mapping

import structlog
from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pdu_portal.booking_form import (
    CHOICES,
    ENTER_NAME,
    described,
    with_refusal,
    wrong_choices,
    wrong_text,
)
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.mine.rights_shapes import Profile
from pdu_portal.neighbours import Away, Refused
from pdu_portal.signed_in import OwnForm, SignedIn

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

PATH = "/members/me"
FIELDS = ("name", "organisation", "tag", *(one.name for one in CHOICES))
CHANGED_MEANWHILE = 412
MEANWHILE = "Your details were changed on another page meanwhile. Here they are; change them again."
HUB_AWAY = (
    "The hub does not answer just now. What you typed is kept; press the button again in a minute."
)


@router.get("/me/profile")
async def profile(_: SignedIn, desk: AtDesk, saved: str = "") -> Response:
    """Show my details."""
    return await _page(desk, await _kept(desk), saved=bool(saved))


@router.post("/me/profile")
async def change(form: OwnForm, desk: AtDesk) -> Response:
    """Keep them, or show the form again with what is wrong and all that was typed."""
    vocabulary = await desk.lists.vocabulary()
    values = {name: form.value(name).strip() for name in FIELDS}
    found = {**_wrong(values), **wrong_choices(values, vocabulary)}
    errors = {name: words for name, words in found.items() if words}
    if errors:
        return await _page(desk, Form(values=values, errors=errors), status=422)
    said = {"name": values["name"], "organisation": None}
    body = {**said, **described(Form(values=values), vocabulary)}
    try:
        await desk.services.resources.patch(PATH, body, shape=Profile, tag=values["tag"])
    except Away:
        return await _page(desk, Form(values=values, trouble=HUB_AWAY), status=503)
    except Refused as no:
        if no.refusal.status == CHANGED_MEANWHILE:
            fresh = await _kept(desk)
            return await _page(desk, Form(values=fresh.values, trouble=MEANWHILE), status=412)
        refused = with_refusal(Form(values=values), no.refusal)
        return await _page(desk, refused, status=no.refusal.status)
    log.info("profile changed")
    return RedirectResponse("/me/profile?saved=yes", 303)


def _wrong(values: Mapping[str, str]) -> dict[str, str]:
    return {
        "name": wrong_text(values["name"]) if values["name"] else ENTER_NAME,
        "organisation": wrong_text(values["organisation"]),
    }


async def _kept(desk: Desk) -> Form:
    found, tag = await desk.services.resources.tagged(PATH, Profile)
    values = {name: str(getattr(found, name, "") or "") for name in FIELDS}
    return Form(values={**values, "tag": tag, "address": found.address})


async def _page(desk: Desk, form: Form, *, saved: bool = False, status: int = 200) -> Response:
    lists = await desk.lists.vocabulary()
    context = {"area": "me", "within": True, "form": form, "lists": lists, "saved": saved}
    return desk.pages.page("mine/profile.html", {**context, "private": True}, status=status)
