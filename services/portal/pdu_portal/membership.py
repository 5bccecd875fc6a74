"""One membership of a community by the link in its letter: to accept it, take a break, or leave."""

from collections.abc import Mapping

import structlog
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from pdu_portal.booking_form import CHOICES, described, wrong_choices, wrong_text
from pdu_portal.community_shapes import Membership
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form, typed
from pdu_portal.link import token_of
from pdu_portal.neighbours import Refused
from pdu_portal.shapes import Vocabulary

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

FIELDS = ("organisation", *(one.name for one in CHOICES), "shares_name")
STATES = {"active", "on_break", "left"}


@router.get("/m/{token}")
async def show(token: str, desk: AtDesk) -> Response:
    """Show the membership. Mail scanners open links, so looking changes nothing."""
    return await _page(desk, f"/m/{token_of(token)}", Form())


@router.post("/m/{token}")
async def change(token: str, request: Request, desk: AtDesk) -> Response:
    """Do what the pressed button says; the page that follows shows it."""
    path = f"/m/{token_of(token)}"
    sent = await typed(request)
    vocabulary = await desk.lists.vocabulary()
    form = _read(sent, vocabulary)
    wanted = sent.get("become", "")
    if wanted == "member" and form.errors:
        return await _page(desk, path, form, status=422)
    try:
        await _ask(desk, path, wanted, form, vocabulary)
    except Refused as no:
        trouble = no.refusal.detail or no.refusal.title
        refused = Form(form.key, form.values, trouble=trouble)
        return await _page(desk, path, refused, status=no.refusal.status)
    return RedirectResponse(path, 303)


async def _ask(
    desk: Desk, path: str, wanted: str, form: Form, vocabulary: Vocabulary | None
) -> None:
    bookings = desk.services.bookings
    shares_name = form.value("shares_name") == "yes"
    if wanted == "member":
        accepted = {**described(form, vocabulary), "shares_name": shares_name}
        await bookings.send(f"{path}/acceptance", accepted, key=form.key, shape=Membership)
        log.info("invitation accepted")
    elif wanted == "seen":
        await bookings.put(f"{path}/sharing", {"shares_name": shares_name}, shape=Membership)
    elif wanted in STATES:
        await bookings.put(f"{path}/state", {"state": wanted}, shape=Membership)
        log.info("membership changed", state=wanted)


def _read(sent: Mapping[str, str], vocabulary: Vocabulary | None) -> Form:
    values = {name: sent.get(name, "").strip() for name in FIELDS}
    found = {
        "organisation": wrong_text(values["organisation"]),
        **wrong_choices(values, vocabulary),
    }
    return Form(values=values, errors={name: words for name, words in found.items() if words})


async def _page(desk: Desk, path: str, form: Form, *, status: int = 200) -> Response:
    membership = await desk.services.bookings.read(path, Membership)
    lists = await desk.lists.vocabulary()
    context = {"membership": membership, "form": form, "lists": lists, "private": True}
    return desk.pages.page("membership.html", context, status=status)
