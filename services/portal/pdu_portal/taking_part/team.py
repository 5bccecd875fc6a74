"""Places for several people of one team at once."""

from collections.abc import Mapping
from uuid import UUID

import structlog
from fastapi import APIRouter, Request
from starlette.responses import Response

from pdu_portal.booking_form import (
    CHOICES,
    EMAIL,
    ENTER_EMAIL,
    ENTER_NAME,
    described,
    wrong_choices,
    wrong_text,
)
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.event_shapes import LearningEvent
from pdu_portal.form import Form, key_of, typed
from pdu_portal.neighbours import Away, Refused
from pdu_portal.taking_part.shapes import TeamAnswer

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

ROWS = range(1, 9)
SHARED = ("organisation", *(one.name for one in CHOICES))
DESK_AWAY = (
    "The booking desk does not answer just now. What you typed is kept; "
    "press the button again in a minute. Nobody will be booked twice."
)


@router.get("/events/{learning_event_id}/book-team")
async def ask(learning_event_id: UUID, desk: AtDesk) -> Response:
    """Ask who comes."""
    return await _page(desk, learning_event_id, Form())


@router.post("/events/{learning_event_id}/book-team")
async def book(learning_event_id: UUID, request: Request, desk: AtDesk) -> Response:
    """Ask for the places, and say what each received. Sent again it says the same."""
    sent = await typed(request)
    vocabulary = await desk.lists.vocabulary()
    values = {name: said.strip() for name, said in sent.items() if name != "key"}
    values |= {name: values.get(name, "") for name in SHARED}
    form = Form(key_of(sent), values, _wrong(values, wrong_choices(values, vocabulary)))
    if form.errors:
        return await _page(desk, learning_event_id, form, status=422)
    team = _people(values)
    shared = described(form, vocabulary)
    body = {"people": [{"name": name, "email": email, **shared} for _, name, email in team]}
    try:
        path = f"/learning-events/{learning_event_id}/team-bookings"
        answer = await desk.services.bookings.send(path, body, key=form.key, shape=TeamAnswer)
    except Away:
        kept = Form(form.key, values, trouble=DESK_AWAY)
        return await _page(desk, learning_event_id, kept, status=503)
    except Refused as no:
        return await _page(
            desk, learning_event_id, _refused(values, team, no), status=no.refusal.status
        )
    log.info("team booked", learning_event_id=str(learning_event_id), people=len(team))
    told = [(name, one) for (_, name, _), one in zip(team, answer.people, strict=False)]
    context = {"area": "events", "within": True, "told": told, "private": True}
    event = await _event(desk, learning_event_id)
    return desk.pages.page("taking_part/team_booked.html", {**context, "event": event})


def _people(values: Mapping[str, str]) -> list[tuple[int, str, str]]:
    rows = [(n, values.get(f"name_{n}", ""), values.get(f"email_{n}", "")) for n in ROWS]
    return [row for row in rows if row[1] or row[2]]


def _wrong(values: Mapping[str, str], choices: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for number, name, email in _people(values):
        found[f"name_{number}"] = wrong_text(name) if name else ENTER_NAME
        found[f"email_{number}"] = "" if EMAIL.fullmatch(email) else ENTER_EMAIL
    if not found:
        found["name_1"] = "Enter the name of somebody who comes"
    found |= {"organisation": wrong_text(values["organisation"]), **choices}
    return {name: words for name, words in found.items() if words}


def _refused(values: Mapping[str, str], team: list[tuple[int, str, str]], no: Refused) -> Form:
    errors = {}
    for one in no.refusal.errors:
        match one.pointer.strip("/").split("/"):
            case ["people", place, field] if place.isdecimal() and int(place) < len(team):
                number = team[int(place)][0]
                errors[f"{field}_{number}" if field in {"name", "email"} else field] = one.detail
    trouble = "" if errors else no.refusal.detail or no.refusal.title
    return Form(values=values, errors=errors, trouble=trouble)


async def _event(desk: Desk, learning_event_id: UUID) -> LearningEvent | None:
    path = f"/learning-events/{learning_event_id}"
    try:
        return await desk.services.bookings.read(path, LearningEvent)
    except Away:
        return None


async def _page(desk: Desk, learning_event_id: UUID, form: Form, *, status: int = 200) -> Response:
    context = {
        "area": "events",
        "within": True,
        "event": await _event(desk, learning_event_id),
        "learning_event_id": learning_event_id,
        "form": form,
        "lists": await desk.lists.vocabulary(),
        "rows": ROWS,
    }
    return desk.pages.page("taking_part/team.html", context, status=status)
