"""Messages that were set aside: why, and what an operator can do about each."""

import asyncio
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query
from starlette.responses import RedirectResponse, Response

from pdu_portal.desk import AtDesk, Desk
from pdu_portal.neighbours import Away, Neighbour, NotThere, Refused
from pdu_portal.operate.shapes import Aside, AsideMessages
from pdu_portal.signed_in import OwnForm, only_for
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

Operator = Annotated[Viewer, Depends(only_for("operator"))]
LIST = "/operate/set-aside"
DONE = {
    "replayed": "It is let in again. If it fails once more, it comes back to this list.",
    "discarded": "It is given up. The record of it stays.",
    "meanwhile": "Somebody else has decided about it meanwhile.",
}
REASONS = {
    "schema": "It is not made as agreed. Often its sender is newer: upgrade this service first.",
    "handler_error": "This service failed on it eight times. Mend that first.",
    "unknown_ref": "Its other half never came. Ask for a replay of that one first.",
    "wrong_producer": "It came under another service\u2019s name. Look at once who sent it.",
    "id_conflict": "Another message came under a known number. Look at once who sent it.",
    "unsealable": "It is sealed, and no key of ours opens it.",
    "clock": "It says it was written in the future. Look at the clocks.",
    "too_large": "It is larger than messages may be.",
    "malformed": "It cannot be read at all.",
    "bad_envelope": "Its envelope is not as agreed.",
}


@router.get(LIST)
async def set_aside(
    desk: AtDesk, viewer: Operator, done: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """What waits for a decision, of all services, oldest first."""
    del viewer
    async with asyncio.TaskGroup() as group:
        asked = {one.name: group.create_task(_aside(one)) for one in desk.services.each()}
    services = {name: task.result() for name, task in asked.items()}
    context = {"area": "aside", "services": services, "reasons": REASONS, "done": DONE.get(done)}
    return desk.pages.page("operate/set_aside.html", context)


@router.get(f"{LIST}/{{service}}/{{parked_id}}")
async def ask_first(service: str, parked_id: UUID, desk: AtDesk, viewer: Operator) -> Response:
    """Giving up cannot be taken back, so it is asked for on a page of its own."""
    del viewer
    found = await _of(desk, service).read("/set-aside?limit=100", AsideMessages)
    one = next((one for one in found.items if one.parked_id == parked_id), None)
    if one is None:
        raise NotThere(service)
    context = {"area": "aside", "within": True, "one": one, "service": service, "reasons": REASONS}
    return desk.pages.page("operate/give_up.html", context)


@router.post(f"{LIST}/{{service}}/{{parked_id}}")
async def decide(
    service: str, parked_id: UUID, desk: AtDesk, viewer: Operator, form: OwnForm
) -> Response:
    """Let one in again, or give it up."""
    resolution = form.value("resolution")
    if resolution not in {"replayed", "discarded"}:
        raise NotThere(service)
    path, body = f"/set-aside/{parked_id}/resolution", {"resolution": resolution}
    try:
        await _of(desk, service).put(path, body, shape=Aside)
    except (NotThere, Refused):
        return RedirectResponse(f"{LIST}?done=meanwhile", 303)
    log.info("set aside no more", parked_id=str(parked_id), by=viewer.person_id)
    return RedirectResponse(f"{LIST}?done={resolution}", 303)


async def _aside(service: Neighbour) -> list[Aside] | None:
    try:
        return (await service.read("/set-aside?limit=100", AsideMessages)).items
    except (Away, NotThere, Refused):
        return None


def _of(desk: Desk, name: str) -> Neighbour:
    found = [one for one in desk.services.each() if one.name == name]
    if not found:
        raise NotThere(name)
    return found[0]
