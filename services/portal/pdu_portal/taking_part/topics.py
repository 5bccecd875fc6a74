"""What people would like to learn about: saying so, seeing what became of it, backing it."""

from uuid import UUID

import structlog
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.booking_form import EMAIL, ENTER_EMAIL, wrong_text
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form, key_of, typed
from pdu_portal.link import token_of
from pdu_portal.mine.shapes import Done
from pdu_portal.neighbours import Away, Refused
from pdu_portal.signed_in import OwnForm
from pdu_portal.taking_part.shapes import Received, Status, Topics

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

FIELDS = ("text", "workstream", "name", "email")
LONGEST = 4000
DESK_AWAY = (
    "The booking desk does not answer just now. What you typed is kept; "
    "press the button again in a minute. It will not be sent twice."
)


@router.get("/suggest")
async def suggest(desk: AtDesk, after: str = "", backed: str = "") -> Response:
    """Ask what it is, beside what others said."""
    return await _page(desk, Form(), after=after, backed=bool(backed))


@router.post("/suggest")
async def send(request: Request, desk: AtDesk) -> Response:
    """Send it on, or show the form again with what is wrong and all that was typed."""
    sent = await typed(request)
    values = {name: sent.get(name, "").strip() for name in FIELDS}
    errors = _wrong(values)
    form = Form(key_of(sent), values, errors)
    if errors:
        return await _page(desk, form, status=422)
    body: dict[str, object] = {"text": values["text"].replace("\r\n", "\n")}
    body |= {"workstream": values["workstream"]} if values["workstream"] else {}
    if values["email"]:
        body["reply_to"] = {"name": values["name"], "email": values["email"]}
    try:
        bookings = desk.services.bookings
        received = await bookings.send("/topics", body, key=form.key, shape=Received)
    except Away:
        return await _page(desk, Form(form.key, values, trouble=DESK_AWAY), status=503)
    except Refused as no:
        told = {one.pointer.strip("/").rpartition("/")[2]: one.detail for one in no.refusal.errors}
        known = {name: words for name, words in told.items() if name in FIELDS}
        trouble = "" if known else no.refusal.detail or no.refusal.title
        refused = Form(values=values, errors=known, trouble=trouble)
        return await _page(desk, refused, status=no.refusal.status)
    log.info("topic suggested")
    return RedirectResponse(f"/t/{token_of(received.token)}", 303)


@router.post("/suggest/{topic_id}")
async def back(topic_id: UUID, _: OwnForm, desk: AtDesk) -> Response:
    """Say that I would come, too. Twice is once."""
    await desk.services.bookings.put(f"/topics/{topic_id}/backing", {}, shape=Done)
    return RedirectResponse("/suggest?backed=yes", 303)


@router.get("/t/{token}")
async def status(token: str, desk: AtDesk) -> Response:
    """What became of a topic, for whoever has its link."""
    found = await desk.everybodys.bookings.read(f"/t/{token_of(token)}", Status)
    return desk.pages.page("taking_part/topic.html", {"topic": found, "private": True})


def _wrong(values: dict[str, str]) -> dict[str, str]:
    name = values["name"] or ("" if not values["email"] else "missing")
    found = {
        "text": ""
        if 0 < len(values["text"]) <= LONGEST
        else "Tell us in a few words what you would like to learn about",
        "name": "Enter your name, so that we know whom to answer"
        if name == "missing"
        else wrong_text(values["name"]),
        "email": ENTER_EMAIL if values["email"] and not EMAIL.fullmatch(values["email"]) else "",
    }
    return {name: words for name, words in found.items() if words}


async def _page(
    desk: Desk, form: Form, *, after: str = "", backed: bool = False, status: int = 200
) -> Response:
    try:
        begins = f"&after={UUID(after)}"
    except ValueError:
        begins = ""
    lists = await desk.lists.vocabulary()
    context = {
        "form": form,
        "topics": await or_none(desk.services.bookings, f"/topics?limit=20{begins}", Topics),
        "streams": lists.workstreams if lists else [],
        "backed": backed,
    }
    return desk.pages.page("taking_part/suggest.html", context, status=status)
