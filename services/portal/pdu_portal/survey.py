"""A survey as one form: behind the link of a letter, or open to everybody."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from pdu_portal import survey_form
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form, typed
from pdu_portal.neighbours import Away, NotThere, Refused
from pdu_portal.shapes import LearningEvent
from pdu_portal.survey_shapes import Asked, Received, Survey

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

# Only what can be a token or a key goes into an address of ours; anything else is not there.
Token = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{8,512}$")]
SurveyKey = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
See = Callable[[Desk, str], Awaitable[Asked]]


@router.get("/s/{token}")
async def personal(token: Token, desk: AtDesk) -> Response:
    """The survey of one invited person."""
    asked = await _personal(desk, f"/s/{token}")
    return await _page(desk, asked, Form())


@router.post("/s/{token}")
async def answer(token: Token, request: Request, desk: AtDesk) -> Response:
    """Send the answers, or show the form again with what is wrong and all that was typed."""
    return await _send(desk, request, f"/s/{token}", _personal)


@router.get("/s/{token}/thanks")
async def thanks(token: Token, desk: AtDesk) -> Response:
    """What happens with the answers, and how to change them."""
    return await _thanks(desk, f"/s/{token}", _personal)


@router.get("/surveys/{survey_key}")
async def openly(survey_key: SurveyKey, desk: AtDesk) -> Response:
    """A survey for whoever comes by."""
    asked = await _open(desk, f"/surveys/{survey_key}")
    return await _page(desk, asked, Form())


@router.post("/surveys/{survey_key}")
async def answer_openly(survey_key: SurveyKey, request: Request, desk: AtDesk) -> Response:
    """Send the answers of somebody who was not invited by letter."""
    return await _send(desk, request, f"/surveys/{survey_key}", _open)


@router.get("/surveys/{survey_key}/thanks")
async def thanks_openly(survey_key: SurveyKey, desk: AtDesk) -> Response:
    """What happens with the answers."""
    return await _thanks(desk, f"/surveys/{survey_key}", _open)


async def _send(desk: Desk, request: Request, path: str, see: See) -> Response:
    sent = await typed(request, largest=survey_form.LARGEST, most_fields=survey_form.MOST_FIELDS)
    form = survey_form.read(sent)
    try:
        await desk.services.resources.send(
            f"{path}/responses", survey_form.submission(form), key=form.key, shape=Received
        )
    except Away:
        return _unsent(desk, form)
    except Refused as no:
        return await _again(desk, form, no, asked=see(desk, path))
    log.info("survey answered")
    return RedirectResponse(f"{path}/thanks", 303)


async def _again(desk: Desk, form: Form, no: Refused, *, asked: Awaitable[Asked]) -> Response:
    try:
        shown = await asked
    except Away:
        return _unsent(desk, form)
    refused = survey_form.with_refusal(form, no.refusal, shown.survey)
    return await _page(desk, shown, refused, status=no.refusal.status)


def _unsent(desk: Desk, form: Form) -> Response:
    """The questions are as far away as the service, but what was typed is here."""
    return desk.pages.page("unsent.html", {"form": form, "private": True}, status=503)


async def _page(desk: Desk, asked: Asked, form: Form, *, status: int = 200) -> Response:
    lists = await desk.lists.vocabulary()
    context = {
        "asked": asked,
        "survey": asked.survey,
        "event": await _title(desk, asked.learning_event_id),
        "form": form,
        "lists": lists,
        "private": True,
    }
    return desk.pages.page("survey.html", context, status=status)


async def _thanks(desk: Desk, path: str, see: See) -> Response:
    try:
        asked = await see(desk, path)
    except Away:
        asked = None
    return desk.pages.page("thanks.html", {"asked": asked, "path": path, "private": True})


async def _personal(desk: Desk, path: str) -> Asked:
    return await desk.services.resources.read(path, Asked)


async def _open(desk: Desk, path: str) -> Asked:
    return Asked(survey=await desk.services.resources.read(path, Survey))


async def _title(desk: Desk, learning_event_id: UUID | None) -> str:
    if learning_event_id is None:
        return ""
    try:
        event = await desk.services.bookings.read(
            f"/learning-events/{learning_event_id}", LearningEvent
        )
    except (Away, NotThere, Refused):
        return ""
    return event.title
