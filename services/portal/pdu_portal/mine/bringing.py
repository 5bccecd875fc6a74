"""Bringing something for the library, and what became of what one brought."""

import structlog
from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.library_shapes import TYPES
from pdu_portal.neighbours import Away, Refused
from pdu_portal.signed_in import OwnForm, SignedIn

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

FIELDS = ("type", "title", "summary", "link", "body", "workstream", "credit")
MISSING = {
    "type": "Choose what it is",
    "title": "Enter what it is called",
    "summary": "Say in a sentence or two what it is good for",
}
WORDS = {
    "link": "Enter an address that begins with https://",
    "title": "Use no more than 200 letters, and no address or telephone number",
    "summary": "Use no more than 600 letters",
    "workstream": "Choose a theme from the list, or leave it open",
}
STATES = {
    "submitted": "Somebody will read it",
    "declined": "It was not taken this time",
    "draft": "It was taken, and is being prepared",
    "published": "It is in the library",
    "archived": "It was put aside",
}
HUB_AWAY = "The hub does not answer just now. What you typed is kept; try again in a minute."


class Brought(BaseModel):
    """Something that I brought."""

    item_key: str
    title: str
    state: str


class AllBrought(BaseModel):
    """All that I brought, the newest first."""

    items: list[Brought] = []


class Kept(BaseModel):
    """That it arrived."""


@router.get("/submit")
async def ask(_: SignedIn, desk: AtDesk, brought: str = "") -> Response:
    """The form, and what became of what was brought before."""
    return await _page(desk, Form(), brought=bool(brought))


@router.post("/submit")
async def bring(form: OwnForm, desk: AtDesk) -> Response:
    """Send it to whoever looks after the library. Twice is once."""
    values = {name: form.value(name).replace("\r\n", "\n").strip() for name in FIELDS}
    wrong = {name: words for name, words in MISSING.items() if not values[name]}
    if values["type"] and values["type"] not in TYPES:
        wrong["type"] = MISSING["type"]
    if wrong:
        return await _page(desk, Form(values=values, errors=wrong), status=422)
    body: dict[str, object] = {name: said for name, said in values.items() if said}
    if stream := body.pop("workstream", None):
        body["workstreams"] = [stream]
    try:
        await desk.services.resources.send("/submissions", body, key=form.once, shape=Kept)
    except Away:
        return await _page(desk, Form(values=values, trouble=HUB_AWAY), status=503)
    except Refused as no:
        return await _page(desk, _refused(values, no), status=no.refusal.status)
    log.info("brought for the library")
    return RedirectResponse("/submit?brought=yes", 303)


def _refused(values: dict[str, str], no: Refused) -> Form:
    errors: dict[str, str] = {}
    for wrong in no.refusal.errors:
        name = wrong.pointer.strip("/").partition("/")[0].replace("workstreams", "workstream")
        if name in FIELDS:
            errors[name] = WORDS.get(name) or wrong.detail
    trouble = "" if errors else no.refusal.detail or no.refusal.title
    return Form(values=values, errors=errors, trouble=trouble)


async def _page(desk: Desk, form: Form, *, brought: bool = False, status: int = 200) -> Response:
    lists = await desk.lists.vocabulary()
    context = {
        "area": "library",
        "within": True,
        "form": form,
        "types": [{"value": code, "text": label} for code, label in TYPES.items()],
        "themes": lists.workstreams if lists else [],
        "mine": await or_none(desk.services.resources, "/submissions/mine", AllBrought),
        "states": STATES,
        "brought": brought,
        "private": True,
    }
    return desk.pages.page("mine/bring.html", context, status=status)
