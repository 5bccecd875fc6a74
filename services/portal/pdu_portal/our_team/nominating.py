"""Our team: what is on, whom one asks to come, and how many said yes."""

import asyncio
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from pdu_portal.asking import or_none
from pdu_portal.asks import Ask, Step
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.event_shapes import LearningEvent, LearningEvents
from pdu_portal.neighbours import Away, NotThere, Refused
from pdu_portal.our_team.promising import BACK, MANAGE, labelled
from pdu_portal.our_team.shapes import Done, Nominations, OwnOrganisation, Promises, Years
from pdu_portal.signed_in import OwnForm, only_for
from pdu_portal.step_form import shown, taken
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)

Manages = Annotated[Viewer, Depends(only_for(*MANAGE))]
ASK = Step(
    "Ask a colleague to come",
    "They get one letter from us, with a link to say yes or no. Nobody books for them, and you "
    "see how many said yes, not who.",
    "Send the letter",
    "/nominations",
    (
        Ask("name", "line", "Their name"),
        Ask("email", "line", "Their work email address"),
    ),
    method="post",
    roles=MANAGE,
)


@router.get("/our-team")
async def our_team(desk: AtDesk, viewer: Manages, said: str = "") -> Response:
    """What is coming, and what we promised."""
    del viewer
    resources = desk.services.resources
    async with asyncio.TaskGroup() as group:
        coming = group.create_task(
            or_none(desk.services.bookings, "/learning-events?limit=20", LearningEvents)
        )
        promised = group.create_task(or_none(resources, "/commitments?limit=20", Promises))
        years = group.create_task(or_none(resources, "/vocabulary", Years))
        came = group.create_task(_came(desk))
    context = {
        "area": "team",
        "private": True,
        "coming": coming.result(),
        "promises": labelled(promised.result(), years.result()),
        "came": came.result(),
        "said": said == "yes",
    }
    return desk.pages.page("our_team/our_team.html", context)


@router.get("/our-team/{learning_event_id}")
async def nominate(learning_event_id: UUID, desk: AtDesk, viewer: Manages) -> Response:
    """The form, and what became of those who were asked before."""
    del viewer
    title, so_far = await _about(desk, learning_event_id)
    return shown(desk, ASK, back=BACK, area="team", caption=title, quote=so_far)


@router.post("/our-team/{learning_event_id}")
async def ask(learning_event_id: UUID, desk: AtDesk, viewer: Manages, form: OwnForm) -> Response:
    """Ask them, by a letter."""
    del viewer
    title, so_far = await _about(desk, learning_event_id)
    path = f"/learning-events/{learning_event_id}/nominations"
    send = partial(desk.services.bookings.send, path, key=form.once, shape=Done)
    to = f"{BACK}?said=yes"
    return await taken(
        desk, ASK, form, to=to, back=BACK, send=send, area="team", caption=title, quote=so_far
    )


async def _came(desk: Desk) -> OwnOrganisation | None:
    """How many came in each year; no years where nobody has said whose people these are."""
    try:
        return await desk.services.reporting.read("/own-organisation", OwnOrganisation)
    except NotThere:
        return OwnOrganisation(withheld_below=0)
    except (Away, Refused):
        return None


async def _about(desk: Desk, learning_event_id: UUID) -> tuple[str, str]:
    """What the event is called, and what became of those who were asked before."""
    path = f"/learning-events/{learning_event_id}"
    event, so_far = await asyncio.gather(
        desk.services.bookings.read(path, LearningEvent),
        or_none(desk.services.bookings, f"{path}/nominations", Nominations),
    )
    if not so_far or not so_far.nominated:
        return event.title, ""
    return event.title, (
        f"You have asked {so_far.nominated} so far: {so_far.accepted} said yes, "
        f"{so_far.declined} said no."
    )
