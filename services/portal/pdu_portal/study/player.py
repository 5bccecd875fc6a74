"""A module, one part on a page: to read, to answer for oneself, and to go on where one stopped."""

import asyncio

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.hub_shapes import Module
from pdu_portal.link import key_in
from pdu_portal.neighbours import NotThere, Refused
from pdu_portal.signed_in import OwnForm, SignedIn
from pdu_portal.study.shapes import Answered, Page, Part, Progress

router = APIRouter(include_in_schema=False)

CHOSEN, TICKED, WRITTEN = "chosen", "ticked:", "written"
LONGEST = 4000


@router.get("/learn/{module_key}/resume")
async def resume(module_key: str, _: SignedIn, desk: AtDesk) -> Response:
    """Go where I stopped, on whichever device that was."""
    path = f"/modules/{key_in(module_key)}"
    found = await desk.services.resources.read(f"{path}/progress", Progress)
    if found.state == "not_started":
        return RedirectResponse(f"/learn/{module_key}", 303)
    if found.state == "completed":
        return RedirectResponse(f"/learn/{module_key}/finished", 303)
    return RedirectResponse(f"/learn/{module_key}/{found.page or 1}", 303)


@router.post("/learn/{module_key}")
async def begin(module_key: str, _: OwnForm, desk: AtDesk) -> Response:
    """Begin. Twice is once, and a place that was kept stays."""
    path = f"/modules/{key_in(module_key)}/progress"
    found = await desk.services.resources.put(path, {}, shape=Progress)
    return RedirectResponse(f"/learn/{module_key}/{found.page or 1}", 303)


@router.get("/learn/{module_key}/{part:int}")
async def read(module_key: str, part: int, _: SignedIn, desk: AtDesk) -> Response:
    """Show a part. Looking does not move my place."""
    return await _page(desk, module_key, part, Form())


@router.post("/learn/{module_key}/{part:int}")
async def go_on(module_key: str, part: int, form: OwnForm, desk: AtDesk) -> Response:
    """Keep an answer, or go to the next part and keep the place."""
    path = f"/modules/{key_in(module_key)}"
    if form.value("question"):
        return await _answer(desk, module_key, part, form)
    page = await desk.services.resources.read(f"{path}/pages/{part}", Page)
    following = min(part + 1, page.pages)
    await desk.services.resources.put(f"{path}/progress", {"page": following}, shape=Progress)
    if part < page.pages:
        return RedirectResponse(f"/learn/{module_key}/{following}", 303)
    await desk.services.resources.put(f"{path}/completion", {}, shape=Progress)
    return RedirectResponse(f"/learn/{module_key}/finished", 303)


async def _answer(desk: Desk, module_key: str, part: int, form: Form) -> Response:
    path = f"/modules/{key_in(module_key)}"
    page = await desk.services.resources.read(f"{path}/pages/{part}", Page)
    asked = {one.question_code: one for one in page.parts if one.kind == "question"}
    question = asked.get(form.value("question"))
    if question is None:
        raise NotThere("resources")
    body, wrong = _said(question, form)
    code = question.question_code
    if not wrong:
        try:
            await desk.services.resources.put(f"{path}/answers/{code}", body, shape=Answered)
        except Refused as no:
            wrong = next((one.detail for one in no.refusal.errors), no.refusal.title)
    if wrong:
        kept = Form(values=form.values, errors={f"question-{code}": wrong})
        return await _page(desk, module_key, part, kept, status=422)
    return RedirectResponse(f"/learn/{module_key}/{part}#question-{code}", 303)


def _said(question: Part, form: Form) -> tuple[dict[str, object], str]:
    """What is sent, and what is wrong with it."""
    codes = [one.code for one in question.options]
    if question.answered_by == "write":
        said = form.value(WRITTEN).replace("\r\n", "\n").strip()
        too_long = "Use no more than 4,000 letters" if len(said) > LONGEST else ""
        return {"said": said}, "" if said and not too_long else too_long or "Write a few words"
    if question.answered_by == "several":
        chosen = [code for code in codes if form.value(f"{TICKED}{code}")]
    else:
        chosen = [code for code in codes if form.value(CHOSEN) == code]
    return {"options": chosen}, "" if chosen else "Choose an answer first"


async def _page(
    desk: Desk, module_key: str, part: int, form: Form, *, status: int = 200
) -> Response:
    path, resources = f"/modules/{key_in(module_key)}", desk.services.resources
    try:
        page = await resources.read(f"{path}/pages/{part}", Page)
    except Refused:  # not begun yet
        return RedirectResponse(f"/learn/{module_key}", 303)
    async with asyncio.TaskGroup() as group:
        module = group.create_task(or_none(resources, path, Module))
        progress = group.create_task(or_none(resources, f"{path}/progress", Progress))
    context = {
        "area": "learn",
        "within": True,
        "module": module.result(),
        "module_path": module_key,
        "progress": progress.result(),
        "page": page,
        "form": form,
        "private": True,
    }
    return desk.pages.page("study/part.html", context, status=status)
