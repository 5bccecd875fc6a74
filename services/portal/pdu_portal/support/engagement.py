"""One engagement, from opting in to what came of it: for the expert and for their ambassador."""

import asyncio
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from pdu_portal.asks import AMBASSADOR, EXPERT, Ask, Step, read
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.event_shapes import LearningEvent
from pdu_portal.neighbours import Away, NotThere, Refused
from pdu_portal.signed_in import OwnForm, only_for
from pdu_portal.step_form import only, sent, shown, without
from pdu_portal.support.shapes import Engagement, Expert, Nothing, Text
from pdu_portal.support.steps import CONCERNS, INVOLVED, LADDER, ROLES, STEPS, WAYS
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)

TheTwo = Annotated[Viewer, Depends(only_for(AMBASSADOR, EXPERT))]
HERE = "/taking-part/{engagement_id}"
API = "/lived-experience/engagements"
LABELS = {term.code: term.label for term in (*ROLES, *INVOLVED, *WAYS, *LADDER)}
CONCERN = Step(
    "Tell us what troubles you",
    "Coordinators and the data protection lead read it. Each look at it is written down.",
    "Send",
    "",
    (
        Ask("kind", "one_of", "What is it?", terms=CONCERNS),
        Ask("text", "long", "What should we know?"),
        Ask("anonymous", "tick", "Do not keep who I am with it", optional=True),
    ),
)


@router.get(HERE)
async def show(engagement_id: UUID, desk: AtDesk, viewer: TheTwo) -> Response:
    """How far it has come, and what can be done next."""
    bookings = desk.services.bookings
    one = await bookings.read(f"{API}/{engagement_id}", Engagement)
    async with asyncio.TaskGroup() as group:
        event = group.create_task(event_of(desk, one.learning_event_id))
        plan = group.create_task(_text(desk, one, "sharing_plan"))
        came = group.create_task(_text(desk, one, "feedback"))
        expert = group.create_task(_expert(desk, one))
    context = {
        "area": "part" if viewer.has(EXPERT) else "support",
        "within": True,
        "private": True,
        "one": one,
        "event": event.result(),
        "expert": expert.result(),
        "plan": plan.result(),
        "came": came.result(),
        "labels": LABELS,
        "may": [key for key, step in STEPS.items() if only(step, viewer.roles)],
        "is_expert": viewer.has(EXPERT),
    }
    return desk.pages.page("support/engagement.html", context)


@router.get(f"{HERE}/concern")
async def concern(engagement_id: UUID, desk: AtDesk, viewer: TheTwo) -> Response:
    """The form for what troubles somebody."""
    del viewer
    return shown(desk, CONCERN, back=f"/taking-part/{engagement_id}")


@router.post(f"{HERE}/concern")
async def raise_concern(
    engagement_id: UUID, desk: AtDesk, viewer: TheTwo, form: OwnForm
) -> Response:
    """Hand it to those who deal with it."""
    del viewer
    back = f"/taking-part/{engagement_id}"
    said, errors = read(CONCERN.asks, form.values)
    if errors:
        return shown(desk, CONCERN, back=back, form=without(form, errors))
    one = await desk.services.bookings.read(f"{API}/{engagement_id}", Engagement)
    event = await desk.services.bookings.read(
        f"/learning-events/{one.learning_event_id}", LearningEvent
    )
    if not event.sessions:
        raise NotThere("bookings")
    path = f"/sessions/{event.sessions[0].session_id}/concerns"
    send = partial(desk.services.bookings.send, path, said, key=form.once, shape=Nothing)
    return await sent(desk, CONCERN, form, to=f"{back}?done=concern", back=back, send=send)


@router.get(f"{HERE}/{{step}}")
async def ask(engagement_id: UUID, step: str, desk: AtDesk, viewer: TheTwo) -> Response:
    """The form of one step."""
    return shown(desk, _step(step, viewer), back=f"/taking-part/{engagement_id}")


@router.post(f"{HERE}/{{step}}")
async def take(
    engagement_id: UUID, step: str, desk: AtDesk, viewer: TheTwo, form: OwnForm
) -> Response:
    """Take one step; the page of the engagement shows it."""
    found, back = _step(step, viewer), f"/taking-part/{engagement_id}"
    said, errors = read(found.asks, form.values)
    if errors:
        return shown(desk, found, back=back, form=without(form, errors))
    body = found.body(said)
    if step == "support":
        body |= await _supporters(desk, engagement_id)
    path = f"{API}/{engagement_id}{found.path}"
    bookings = desk.services.bookings
    if found.method == "put":
        send = partial(bookings.put, path, body, shape=Nothing)
    else:
        send = partial(bookings.send, path, body, key=form.once, shape=Nothing)
    return await sent(desk, found, form, to=back, back=back, send=send)


async def event_of(desk: Desk, learning_event_id: UUID) -> LearningEvent | None:
    """The event, or None while bookings cannot say."""
    try:
        path = f"/learning-events/{learning_event_id}"
        return await desk.everybodys.bookings.read(path, LearningEvent)
    except (Away, NotThere, Refused):
        return None


def _step(name: str, viewer: Viewer) -> Step:
    step = STEPS.get(name)
    if step is None or not only(step, viewer.roles):
        raise NotThere("bookings")
    return step


async def _supporters(desk: Desk, engagement_id: UUID) -> dict[str, object]:
    one = await desk.services.bookings.read(f"{API}/{engagement_id}", Engagement)
    expert = await _expert(desk, one)
    if expert is None:
        raise Away("bookings")
    ambassador = str(expert.ambassador_id)
    return {"supporter_during": ambassador, "supporter_after": ambassador}


async def _expert(desk: Desk, one: Engagement) -> Expert | None:
    if one.expert_id is None:
        return None
    try:
        path = f"/lived-experience/experts/{one.expert_id}"
        return await desk.services.bookings.read(path, Expert)
    except (Away, NotThere, Refused):
        return None


async def _text(desk: Desk, one: Engagement, kind: str) -> str:
    try:
        path = f"{API}/{one.engagement_id}/texts/{kind}"
        return (await desk.services.bookings.read(path, Text)).text
    except (Away, NotThere, Refused):
        return ""
