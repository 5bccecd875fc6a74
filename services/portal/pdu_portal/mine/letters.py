"""Which letters I get, without a link from a letter."""

import structlog
from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.letters import LISTS, TOPIC, Preferences, chosen, ticked
from pdu_portal.neighbours import Refused
from pdu_portal.signed_in import OwnForm, SignedIn

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

PATH = "/own/preferences"


@router.get("/me/letters")
async def my_letters(_: SignedIn, desk: AtDesk, saved: str = "") -> Response:
    """Show what I get."""
    return await _page(desk, saved=bool(saved))


@router.post("/me/letters")
async def choose(form: OwnForm, desk: AtDesk) -> Response:
    """Keep what I want from now on; the other button stops everything."""
    lists = [] if form.value("want") == "nothing" else chosen(form.values, "list_")
    wishes = {"lists": lists, "topics": chosen(form.values, TOPIC)}
    try:
        await desk.services.notifications.put(PATH, wishes, shape=Preferences)
    except Refused as no:
        trouble = no.refusal.detail or no.refusal.title
        return await _page(desk, trouble=trouble, status=no.refusal.status)
    log.info("letters chosen", lists=len(lists))
    return RedirectResponse("/me/letters?saved=yes", 303)


async def _page(
    desk: Desk, *, saved: bool = False, trouble: str = "", status: int = 200
) -> Response:
    found = await desk.services.notifications.read(PATH, Preferences)
    known = {one.list: one for one in found.lists}
    context = {
        "area": "me",
        "within": True,
        "found": found,
        "lists": [(code, *LISTS[code]) for code in LISTS if code in known],
        "ticked_lists": ticked(known),
        "form": Form(trouble=trouble),
        "saved": saved,
        "private": True,
    }
    return desk.pages.page("mine/letters.html", context, status=status)
