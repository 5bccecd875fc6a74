"""A survey as one form: behind the link of a letter, or open to everybody."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import httpx
import structlog
from fastapi import APIRouter, Path, Request
from starlette.responses import RedirectResponse, Response

from pdu_portal import survey_form
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.event_shapes import LearningEvent
from pdu_portal.form import Form, typed
from pdu_portal.neighbours import Away, NotThere, Refused
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
    asked = await asked_personally(desk, f"/s/{token}")
    return await page(desk, asked, Form(), path=f"/s/{token}")


@router.post("/s/{token}")
async def answer(token: Token, request: Request, desk: AtDesk) -> Response:
    """Send the answers, or show the form again with what is wrong and all that was typed."""
    return await _send(desk, request, f"/s/{token}", asked_personally)


@router.get("/s/{token}/thanks")
async def thanks(token: Token, desk: AtDesk) -> Response:
    """What happens with the answers, and how to change them."""
    return await thank(desk, f"/s/{token}", asked_personally)


@router.get("/s/{token}/withdrawal")
async def ask_to_take_back(token: Token, desk: AtDesk) -> Response:
    """Ask whether the answers are to be forgotten."""
    await asked_personally(desk, f"/s/{token}")
    return _taken_back(desk, f"/s/{token}", done=False)


@router.post("/s/{token}/withdrawal")
async def take_back(token: Token, desk: AtDesk) -> Response:
    """Forget all that was answered. Twice is once: the link is closed then."""
    try:
        await desk.services.resources.delete(f"/s/{token}/responses")
    except Refused as no:
        if no.refusal.status != httpx.codes.CONFLICT:
            raise
    log.info("answers taken back")
    return _taken_back(desk, f"/s/{token}", done=True)


@router.get("/o/{token}")
async def by_open_link(token: Token, desk: AtDesk) -> Response:
    """A survey for whoever has the link, such as those who sit in the room."""
    path = f"/o/{token}"
    return await page(desk, await asked_by_link(desk, path), Form(), path=path)


@router.post("/o/{token}")
async def answer_by_open_link(token: Token, request: Request, desk: AtDesk) -> Response:
    """Send the answers. Nobody is asked who they are."""
    return await _send(desk, request, f"/o/{token}", asked_by_link)


@router.get("/o/{token}/thanks")
async def thanks_by_open_link(token: Token, desk: AtDesk) -> Response:
    """What happens with the answers."""
    return await thank(desk, f"/o/{token}", asked_by_link)


@router.get("/surveys/{survey_key}")
async def openly(survey_key: SurveyKey, desk: AtDesk) -> Response:
    """A survey for whoever comes by."""
    asked = await asked_openly(desk, f"/surveys/{survey_key}")
    return await page(desk, asked, Form(), path=f"/surveys/{survey_key}")


@router.post("/surveys/{survey_key}")
async def answer_openly(survey_key: SurveyKey, request: Request, desk: AtDesk) -> Response:
    """Send the answers of somebody who was not invited by letter."""
    return await _send(desk, request, f"/surveys/{survey_key}", asked_openly)


@router.get("/surveys/{survey_key}/thanks")
async def thanks_openly(survey_key: SurveyKey, desk: AtDesk) -> Response:
    """What happens with the answers."""
    return await thank(desk, f"/surveys/{survey_key}", asked_openly)


async def _send(desk: Desk, request: Request, path: str, see: See) -> Response:
    sent = await typed(request, largest=survey_form.LARGEST, most_fields=survey_form.MOST_FIELDS)
    return await send(desk, survey_form.read(sent), path, see)


async def send(desk: Desk, form: Form, path: str, see: See, *, own: str = "") -> Response:
    """Send the answers, or show them again; `own` is the page of whoever has signed in."""
    try:
        await desk.services.resources.send(
            f"{path}/responses", survey_form.submission(form), key=form.key, shape=Received
        )
    except Away:
        return _unsent(desk, form, own)
    except Refused as no:
        return await _again(desk, form, no, asked=see(desk, path), own=own)
    log.info("survey answered")
    return RedirectResponse(f"{own or path}/thanks", 303)


async def _again(
    desk: Desk, form: Form, no: Refused, *, asked: Awaitable[Asked], own: str
) -> Response:
    try:
        shown = await asked
    except Away:
        return _unsent(desk, form, own)
    refused = survey_form.with_refusal(form, no.refusal, shown.survey)
    return await page(desk, shown, refused, status=no.refusal.status, own=own)


def _unsent(desk: Desk, form: Form, own: str) -> Response:
    """The questions are as far away as the service, but what was typed is here."""
    return desk.pages.page("unsent.html", {"form": form, "own": own, "private": True}, status=503)


async def page(  # noqa: PLR0913 - what, for whom, and how it stands
    desk: Desk, asked: Asked, form: Form, *, status: int = 200, own: str = "", path: str = ""
) -> Response:
    """The survey as a form; from its `path` it can also be answered one question at a time."""
    lists = await desk.lists.vocabulary()
    context = {
        "asked": asked,
        "survey": asked.survey,
        "event": await _title(desk, asked.learning_event_id),
        "form": form,
        "lists": lists,
        "own": own,
        "path": path,
        "private": True,
    }
    return desk.pages.page("survey.html", context, status=status)


async def thank(desk: Desk, path: str, see: See, *, own: str = "") -> Response:
    """What happens with the answers, also while the hub is away."""
    try:
        asked = await see(desk, path)
    except Away:
        asked = None
    context = {"asked": asked, "path": own or path, "own": own, "private": True}
    return desk.pages.page("thanks.html", context)


def _taken_back(desk: Desk, path: str, *, done: bool) -> Response:
    return desk.pages.page("take_back.html", {"path": path, "done": done, "private": True})


async def asked_personally(desk: Desk, path: str) -> Asked:
    """The survey of whoever has this link of a letter."""
    asked = await desk.services.resources.read(path, Asked)
    return asked.model_copy(update={"taken_back_at": f"{path}/withdrawal"})


async def asked_by_link(desk: Desk, path: str) -> Asked:
    """The survey of an open link, which knows nobody."""
    # Nobody who came by it is known again, so nobody can be shown that they may change it.
    asked = await desk.services.resources.read(path, Asked)
    return Asked(survey=asked.survey, learning_event_id=asked.learning_event_id)


async def asked_openly(desk: Desk, path: str) -> Asked:
    """A survey that everybody may answer."""
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
