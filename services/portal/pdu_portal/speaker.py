"""The link of somebody who is asked to speak: the brief, their answer, and how they are shown."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID, uuid4

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.booking_form import with_refusal, wrong_text
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.event_shapes import LearningEvent, Session
from pdu_portal.form import Form, typed
from pdu_portal.link import token_of
from pdu_portal.neighbours import Neighbour, NotThere, Refused

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

NAME = "published_name"
VERSION = re.compile(r"[0-9]{1,7}")


class Brief(BaseModel):
    """What somebody should know besides what everybody reads; version 0 is that there is none."""

    version: int
    text: str | None


class Invitation(BaseModel):
    """An invitation to speak, as its own link shows it."""

    session_id: UUID
    role: str
    state: Literal["invited", "confirmed", "withdrawn"]
    published_name: str | None
    recording_consent: Literal["asked", "given", "refused", "withdrawn"]
    learning_event: LearningEvent
    brief: Brief
    brief_acknowledged: bool

    @property
    def session(self) -> Session | None:
        """The session that it is for."""
        sessions = self.learning_event.sessions
        return next((one for one in sessions if one.session_id == self.session_id), None)

    @property
    def cancelled(self) -> bool:
        """Whether the event will not happen."""
        return self.learning_event.state == "cancelled"

    @property
    def over(self) -> bool:
        """Whether the session has ended."""
        return self.session is not None and self.session.ends_at <= datetime.now(UTC)

    @property
    def open(self) -> bool:
        """Whether there still is something to prepare and to answer."""
        return self.state != "withdrawn" and not self.cancelled and not self.over

    @property
    def asks_about_recording(self) -> bool:
        """Whether there may be a recording. Consent that was given can always be taken back."""
        expected = self.state != "withdrawn" and not self.cancelled
        return expected or self.recording_consent == "given"


class Answered(BaseModel):
    """That an answer was taken; the page asks anew for what it shows."""


@router.get("/f/{token}")
async def show(token: str, desk: AtDesk) -> Response:
    """Show the invitation. Mail scanners open links, so looking changes nothing."""
    return await _page(desk, f"/f/{token_of(token)}", Form())


@router.post("/f/{token}")
async def answer(token: str, request: Request, desk: AtDesk) -> Response:
    """Do what the pressed button says; the page that follows shows it."""
    path = f"/f/{token_of(token)}"
    sent = await typed(request)
    form = _read(sent)
    if form.errors:
        return await _page(desk, path, form, status=422)
    try:
        await _tell(desk.services.bookings, path, sent)
    except Refused as no:
        refused = with_refusal(form, no.refusal)
        return await _page(desk, path, refused, status=no.refusal.status)
    log.info("invitation to speak answered")
    return RedirectResponse(path, 303)


async def _tell(bookings: Neighbour, path: str, sent: Mapping[str, str]) -> None:
    key = str(uuid4())
    match sent.get("wish"):
        case "confirm":
            body = {NAME: sent.get(NAME, "").strip() or None}
            await bookings.send(f"{path}/confirmation", body, key=key, shape=Answered)
        case "withdraw":
            await bookings.send(f"{path}/withdrawal", {}, key=key, shape=Answered)
        case "acknowledge" if VERSION.fullmatch(sent.get("version", "")):
            read = {"version": int(sent["version"])}
            await bookings.put(f"{path}/brief-acknowledgement", read, shape=Answered)
        case "agree" | "refuse" as said:
            agreed = {"agrees": said == "agree"}
            await bookings.put(f"{path}/recording-consent", agreed, shape=Answered)
        case _:
            raise NotThere(bookings.name)


def _read(sent: Mapping[str, str]) -> Form:
    if NAME not in sent:
        return Form()
    name = sent[NAME].strip()
    wrong = wrong_text(name)
    return Form(values={NAME: name}, errors={NAME: wrong} if wrong else {})


async def _page(desk: Desk, path: str, form: Form, *, status: int = 200) -> Response:
    invitation = await desk.services.bookings.read(path, Invitation)
    values = {NAME: invitation.published_name or "", **form.values}
    context = {
        "invitation": invitation,
        "event": invitation.learning_event,
        "form": replace(form, values=values),
        "private": True,
    }
    return desk.pages.page("speaker.html", context, status=status)
