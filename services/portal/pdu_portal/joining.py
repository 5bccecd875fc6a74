"""Joining the hub: an address, the code that was sent there, and who one is. No password."""

from collections.abc import Mapping
from uuid import UUID

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.booking_form import (
    CHOICES,
    EMAIL,
    ENTER_EMAIL,
    ENTER_NAME,
    LONGEST_EMAIL,
    described,
    with_refusal,
    wrong_choices,
    wrong_text,
)
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form, key_of, typed
from pdu_portal.neighbours import Away, Refused

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

ENTER_CODE = "Enter the digits that stand in the letter"
HUB_AWAY = (
    "The hub does not answer just now. What you typed is kept; press the button again in a minute."
)
FIELDS = ("code_id", "code", "name", "organisation", *(one.name for one in CHOICES))


class CodeSent(BaseModel):
    """A code is on its way."""

    code_id: UUID


class Registered(BaseModel):
    """There is an account now, or there was one already."""

    member_id: UUID | None = None


@router.get("/join")
async def join(desk: AtDesk) -> Response:
    """Ask for an address, and for nothing else yet."""
    return desk.pages.page("join.html", {"form": Form()})


@router.post("/join")
async def send_code(request: Request, desk: AtDesk) -> Response:
    """Have a code sent there, and ask for it, and who it is."""
    sent = await typed(request)
    email = sent.get("email", "").strip()
    if len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email):
        return _ask_address(desk, Form(key_of(sent), sent, {"email": ENTER_EMAIL}), status=422)
    form = Form(key_of(sent), {"email": email})
    try:
        code = await desk.services.resources.send(
            "/members/codes", {"email": email}, key=form.key, shape=CodeSent
        )
    except Away:
        return _ask_address(desk, Form(form.key, form.values, trouble=HUB_AWAY), status=503)
    except Refused as no:
        return _ask_address(desk, with_refusal(form, no.refusal), status=no.refusal.status)
    return await _ask_profile(desk, Form(values={"code_id": str(code.code_id)}))


@router.post("/join/profile")
async def register(request: Request, desk: AtDesk) -> Response:
    """Open the account, or show the form again with what is wrong and all that was typed."""
    sent = await typed(request)
    vocabulary = await desk.lists.vocabulary()
    values = {name: sent.get(name, "").strip() for name in FIELDS}
    wrong = {**_wrong(values), **wrong_choices(values, vocabulary)}
    form = Form(key_of(sent), values, {name: words for name, words in wrong.items() if words})
    if form.errors:
        return await _ask_profile(desk, form, status=422)
    body = {name: values[name] for name in ("code_id", "code", "name")}
    try:
        await desk.services.resources.send(
            "/members", {**body, **described(form, vocabulary)}, key=form.key, shape=Registered
        )
    except Away:
        kept = Form(form.key, values, trouble=HUB_AWAY)
        return await _ask_profile(desk, kept, status=503)
    except Refused as no:
        refused = with_refusal(form, no.refusal)
        return await _ask_profile(desk, refused, status=no.refusal.status)
    log.info("joined")
    return RedirectResponse("/joined", 303)


@router.get("/joined")
async def joined(desk: AtDesk) -> Response:
    """Say welcome, and where to go from here."""
    return desk.pages.page("joined.html", {})


def _wrong(values: Mapping[str, str]) -> dict[str, str]:
    digits = values["code"].replace(" ", "").replace("-", "")
    return {
        "code": "" if digits.isdecimal() and digits.isascii() else ENTER_CODE,
        "name": wrong_text(values["name"]) if values["name"] else ENTER_NAME,
        "organisation": wrong_text(values["organisation"]),
    }


def _ask_address(desk: Desk, form: Form, *, status: int) -> Response:
    return desk.pages.page("join.html", {"form": form}, status=status)


async def _ask_profile(desk: Desk, form: Form, *, status: int = 200) -> Response:
    lists = await desk.lists.vocabulary()
    return desk.pages.page("join_profile.html", {"form": form, "lists": lists}, status=status)
