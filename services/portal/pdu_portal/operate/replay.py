"""Replays: one service tells another again what it told, and how far that is."""

import asyncio
import re
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.neighbours import Away, Neighbour, NotThere, Refused
from pdu_portal.operate.shapes import Replay, Replays
from pdu_portal.shapes import Term
from pdu_portal.signed_in import OwnForm, only_for
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)

Operator = Annotated[Viewer, Depends(only_for("operator"))]
PAGE = "/operate/replay"
NAMES = re.compile(r"[\s,;]+")


@router.get(PAGE)
async def replays(desk: AtDesk, viewer: Operator) -> Response:
    """The form, and what was asked for lately."""
    del viewer
    return await _page(desk, Form())


@router.post(PAGE)
async def ask(desk: AtDesk, viewer: Operator, form: OwnForm) -> Response:
    """Ask for a replay."""
    del viewer
    teller = {one.name: one for one in desk.services.each()}.get(form.value("told_by"))
    names = [name for name in NAMES.split(form.value("messages")) if name]
    errors = {} if teller else {"told_by": "Choose who tells it again"}
    if not form.value("to"):
        errors["to"] = "Choose who hears it again"
    if teller is None or errors:
        return await _page(desk, Form(form.key, form.values, errors), status=422)
    body = {"to": form.value("to"), "messages": names}
    try:
        await teller.send("/replays", body, key=form.once, shape=Replay)
    except Refused as no:
        errors = _wrong(no, names)
        trouble = "" if errors else no.refusal.detail or no.refusal.title
        refused = Form(form.key, form.values, errors, trouble)
        return await _page(desk, refused, status=no.refusal.status)
    return RedirectResponse(PAGE, 303)


def _wrong(no: Refused, names: list[str]) -> dict[str, str]:
    errors: dict[str, str] = {}
    for fault in no.refusal.errors:
        if fault.pointer == "/to":
            errors["to"] = "Choose who hears it again"
        elif fault.pointer.startswith("/messages"):
            place = fault.pointer.rpartition("/")[2]
            name = names[int(place)] if place.isdigit() and int(place) < len(names) else ""
            errors["messages"] = f"This service tells no {name}. {fault.detail}".strip()
    return errors


async def _page(desk: Desk, form: Form, *, status: int = 200) -> Response:
    async with asyncio.TaskGroup() as group:
        asked = {one.name: group.create_task(_replays(one)) for one in desk.services.each()}
    found = {name: task.result() for name, task in asked.items()}
    rows = [(name, one) for name, told in found.items() for one in told or ()]
    context = {
        "area": "replay",
        "form": form,
        "services": [Term(code=name, label=name.capitalize()) for name in found],
        "rows": sorted(rows, key=lambda row: row[1].asked_at, reverse=True),
        "away": [name for name, told in found.items() if told is None],
    }
    return desk.pages.page("operate/replay.html", context, status=status)


async def _replays(service: Neighbour) -> list[Replay] | None:
    try:
        return (await service.read("/replays", Replays)).items
    except (Away, NotThere, Refused):
        return None
