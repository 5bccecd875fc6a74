"""Which letters people get: asking for lists, choosing by the link in a letter, one click out."""

from collections.abc import Mapping
from typing import Literal

import structlog
from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form, key_of, typed
from pdu_portal.link import token_of
from pdu_portal.neighbours import Refused
from pdu_portal.shapes import Refusal, Term

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

LISTS = {
    "bulletin": ("The bulletin", "Once a month: what is on, what is new, what changed"),
    "opportunities": ("Upcoming learning", "Every fortnight: events you can book"),
    "alerts": ("New in the hub", "When there is something new about the topics you choose"),
    "after_events": ("Letters after events", "Slides, recordings and what is related"),
    "surveys": ("Surveys", "A few questions after an event, and some months later"),
}
"""How the pages name the lists, in this order."""
UNASKED = {"after_events", "surveys"}
LIST, TOPIC = "list_", "topic_"


class Offer(BaseModel):
    """What there is to subscribe to."""

    lists: list[str]
    topics: list[Term] = []
    words_version: int
    words: str


class AskedBack(BaseModel):
    """A letter asks back."""

    state: Literal["check_your_email"]


class OneList(BaseModel):
    """How a reader stands to one list."""

    list: str
    state: str | None = None
    since: AwareDatetime | None = None


class Preferences(BaseModel):
    """What a reader gets."""

    lists: list[OneList]
    topics: list[str] = []
    possible_topics: list[Term] = []

    @property
    def pending(self) -> bool:
        """Whether something waits to be confirmed."""
        return any(one.state == "pending_confirmation" for one in self.lists)


@router.get("/subscribe")
async def ask(desk: AtDesk, source: str = "") -> Response:
    """Show the form. No box is ticked beforehand."""
    return await _form(desk, Form(values={"source": source[:64]}))


@router.post("/subscribe")
async def subscribe(request: Request, desk: AtDesk) -> Response:
    """Ask for lists. What was typed stays when something is wrong with it."""
    sent = await typed(request)
    form = Form(key_of(sent), sent, errors=_missing(sent))
    if form.errors:
        return await _form(desk, form, status=422)
    body = {
        "email": sent["email"].strip(),
        "lists": chosen(sent, LIST),
        "topics": chosen(sent, TOPIC),
        "words_version": int(sent["wording"]) if sent.get("wording", "").isdecimal() else 0,
        "source": sent.get("source") or None,
    }
    try:
        await desk.services.notifications.send(
            "/subscriptions", body, key=form.key, shape=AskedBack
        )
    except Refused as no:
        return await _form(desk, _refused(form, no.refusal), status=no.refusal.status)
    log.info("lists asked for")
    return RedirectResponse("/subscribe/sent", 303)


@router.get("/subscribe/sent")
async def sent(desk: AtDesk) -> Response:
    """Say what happens next."""
    return desk.pages.page("subscribe_sent.html", {})


@router.get("/p/{token}")
async def preferences(token: str, desk: AtDesk, saved: str = "") -> Response:
    """Show what somebody gets. Mail scanners open links, so looking changes nothing."""
    return await _preferences(desk, f"/p/{token_of(token)}", saved=bool(saved))


@router.post("/p/{token}")
async def choose(token: str, request: Request, desk: AtDesk) -> Response:
    """Do what the pressed button says: confirm, save, or stop everything."""
    path = f"/p/{token_of(token)}"
    sent = await typed(request)
    wanted = sent.get("want", "")
    form = Form(key_of(sent), sent)
    notifications = desk.services.notifications
    try:
        if wanted == "confirm":
            await notifications.send(f"{path}/confirmation", {}, key=form.key, shape=Preferences)
        elif wanted in {"save", "nothing"}:
            lists = chosen(sent, LIST) if wanted == "save" else []
            wishes = {"lists": lists, "topics": chosen(sent, TOPIC)}
            await notifications.put(path, wishes, shape=Preferences)
    except Refused as no:
        trouble = no.refusal.detail or no.refusal.title
        return await _preferences(desk, path, trouble=trouble, status=no.refusal.status)
    # The word comes from outside and stands in no log.
    log.info("letters chosen")
    return RedirectResponse(f"{path}?saved=yes", 303)


@router.get("/u/{token}")
async def leaving(token: str, desk: AtDesk) -> Response:
    """Show which list the link would end, with a button."""
    found = await desk.services.notifications.read(f"/u/{token_of(token)}", OneList)
    return _ended(desk, found)


@router.post("/u/{token}")
async def leave(token: str, desk: AtDesk) -> Response:
    """End the list: pressed by a reader, or by their mail program, which needs no page."""
    path = f"/u/{token_of(token)}"
    found = await desk.services.notifications.send(path, {}, key=path, shape=OneList)
    log.info("list ended")
    return _ended(desk, found)


def chosen(sent: Mapping[str, str], prefix: str) -> list[str]:
    """The codes of the boxes that were ticked, of those whose names begin so."""
    return [name.removeprefix(prefix) for name in sent if name.startswith(prefix)]


def _missing(sent: Mapping[str, str]) -> dict[str, str]:
    found = {}
    if "@" not in sent.get("email", ""):
        found["email"] = "Enter your e-mail address, such as name@example.org"
    if not chosen(sent, LIST):
        found["lists"] = "Choose at least one kind of letter"
    return found


def _refused(form: Form, refusal: Refusal) -> Form:
    # A fault of one entry of a list is shown beside the list.
    parts = [(one.pointer.strip("/").partition("/")[0], one.detail) for one in refusal.errors]
    fields = {"email": "email", "lists": "lists", "topics": "lists"}
    errors = {fields[field]: words for field, words in parts if field in fields}
    trouble = "" if errors else refusal.detail or refusal.title
    # What was refused is remembered with its key: another try is another question.
    return Form(values=form.values, errors=errors, trouble=trouble)


async def _form(desk: Desk, form: Form, *, status: int = 200) -> Response:
    offer = await desk.services.notifications.read("/subscriptions/offer", Offer)
    lists = [(code, *LISTS[code]) for code in LISTS if code in offer.lists]
    context = {
        "form": form,
        "offer": offer,
        "lists": lists,
        "ticked_lists": chosen(form.values, LIST),
        "ticked_topics": chosen(form.values, TOPIC),
    }
    return desk.pages.page("subscribe.html", context, status=status)


async def _preferences(
    desk: Desk, path: str, *, saved: bool = False, trouble: str = "", status: int = 200
) -> Response:
    found = await desk.services.notifications.read(path, Preferences)
    known = {one.list: one for one in found.lists}
    context = {
        "found": found,
        "lists": [(code, *LISTS[code]) for code in LISTS if code in known],
        "ticked_lists": ticked(known),
        "form": Form(trouble=trouble),
        "saved": saved,
        "private": True,
    }
    return desk.pages.page("preferences.html", context, status=status)


def ticked(known: Mapping[str, OneList]) -> list[str]:
    """The lists that somebody gets: what nobody asks for comes to whoever did not say no to it."""
    return [
        code
        for code, one in known.items()
        if one.state == "active" or (one.state is None and code in UNASKED)
    ]


def _ended(desk: Desk, found: OneList) -> Response:
    name = LISTS.get(found.list, ("These letters", ""))[0]
    context = {"name": name, "gets_it": found.state == "active", "private": True}
    return desk.pages.page("leave_list.html", context)
