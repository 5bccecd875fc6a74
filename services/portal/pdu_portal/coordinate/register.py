"""The register at the door: four taps a name, walk-ins, heads, and its end."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, RedirectResponse, Response

from pdu_portal.booking_form import CHOICES
from pdu_portal.coordinate.room import DeskForm, Done, tried
from pdu_portal.coordinate.shapes import MARKS
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.event_shapes import LearningEvent
from pdu_portal.form import Form, typed
from pdu_portal.neighbours import Away, NotThere, Refused
from pdu_portal.shapes import Vocabulary
from pdu_portal.signed_in import only_for
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)

AtDoor = Annotated[Viewer, Depends(only_for("coordinator", "facilitator_speaker", "cop_convenor"))]
COMES = ("confirmed",)
MARK, WAS = "mark:", "was:"
NOT_KNOWN = ("unknown", "other")
"""What somebody who has just come is, while nobody has time to ask."""


class Expected(BaseModel):
    """Somebody who booked, and what is written down."""

    booking_id: UUID
    name: str | None = None
    organisation: str | None = None
    place: str = "confirmed"
    state: str | None = None
    adjustments_needed: bool = False


class WalkedIn(BaseModel):
    """Somebody who came without a booking."""

    state: str | None = None


class Register(BaseModel):
    """Who is expected, and who came."""

    session_id: UUID
    closed_at: str | None = None
    expected: list[Expected] = []
    walked_in: list[WalkedIn] = []

    @property
    def people(self) -> list[Expected]:
        """Those with a place, and those who were marked all the same, by name."""
        found = [one for one in self.expected if one.place in COMES or one.state]
        return sorted(found, key=lambda one: (one.name or "~").casefold())

    @property
    def here(self) -> int:
        """How many are here, whole or in part."""
        marked = [*(one.state for one in self.expected), *(one.state for one in self.walked_in)]
        return sum(state in {"present", "partial"} for state in marked)

    def marks(self) -> dict[str, str]:
        """What is written down, by booking."""
        return {str(one.booking_id): one.state or "" for one in self.expected}


@router.get("/coordinate/events/{event_id}/register/{session_id}")
async def show(event_id: UUID, session_id: UUID, desk: AtDesk, viewer: AtDoor) -> Response:
    """The register of one session."""
    del viewer
    return await register_page(desk, event_id, session_id, Form())


@router.post("/coordinate/events/{event_id}/register/{session_id}")
async def save(
    event_id: UUID, session_id: UUID, desk: AtDesk, viewer: AtDoor, form: DeskForm
) -> Response:
    """Save every mark that was changed here; what somebody else changed meanwhile is shown."""
    del viewer
    register = await desk.services.bookings.read(f"/sessions/{session_id}/register", Register)
    changed, others = _changed(form.values, register.marks())
    if changed:
        trouble = await tried(_write(desk, session_id, changed), form)
        if trouble:
            return await register_page(desk, event_id, session_id, trouble, status=422)
    if others:
        kept = Form(form.key, form.values, {}, _told(others, register))
        return await register_page(
            desk, event_id, session_id, kept, status=409, contested=set(others)
        )
    return RedirectResponse(address_of(event_id, session_id) + "#saved", 303)


@router.post("/coordinate/events/{event_id}/register/{session_id}/mark")
async def tap(
    event_id: UUID, session_id: UUID, request: Request, desk: AtDesk, viewer: AtDoor
) -> Response:
    """One tap, for the script: 204 saved, 409 with what somebody else wrote, 428 a newer key."""
    del event_id
    sent = await typed(request)
    if not desk.jar.is_good(sent.get("key", ""), viewer):
        return JSONResponse({"key": desk.jar.form_key(viewer)}, 428)
    try:
        register = await desk.services.bookings.read(f"/sessions/{session_id}/register", Register)
        changed, others = _changed(sent, register.marks())
        if others:
            return JSONResponse({"theirs": register.marks()[next(iter(others))]}, 409)
        if changed:
            await _write(desk, session_id, changed)
    except Away:
        return Response(status_code=503)
    except Refused as no:
        return JSONResponse({"trouble": no.refusal.detail or no.refusal.title}, 422)
    return Response(status_code=204)


def _changed(
    sent: Mapping[str, str], now: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """What was tapped here and is to be written, and what somebody else wrote in the meantime."""
    mine, others = {}, {}
    for name, mark in sent.items():
        booking_id = name.removeprefix(MARK)
        was = sent.get(WAS + booking_id, "")
        if not name.startswith(MARK) or mark not in MARKS or mark == was or booking_id not in now:
            continue
        if now[booking_id] == mark:
            continue
        if now[booking_id] != was:
            others[booking_id] = mark
        else:
            mine[booking_id] = mark
    return mine, others


async def _write(desk: Desk, session_id: UUID, marks: Mapping[str, str]) -> None:
    entries = [{"booking_id": one, "state": mark} for one, mark in marks.items()]
    path = f"/sessions/{session_id}/attendance"
    await desk.services.bookings.put(path, {"entries": entries}, shape=Done)


def _told(others: Mapping[str, str], register: Register) -> str:
    now = register.marks()
    names = {str(one.booking_id): one.name or "Somebody" for one in register.expected}
    told = [
        f"{names[one]}: you say {MARKS[mark]}, somebody else said {MARKS.get(now[one], 'nothing')}."
        for one, mark in others.items()
    ]
    return " ".join([*told, "Press Save to keep yours, or choose again."])


def address_of(event_id: UUID, session_id: UUID) -> str:
    """Where the register of a session is."""
    return f"/coordinate/events/{event_id}/register/{session_id}"


async def register_page(  # noqa: PLR0913 - one page, many ways to it
    desk: Desk,
    event_id: UUID,
    session_id: UUID,
    form: Form,
    *,
    status: int = 200,
    contested: frozenset[str] | set[str] = frozenset(),
) -> Response:
    """The register with what was typed into it."""
    bookings = desk.services.bookings
    event, register, lists = await asyncio.gather(
        bookings.read(f"/learning-events/{event_id}", LearningEvent),
        bookings.read(f"/sessions/{session_id}/register", Register),
        desk.lists.vocabulary(),
    )
    session = next((one for one in event.sessions if one.session_id == session_id), None)
    if session is None:
        raise NotThere("bookings")
    context = {
        "area": "coordinate_events",
        "within": True,
        "private": True,
        "event": event,
        "session": session,
        "register": register,
        "marks": MARKS,
        "chosen": {name.removeprefix(MARK): said for name, said in form.values.items()
                   if name.startswith(MARK)},
        "contested": contested,
        "address": address_of(event_id, session_id),
        "lists": lists,
        "form": replace(form, values={**_not_known(lists), **form.values}),
    }  # fmt: skip
    return desk.pages.page("coordinate/register.html", context, status=status)


def _not_known(lists: Vocabulary | None) -> dict[str, str]:
    found = {}
    for one in CHOICES if lists else ():
        codes = {term.code for term in getattr(lists, one.offered)}
        found[one.name] = next((code for code in NOT_KNOWN if code in codes), "")
    return found
