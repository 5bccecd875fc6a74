"""Surveys: which there are, who is asked next, a new one, and what people answered."""

import asyncio
import re
from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.coding.answers import Surveys, results_page
from pdu_portal.coordinate.room import Coordinator, DeskForm, Done, lines, tried
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form

router = APIRouter(include_in_schema=False)

PAGE = "/coordinate/surveys"
ASK = "ask:"


class Planned(BaseModel):
    """Who is asked next."""

    survey_key: str
    day: date
    what: str
    people: int


class Plan(BaseModel):
    """The next days."""

    items: list[Planned] = []


@router.get(PAGE)
async def surveys(desk: AtDesk, viewer: Coordinator) -> Response:
    """All surveys."""
    del viewer
    return await _list(desk, Form())


@router.post(PAGE)
async def define(desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """A survey of questions that are in the bank already, so that its answers compare."""
    del viewer
    title = form.value("title")
    asked = [name.removeprefix(ASK) for name in form.values if name.startswith(ASK)]
    wording = form.value("wording")
    wrong = {} if title else {"title": "Enter a title"}
    if not asked and not wording:
        wrong["questions"] = "Choose at least one question, or ask one of your own"
    if wrong:
        return await _list(desk, Form(form.key, form.values, wrong), status=422)
    key = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:40]
    hub = desk.services.resources

    async def making() -> None:
        if wording:
            own = _own_question(key, wording, form.value("options"))
            await hub.send("/questions", own, key=form.key, shape=Done)
            asked.append(str(own["code"]))
        body = {"survey_key": key, "title": title, "kind": "other", "questions": asked}
        await hub.send("/surveys", body, key=form.key, shape=Done)

    trouble = await tried(making(), form)
    if trouble:
        return await _list(desk, trouble, status=422)
    return RedirectResponse(f"{PAGE}/{key}", 303)


@router.get(PAGE + "/{survey_key}")
async def results(survey_key: str, desk: AtDesk, viewer: Coordinator) -> Response:
    """Its questions, and what people answered, as reporting counts it."""
    del viewer
    return await results_page(desk, survey_key, area="surveys", back=PAGE)


def _own_question(survey: str, wording: str, options: str) -> dict[str, object]:
    """A question of one's own; with answers to choose from where some were typed."""
    offered = [
        {"code": f"o{number}", "label": label} for number, label in enumerate(lines(options), 1)
    ]
    kind = {"type": "single", "options": offered} if offered else {"type": "text"}
    return {"code": f"own.{survey[:34]}", "wording": wording, **kind}


async def _list(desk: Desk, form: Form, *, status: int = 200) -> Response:
    hub = desk.services.resources
    found, plan = await asyncio.gather(
        or_none(hub, "/surveys", Surveys), or_none(hub, "/survey-plan?limit=20", Plan)
    )
    known = found.surveys if found else []
    context = {
        "area": "surveys",
        "surveys": found,
        "plan": plan,
        "bank": list(dict.fromkeys(code for one in known for code in one.questions)),
        "titles": {one.survey_key: one.title for one in known},
        "form": form,
        "at": PAGE,
    }
    return desk.pages.page("coordinate/surveys.html", context, status=status)
