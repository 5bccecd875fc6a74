"""What waits for me to do: what I said I would do, and what ambassadors are asked for."""

import asyncio
from uuid import UUID

import structlog
from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.mine.shapes import Action, Actions, Done, Tasks
from pdu_portal.neighbours import Refused
from pdu_portal.signed_in import OwnForm, SignedIn

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

HAPPENED = {"done": "It is done", "partly": "Some of it is done", "not_done": "It will not happen"}
"""What came of it, in the words of the form."""
KINDS = {
    "brief": "Brief them before the event",
    "name_supporter": "Name who is at their side",
    "agree_sharing_plan": "Agree what is shared, and what is not",
    "record_contribution": "Write down that they took part",
    "debrief": "Talk it over afterwards",
    "follow_up_distress": "Ask how they are now",
    "give_feedback": "Tell them what it meant to others",
    "tell": "Tell them what became of it",
}
AMBASSADORS = ("beneficiary_ambassador", "coordinator")
LONGEST_NOTE = 4000


@router.get("/tasks")
async def tasks(viewer: SignedIn, desk: AtDesk, said: str = "") -> Response:
    """Everything that waits, soonest first."""
    async with asyncio.TaskGroup() as group:
        mine = group.create_task(or_none(desk.services.resources, "/actions/mine", Actions))
        asked = group.create_task(_of_ambassador(desk, wanted=viewer.has(*AMBASSADORS)))
    context = {
        "area": "me",
        "within": True,
        "actions": mine.result(),
        "tasks": asked.result(),
        "kinds": KINDS,
        "said": bool(said),
        "private": True,
    }
    return desk.pages.page("mine/tasks.html", context)


@router.get("/tasks/{action_id}")
async def action(action_id: UUID, _: SignedIn, desk: AtDesk) -> Response:
    """Ask what came of it."""
    found, tag = await desk.services.resources.tagged(f"/actions/{action_id}", Action)
    values = {"state": found.state if found.state in HAPPENED else "", "tag": tag}
    return _page(desk, found, Form(values={**values, "note": found.note or ""}))


@router.post("/tasks/{action_id}")
async def tell(action_id: UUID, form: OwnForm, desk: AtDesk) -> Response:
    """Keep what came of it."""
    path = f"/actions/{action_id}"
    values = {name: form.value(name).strip() for name in ("state", "note", "tag")}
    wrong = _wrong(values)
    if wrong:
        found = await desk.services.resources.read(path, Action)
        return _page(desk, found, Form(values=values, errors=wrong), status=422)
    body: dict[str, object] = {"state": values["state"], "note": values["note"] or None}
    if values["state"] == "done":
        body["percent"] = 100
    try:
        await desk.services.resources.put(f"{path}/progress", body, shape=Done, tag=values["tag"])
    except Refused as no:
        found, tag = await desk.services.resources.tagged(path, Action)
        told = no.refusal.detail or no.refusal.title
        kept = Form(values={**values, "tag": tag}, trouble=told)
        return _page(desk, found, kept, status=no.refusal.status)
    log.info("action told", action_id=str(action_id), state=values["state"])
    return RedirectResponse("/tasks?said=yes", 303)


def _wrong(values: dict[str, str]) -> dict[str, str]:
    found = {
        "state": "" if values["state"] in HAPPENED else "Choose what came of it",
        "note": "Use no more than 4,000 letters" if len(values["note"]) > LONGEST_NOTE else "",
    }
    return {name: words for name, words in found.items() if words}


async def _of_ambassador(desk: Desk, *, wanted: bool) -> Tasks | None:
    if not wanted:
        return Tasks()
    return await or_none(desk.services.bookings, "/lived-experience/tasks", Tasks)


def _page(desk: Desk, found: Action, form: Form, *, status: int = 200) -> Response:
    context = {"area": "me", "within": True, "action": found, "form": form, "happened": HAPPENED}
    return desk.pages.page("mine/action.html", {**context, "private": True}, status=status)
