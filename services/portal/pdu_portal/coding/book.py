"""The code book: the themes and what they mean, and how far two coders agree on them."""

import asyncio
import re

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.coding.room import PAGE, WAYS, YES, Coder
from pdu_portal.coding.shapes import Agreement, CodeBook
from pdu_portal.coordinate.room import DeskForm, Done, tried
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.neighbours import NotThere
from pdu_portal.shapes import Term

router = APIRouter(include_in_schema=False)

BOOK = f"{PAGE}/book"
NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
LONGEST_CODE = 40


@router.get(BOOK)
async def book(desk: AtDesk, viewer: Coder) -> Response:
    """All themes, and the form for another one."""
    del viewer
    return await _page(desk, Form())


@router.post(BOOK)
async def describe(desk: AtDesk, viewer: Coder, form: DeskForm) -> Response:
    """Put a theme into the book, or say otherwise what one means."""
    del viewer
    label, means, chosen = form.value("label"), form.value("means"), form.value("code")
    code = chosen or NOT_A_LETTER.sub("_", label.lower()).strip("_")[:LONGEST_CODE]
    errors = {} if label and code else {"label": "Enter what the theme is called"}
    if not means:
        errors["means"] = "Enter when it is used"
    if errors:
        return await _page(desk, Form(form.key, form.values, errors), status=422)
    body = {"label": label, "means": means, "retired": form.value("retired") == YES}
    known = await desk.services.resources.read("/themes", CodeBook)
    if chosen and chosen not in known.words:
        raise NotThere("resources")
    # A new theme must not quietly become another word for one that is there.
    if not chosen and code in known.words:
        taken = {"label": "There is a theme of that name. Choose it in the list to change it"}
        return await _page(desk, Form(form.key, form.values, taken), status=422)
    doing = desk.services.resources.put(f"/themes/{code}", body, shape=Done)
    trouble = await tried(doing, form)
    if trouble:
        return await _page(desk, trouble, status=422)
    return RedirectResponse(f"{BOOK}#book", 303)


async def _page(desk: Desk, form: Form, *, status: int = 200) -> Response:
    hub = desk.services.resources
    found, agreed = await asyncio.gather(
        or_none(hub, "/themes", CodeBook), or_none(hub, "/coding-agreement", Agreement)
    )
    known = found.themes if found else []
    context = {
        "area": "coding",
        "within": True,
        "private": True,
        "ways": WAYS,
        "view": "book",
        "book": found,
        "agreed": agreed,
        "words": found.words if found else {},
        "known": [Term(code=one.code, label=one.label) for one in known],
        "form": form,
        "at": BOOK,
    }
    return desk.pages.page("coding/book.html", context, status=status)
