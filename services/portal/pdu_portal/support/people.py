"""The ambassador's pages: people I support, what is to be done for them, and opportunities."""

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from pdu_portal.asks import AMBASSADOR, Ask, Step
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.event_shapes import LearningEvent
from pdu_portal.form import Form
from pdu_portal.neighbours import Refused
from pdu_portal.signed_in import OwnForm, only_for
from pdu_portal.step_form import shown, taken
from pdu_portal.support.engagement import event_of
from pdu_portal.support.shapes import Engagements, Expert, Experts, Nothing, Tasks
from pdu_portal.support.steps import WAYS
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)

Ambassador = Annotated[Viewer, Depends(only_for(AMBASSADOR))]
API = "/lived-experience"
TO_DO = {
    "brief": ("Talk it through beforehand", "briefing"),
    "name_supporter": ("Say who is there for them", "support"),
    "agree_sharing_plan": ("Agree how much to share", "agreement"),
    "record_contribution": ("Write down what they contributed", "contribution"),
    "debrief": ("Ask how it was", "debrief"),
    "follow_up_distress": ("Get in touch again", "distress"),
    "give_feedback": ("Tell them what came of it", "feedback"),
    "tell": ("Tell them in person", ""),
}
BEFORE = {"brief", "name_supporter", "agree_sharing_plan"}
TOLD = {
    "expert_opted_in": "that they are down for the event",
    "expert_pre_meeting": "when and where you meet beforehand",
    "expert_feedback_given": "what came of their part",
    "expert_what_was_done": "what was done because of them",
}
PERSON = Step(
    "Somebody new",
    "Only with their yes. They choose the name, and it need not be their own.",
    "Add them",
    "/lived-experience/experts",
    (
        Ask("preferred_name", "line", "The name they like to go by"),
        Ask("contact_way", "one_of", "How do they want to hear from us?", terms=WAYS),
        Ask(
            "email",
            "line",
            "Their email address (optional)",
            "Only if they hear by email",
            optional=True,
        ),
        Ask(
            "reach",
            "line",
            "How to reach them (optional)",
            "Such as a telephone number",
            optional=True,
        ),
    ),
)
CONTACT = Step(
    "How to reach them",
    "Only you, they and coordinators see this, and each look of a coordinator is written down.",
    "Save",
    "",
    tuple(ask for ask in PERSON.asks if ask.name != "email"),
)


@router.get("/support")
async def support(desk: AtDesk, viewer: Ambassador) -> Response:
    """People I support, and what is to be done for them."""
    del viewer
    return await _page(desk, "support", TO_DO)


@router.get("/support/briefings")
async def briefings(desk: AtDesk, viewer: Ambassador) -> Response:
    """What is to be done before events."""
    del viewer
    return await _page(desk, "briefings", BEFORE)


@router.get("/support/debriefs")
async def debriefs(desk: AtDesk, viewer: Ambassador) -> Response:
    """What is to be done afterwards."""
    del viewer
    return await _page(desk, "debriefs", TO_DO.keys() - BEFORE)


@router.post("/support/told/{notice_id}")
async def told(notice_id: UUID, desk: AtDesk, viewer: Ambassador, form: OwnForm) -> Response:
    """Something was told in person."""
    del viewer
    path = f"{API}/notices/{notice_id}/telling"
    try:
        await desk.services.bookings.send(path, {}, key=form.once, shape=Nothing)
    except Refused:
        return RedirectResponse("/support", 303)  # told already: the list shows it
    return RedirectResponse("/support", 303)


@router.get("/support/people/new")
async def somebody_new(desk: AtDesk, viewer: Ambassador) -> Response:
    """The form for somebody new."""
    del viewer
    return shown(desk, PERSON, back="/support", area="support")


@router.post("/support/people/new")
async def register(desk: AtDesk, viewer: Ambassador, form: OwnForm) -> Response:
    """Put somebody into the register."""
    del viewer
    back = "/support"
    send = partial(desk.services.bookings.send, PERSON.path, key=form.once, shape=Expert)
    return await taken(desk, PERSON, form, to=back, back=back, send=send, area="support")


@router.get("/support/people/{expert_id}")
async def person(expert_id: UUID, desk: AtDesk, viewer: Ambassador) -> Response:
    """One person, and all that they take part in."""
    del viewer
    bookings = desk.services.bookings
    expert, engagements = await asyncio.gather(
        bookings.read(f"{API}/experts/{expert_id}", Expert),
        bookings.read(f"{API}/engagements", Engagements),
    )
    theirs = [one for one in engagements.items if one.expert_id == expert_id]
    context = {
        "area": "support",
        "within": True,
        "private": True,
        "expert": expert,
        "ways": {way.code: way.label for way in WAYS},
        "engagements": theirs,
        "events": await _events(desk, (one.learning_event_id for one in theirs)),
    }
    return desk.pages.page("support/person.html", context)


@router.get("/support/people/{expert_id}/contact")
async def contact(expert_id: UUID, desk: AtDesk, viewer: Ambassador) -> Response:
    """The form with how to reach them."""
    del viewer
    one = await desk.services.bookings.read(f"{API}/experts/{expert_id}", Expert)
    values = {
        name: str(getattr(one, name) or "") for name in ("preferred_name", "contact_way", "reach")
    }
    return shown(desk, CONTACT, back=_of(expert_id), form=Form(values=values), area="support")


@router.post("/support/people/{expert_id}/contact")
async def change_contact(
    expert_id: UUID, desk: AtDesk, viewer: Ambassador, form: OwnForm
) -> Response:
    """Reach them another way from now on."""
    del viewer
    back, path = _of(expert_id), f"{API}/experts/{expert_id}/contact"
    send = partial(desk.services.bookings.put, path, shape=Expert)
    return await taken(desk, CONTACT, form, to=back, back=back, send=send, area="support")


def _of(expert_id: UUID) -> str:
    return f"/support/people/{expert_id}"


async def _page(desk: Desk, area: str, kinds: Iterable[str]) -> Response:
    bookings = desk.services.bookings
    tasks, experts = await asyncio.gather(
        bookings.read(f"{API}/tasks", Tasks), bookings.read(f"{API}/experts", Experts)
    )
    wanted = set(kinds)
    shown_tasks = [one for one in tasks.items if one.kind in wanted]
    context = {
        "area": area,
        "private": True,
        "tasks": shown_tasks,
        "to_do": TO_DO,
        "told": TOLD,
        "experts": experts.items,
        "names": {one.expert_id: one.preferred_name for one in experts.items},
        "events": await _events(desk, (one.learning_event_id for one in shown_tasks)),
    }
    return desk.pages.page("support/people.html", context)


async def _events(desk: Desk, ids: Iterable[UUID]) -> dict[UUID, LearningEvent | None]:
    async with asyncio.TaskGroup() as group:
        asked = {one: group.create_task(event_of(desk, one)) for one in set(ids)}
    return {one: task.result() for one, task in asked.items()}
