"""A survey one question at a time, for whom a long form is too much.

What was answered goes along from page to page, and nothing of it is kept before it is sent at the
end: whoever leaves on the way leaves nothing behind, also on a screen that others use.
"""

from fastapi import APIRouter, Request
from starlette.responses import Response

from pdu_portal import survey_form
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form, typed
from pdu_portal.survey import SurveyKey, Token, asked_by_link, asked_openly, asked_personally
from pdu_portal.survey_shapes import DOES_NOT_APPLY, Asked, Survey

router = APIRouter(include_in_schema=False)

AT, GO, BACK = "at", "go", "back"


@router.get("/s/{token}/steps")
async def begin(token: Token, desk: AtDesk) -> Response:
    """What may be done with the answers comes before any question."""
    path = f"/s/{token}"
    return await step(desk, await asked_personally(desk, path), Form(), path)


@router.post("/s/{token}/steps")
async def go_on(token: Token, request: Request, desk: AtDesk) -> Response:
    """The next question, or the one before."""
    path = f"/s/{token}"
    return await step(desk, await asked_personally(desk, path), await _read(request), path)


@router.get("/o/{token}/steps")
async def begin_by_open_link(token: Token, desk: AtDesk) -> Response:
    """The same for whoever has the link."""
    path = f"/o/{token}"
    return await step(desk, await asked_by_link(desk, path), Form(), path)


@router.post("/o/{token}/steps")
async def go_on_by_open_link(token: Token, request: Request, desk: AtDesk) -> Response:
    """The next question, or the one before."""
    path = f"/o/{token}"
    return await step(desk, await asked_by_link(desk, path), await _read(request), path)


@router.get("/surveys/{survey_key}/steps")
async def begin_openly(survey_key: SurveyKey, desk: AtDesk) -> Response:
    """The same for whoever comes by."""
    path = f"/surveys/{survey_key}"
    return await step(desk, await asked_openly(desk, path), Form(), path)


@router.post("/surveys/{survey_key}/steps")
async def go_on_openly(survey_key: SurveyKey, request: Request, desk: AtDesk) -> Response:
    """The next question, or the one before."""
    path = f"/surveys/{survey_key}"
    return await step(desk, await asked_openly(desk, path), await _read(request), path)


async def step(desk: Desk, asked: Asked, form: Form, path: str, *, own: bool = False) -> Response:
    """The page that follows what was sent; `path` is where the whole form is."""
    pages = fields_of(asked.survey)
    at = _next(form, len(pages))
    if at and form.value(survey_form.CONSENT) != "yes":
        at = 0
        form = Form(form.key, form.values, {survey_form.CONSENT: survey_form.AGREE_FIRST})
    elsewhere = {name for number, names in enumerate(pages) if number != at for name in names}
    context = {
        "asked": asked,
        "survey": asked.survey,
        "form": form,
        "at": at,
        "last": len(pages) - 1,
        "along": {name: said for name, said in form.values.items() if name in elsewhere and said},
        "lists": await desk.lists.vocabulary(),
        "path": path,
        "own": path if own else "",
        "private": True,
    }
    status = 422 if form.errors else 200
    return desk.pages.page("survey_step.html", context, status=status)


def fields_of(survey: Survey) -> list[tuple[str, ...]]:
    """The names of the fields of each page: consent, each question, and one's work."""
    consent = tuple(f"consent_{name}" for name in survey_form.CONSENTS)
    asked = [
        (*question.fields, f"tick:{question.code}:{DOES_NOT_APPLY.code}")
        for question in survey.questions
    ]
    return [consent, *asked, survey_form.ABOUT]


def _next(form: Form, pages: int) -> int:
    said = form.value(AT)
    if not (said.isdecimal() and said.isascii() and int(said[:4]) < pages):
        return 0
    way = -1 if form.value(GO) == BACK else 1
    return min(max(int(said) + way, 0), pages - 1)


async def _read(request: Request) -> Form:
    return survey_form.read(
        await typed(request, largest=survey_form.LARGEST, most_fields=survey_form.MOST_FIELDS)
    )
