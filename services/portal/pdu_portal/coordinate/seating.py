"""Who sits where: a proposal of tables, with notes of who is better kept apart, and not why."""

import asyncio
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.coordinate.room import Coordinator, DeskForm, Done, id_in, tried
from pdu_portal.coordinate.shapes import BookedPage, Managed
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.neighbours import Away, NotThere, Refused
from pdu_portal.shapes import Term

router = APIRouter(include_in_schema=False)

MOST_TABLES, MOST_SEATS = 200, 100
USUAL = 6
CONTRIBUTES = "Somebody who contributes"


class Apart(BaseModel):
    """Two people who are better not at one table."""

    one_id: UUID
    other_id: UUID


class Seating(BaseModel):
    """A proposal: bookings and those who contribute, by their ids."""

    tables: list[list[UUID]] = []
    apart: list[Apart] = []


@router.get("/coordinate/events/{event_id}/seating/{session_id}")
async def seating(  # noqa: PLR0913, PLR0917 - each is a part of the address
    event_id: UUID,
    session_id: UUID,
    desk: AtDesk,
    viewer: Coordinator,
    tables: str = "",
    seats: str = "",
) -> Response:
    """The tables as they could be. That somebody looked is written down."""
    del viewer
    return await _page(desk, event_id, session_id, Form(values=_asked(tables, seats)))


@router.post("/coordinate/events/{event_id}/seating/{session_id}")
async def apart(
    event_id: UUID, session_id: UUID, desk: AtDesk, viewer: Coordinator, form: DeskForm
) -> Response:
    """Keep two apart, or no more."""
    del viewer
    kept = Form(form.key, {**form.values, **_asked(form.value("tables"), form.value("seats"))})
    if not form.value("one_id") or not form.value("other_id"):
        wrong = Form(kept.key, kept.values, {"other_id": "Choose two people"})
        return await _page(desk, event_id, session_id, wrong, status=422)
    one, other = id_in(form, "one_id"), id_in(form, "other_id")
    path, bookings = f"/sessions/{session_id}/keep-apart", desk.services.bookings
    doing = (
        bookings.delete(f"{path}/{one}/{other}")
        if form.value("what") == "remove"
        else _kept_apart(desk, path, one, other)
    )
    trouble = await tried(doing, kept)
    if trouble:
        return await _page(desk, event_id, session_id, trouble, status=422)
    asked = urlencode(_asked(form.value("tables"), form.value("seats")))
    return RedirectResponse(f"{_at(event_id, session_id)}?{asked}", 303)


async def _kept_apart(desk: Desk, path: str, one: UUID, other: UUID) -> None:
    body: dict[str, object] = {"one_id": str(one), "other_id": str(other)}
    await desk.services.bookings.put(path, body, shape=Done)


def _asked(tables: str, seats: str) -> dict[str, str]:
    """How many tables and seats, as far as they are numbers that a room can have."""
    return {
        "tables": str(_number(tables, MOST_TABLES, 4)),
        "seats": str(_number(seats, MOST_SEATS, USUAL)),
    }


def _number(typed: str, most: int, usual: int) -> int:
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= len(str(most))):
        return usual
    return min(max(int(typed), 2 if most == MOST_SEATS else 1), most)


def _at(event_id: UUID, session_id: UUID) -> str:
    return f"/coordinate/events/{event_id}/seating/{session_id}"


async def _proposal(desk: Desk, session_id: UUID, form: Form) -> tuple[Seating | None, str]:
    """The proposal, or why there is none."""
    asked = urlencode({name: form.value(name) for name in ("tables", "seats")})
    try:
        path = f"/sessions/{session_id}/seating?{asked}"
        return await desk.services.bookings.read(path, Seating), ""
    except Refused as no:
        return None, no.refusal.detail or no.refusal.title
    except Away:
        return None, ""


async def _page(
    desk: Desk, event_id: UUID, session_id: UUID, form: Form, *, status: int = 200
) -> Response:
    bookings = desk.services.bookings
    event, who, (proposed, why) = await asyncio.gather(
        bookings.read(f"/learning-events/{event_id}", Managed),
        or_none(
            bookings, f"/coordinator/bookings?learning_event_id={event_id}&limit=100", BookedPage
        ),
        _proposal(desk, session_id, form),
    )
    if all(one.session_id != session_id for one in event.sessions):
        raise NotThere("bookings")
    names = {one.booking_id: one.name or "Without a name" for one in who.items} if who else {}
    seated = sorted({one for table in proposed.tables for one in table}) if proposed else []
    context = {
        "area": "coordinate_events",
        "within": True,
        "private": True,
        "event": event,
        "proposed": proposed,
        "why": why,
        "names": names,
        "other": CONTRIBUTES,
        "people": sorted(
            (Term(code=str(one), label=names.get(one, CONTRIBUTES)) for one in seated),
            key=lambda term: term.label.casefold(),
        ),
        "form": form,
        "at": _at(event_id, session_id),
    }
    return desk.pages.page("coordinate/seating.html", context, status=status)
