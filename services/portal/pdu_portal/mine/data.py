"""What is known of me: a copy of it, what I agreed to, closing the account, being forgotten."""

from uuid import UUID

import structlog
from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.mine.rights_shapes import Archive, Consents, RightsRequest
from pdu_portal.neighbours import NotThere, Refused
from pdu_portal.passing_on import pass_on
from pdu_portal.signed_in import OwnForm, SignedIn

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

WORDS = {"forget": "forget me", "close": "close my account"}
"""What is typed before something that cannot be undone."""


@router.get("/me/data")
async def my_data(_: SignedIn, desk: AtDesk) -> Response:
    """Show what can be asked for."""
    return await _page(desk)


@router.post("/me/data")
async def ask_for_copy(form: OwnForm, desk: AtDesk) -> Response:
    """Ask for a copy of everything. One that is being made already is the answer."""
    return await _ask(desk, form, "access")


@router.post("/me/data/consents")
async def take_back(form: OwnForm, desk: AtDesk) -> Response:
    """Take a consent back. Nobody asks why."""
    purpose = form.value("purpose")
    agreed = await desk.services.resources.read("/consents", Consents)
    if purpose not in {one.purpose for one in agreed.items}:
        raise NotThere("resources")
    await desk.services.resources.delete(f"/consents/{purpose}")
    log.info("consent taken back", purpose=purpose)
    return RedirectResponse("/me/data#agreed", 303)


@router.get("/me/data/requests/{request_id}")
async def request(request_id: UUID, _: SignedIn, desk: AtDesk) -> Response:
    """Show how a request stands."""
    path = f"/rights-requests/{request_id}"
    found = await desk.services.resources.read(path, RightsRequest)
    context = {"area": "me", "within": True, "request": found, "trouble": "", "private": True}
    return desk.pages.page("mine/request.html", context)


@router.post("/me/data/requests/{request_id}")
async def take_copy(request_id: UUID, _: OwnForm, desk: AtDesk) -> Response:
    """Hand over the copy. Its link is made and used up here, so it is in no history."""
    path = f"/rights-requests/{request_id}"
    try:
        made = await desk.services.resources.send(f"{path}/link", {}, key="", shape=Archive)
    except Refused as no:
        found = await desk.services.resources.read(path, RightsRequest)
        told = no.refusal.detail or no.refusal.title
        context = {"area": "me", "request": found, "trouble": told, "private": True}
        return desk.pages.page("mine/request.html", context, status=no.refusal.status)
    log.info("copy handed over", request_id=str(request_id))
    return await pass_on(desk.everybodys.resources, made.path, called="my-data.zip")


@router.get("/me/data/{wish}")
async def think(wish: str, _: SignedIn, desk: AtDesk) -> Response:
    """Say what it means, before it is done."""
    return _confirm(desk, wish, Form())


@router.post("/me/data/{wish}")
async def do_it(wish: str, form: OwnForm, desk: AtDesk) -> Response:
    """Do it, once the words are typed."""
    words = WORDS.get(wish, "")
    if words and form.value("words").strip().strip(".").casefold() != words:
        wrong = {"words": f"Type the words: {words}"}
        return _confirm(desk, wish, Form(values=form.values, errors=wrong), status=422)
    if wish == "forget":
        return await _ask(desk, form, "erasure")
    if wish != "close":
        raise NotThere("resources")
    await desk.services.resources.delete("/members/me")
    log.info("account closed")
    answer = RedirectResponse("/me/closed", 303)
    desk.jar.forget(answer)
    return answer


@router.get("/me/closed")
async def closed(desk: AtDesk) -> Response:
    """Say good-bye."""
    return desk.pages.page("mine/closed.html", {})


async def _ask(desk: Desk, form: Form, kind: str) -> Response:
    try:
        asked = await desk.services.resources.send(
            "/rights-requests", {"kind": kind}, key=form.once, shape=RightsRequest
        )
    except Refused as no:
        trouble = no.refusal.detail or no.refusal.title
        return await _page(desk, trouble=trouble, status=no.refusal.status)
    log.info("right asked for", kind=kind, request_id=str(asked.request_id))
    return RedirectResponse(f"/me/data/requests/{asked.request_id}", 303)


async def _page(desk: Desk, *, trouble: str = "", status: int = 200) -> Response:
    agreed = await or_none(desk.services.resources, "/consents", Consents)
    context = {"area": "me", "within": True, "agreed": agreed, "trouble": trouble}
    return desk.pages.page("mine/data.html", {**context, "private": True}, status=status)


def _confirm(desk: Desk, wish: str, form: Form, *, status: int = 200) -> Response:
    if wish not in WORDS:
        raise NotThere("resources")
    context = {"area": "me", "within": True, "wish": wish, "words": WORDS[wish], "form": form}
    return desk.pages.page("mine/confirm.html", {**context, "private": True}, status=status)
