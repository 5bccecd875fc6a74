"""The quotes bank: words with consent to quote them, attributed by role, approved before use."""

import asyncio
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.coding.room import PAGE, WAYS, YES, Coder, ticked
from pdu_portal.coding.shapes import CodeBook, Quote, Quotes
from pdu_portal.coordinate.room import DeskForm, Done, after_of, tried
from pdu_portal.coordinate.shapes import terms
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.neighbours import NotThere

router = APIRouter(include_in_schema=False)

BANK = f"{PAGE}/quotes"
SOURCES = {
    "survey_respondent": "Somebody who answered a survey",
    "interviewee": "Somebody in an interview",
    "focus_group_participant": "Somebody in a group",
    "steering_group_member": "A member of the steering group",
    "board_member": "A member of a board",
    "beneficiary_ambassador": "An ambassador",
    "expert_by_experience": "An expert by experience",
}


@router.get(BANK)
async def quotes(desk: AtDesk, viewer: Coder, only: str = "", after: str = "") -> Response:
    """All of them, or those that wait for somebody to approve them."""
    return await _page(desk, Form(), may_approve=viewer.has("coordinator"), only=only, after=after)


@router.post(BANK)
async def enter(desk: AtDesk, viewer: Coder, form: DeskForm) -> Response:
    """Enter what somebody said in an interview or a group."""
    errors = {} if form.value("said") else {"said": "Enter the words to quote"}
    if form.value("source_type") not in SOURCES:
        errors["source_type"] = "Choose who said it"
    if form.value("agreed") != YES:
        errors["agreed"] = "Tick the box if they agreed. Without that nobody is quoted"
    may_approve = viewer.has("coordinator")
    if errors:
        wrong = Form(form.key, form.values, errors)
        return await _page(desk, wrong, may_approve=may_approve, status=422)
    body: dict[str, object] = {
        "said": form.value("said"),
        "source_type": form.value("source_type"),
        "agreed": True,
        "themes": ticked(form.values, "theme"),
    }
    doing = desk.services.resources.send("/quotes", body, key=form.once, shape=Quote)
    trouble = await tried(doing, form)
    if trouble:
        return await _page(desk, trouble, may_approve=may_approve, status=422)
    return RedirectResponse(BANK, 303)


@router.post(BANK + "/{quote_id}")
async def decide(quote_id: UUID, desk: AtDesk, viewer: Coder, form: DeskForm) -> Response:
    """Approve a quote, or use it no more."""
    steps = {"approve": "approval", "withdraw": "withdrawal"}
    step = steps.get(form.value("what"))
    if step is None:
        raise NotThere("resources")
    path = f"/quotes/{quote_id}/{step}"
    trouble = await tried(desk.services.resources.put(path, {}, shape=Done), form)
    if trouble:
        return await _page(desk, trouble, may_approve=viewer.has("coordinator"), status=422)
    return RedirectResponse(BANK, 303)


async def _page(  # noqa: PLR0913 - one page, many ways to it
    desk: Desk,
    form: Form,
    *,
    may_approve: bool,
    only: str = "",
    after: str = "",
    status: int = 200,
) -> Response:
    hub = desk.services.resources
    asked = "&approved=false" if only == "waiting" else ""
    found, book = await asyncio.gather(
        or_none(hub, f"/quotes?limit=20{asked}{after_of(after)}", Quotes),
        or_none(hub, "/themes", CodeBook),
    )
    context = {
        "area": "coding",
        "within": True,
        "private": True,
        "ways": WAYS,
        "view": "quotes",
        "quotes": found,
        "only": only if asked else "",
        "words": book.words if book else {},
        "offered": [(f"theme:{one.code}", one.label) for one in book.in_use] if book else [],
        "sources": terms(SOURCES),
        "called": SOURCES,
        "may_approve": may_approve,
        "form": form,
        "at": BANK,
        "yes": YES,
    }
    return desk.pages.page("coding/quotes.html", context, status=status)
