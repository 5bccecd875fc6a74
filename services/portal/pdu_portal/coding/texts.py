"""What people wrote: read one at a time, given themes, and looked at by a second person."""

import asyncio
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.coding.answers import KEY
from pdu_portal.coding.quotes import SOURCES
from pdu_portal.coding.room import PAGE, WAYS, YES, Coder, boxes, ticked
from pdu_portal.coding.shapes import CodeBook, Quote, Text, Texts
from pdu_portal.coordinate.room import DeskForm, Done, after_of, tried
from pdu_portal.coordinate.shapes import terms
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form

router = APIRouter(include_in_schema=False)

VIEWS = {"waiting": "coded=false", "second": "second=false", "coded": "coded=true"}


@router.get(PAGE)
async def texts(
    desk: AtDesk, viewer: Coder, view: str = "", survey: str = "", after: str = ""
) -> Response:
    """Those that wait, those for a second coder, or those that have their themes."""
    del viewer
    view = view if view in VIEWS else "waiting"
    about = f"&survey_key={survey}" if KEY.fullmatch(survey) else ""
    path = f"/texts?limit=20&{VIEWS[view]}{about}{after_of(after)}"
    hub = desk.services.resources
    found, book = await asyncio.gather(or_none(hub, path, Texts), or_none(hub, "/themes", CodeBook))
    context = {
        "area": "coding",
        "private": True,
        "ways": WAYS,
        "view": view,
        "survey": survey if about else "",
        "texts": found,
        "words": book.words if book else {},
        "at": PAGE,
    }
    return desk.pages.page("coding/texts.html", context)


@router.get(PAGE + "/texts/{text_id}")
async def one(text_id: UUID, desk: AtDesk, viewer: Coder, view: str = "") -> Response:
    """One text with the themes that it can have."""
    del viewer
    return await _page(desk, text_id, view)


@router.post(PAGE + "/texts/{text_id}")
async def code(text_id: UUID, desk: AtDesk, viewer: Coder, form: DeskForm) -> Response:
    """Save its themes, as the first coder or as the second, and go on to the next one."""
    del viewer
    view = "second" if form.value("view") == "second" else "waiting"
    last = "second-themes" if view == "second" else "themes"
    body: dict[str, object] = {"themes": ticked(form.values, "theme")}
    path = f"/texts/{text_id}/{last}"
    trouble = await tried(desk.services.resources.put(path, body, shape=Done), form)
    if trouble:
        return await _page(desk, text_id, view, trouble, status=422)
    waits = f"/texts?limit=1&{VIEWS[view]}&after={text_id}"
    following = await or_none(desk.services.resources, waits, Texts)
    asked = f"?{urlencode({'view': view})}"
    if not (following and following.items):
        return RedirectResponse(f"{PAGE}{asked}", 303)
    return RedirectResponse(f"{PAGE}/texts/{following.items[0].text_id}{asked}", 303)


@router.post(PAGE + "/texts/{text_id}/quote")
async def quote(text_id: UUID, desk: AtDesk, viewer: Coder, form: DeskForm) -> Response:
    """Keep words of it, without what somebody could be known by, to be quoted."""
    del viewer
    said, source = form.value("said"), form.value("source_type")
    errors = {} if said else {"said": "Enter the words to quote"}
    if source not in SOURCES:
        errors["source_type"] = "Choose who said it"
    if errors:
        wrong = Form(form.key, form.values, errors)
        return await _page(desk, text_id, "coded", wrong, status=422)
    text = await desk.services.resources.read(f"/texts/{text_id}", Text)
    body: dict[str, object] = {
        "said": said,
        "source_type": source,
        "text_id": str(text_id),
        "themes": text.themes,
    }
    doing = desk.services.resources.send("/quotes", body, key=form.once, shape=Quote)
    trouble = await tried(doing, form)
    if trouble:
        return await _page(desk, text_id, "coded", trouble, status=422)
    return RedirectResponse(f"{PAGE}/quotes", 303)


async def _page(
    desk: Desk, text_id: UUID, view: str, form: Form | None = None, *, status: int = 200
) -> Response:
    hub = desk.services.resources
    text, book = await asyncio.gather(
        hub.read(f"/texts/{text_id}", Text), or_none(hub, "/themes", CodeBook)
    )
    # A second coder is not led by what the first one found.
    blind = view == "second" and text.coded_at is not None and text.second_at is None
    kept = form or Form(values={} if blind else boxes("theme", text.themes))
    context = {
        "area": "coding",
        "within": True,
        "private": True,
        "text": text,
        "book": book,
        "blind": blind,
        "offered": [(f"theme:{one.code}", one.label) for one in book.in_use] if book else [],
        "yes": YES,
        "sources": terms(SOURCES),
        "form": Form(
            kept.key,
            {"said": text.said, "source_type": "survey_respondent", **kept.values},
            kept.errors,
            kept.trouble,
        ),
        "at": PAGE,
    }
    return desk.pages.page("coding/text.html", context, status=status)
