"""Opportunities, opting in, and the expert's own page with what organisations did."""

import asyncio
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from pdu_portal.asks import AMBASSADOR, EXPERT, Ask, Step, read
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.neighbours import NotThere
from pdu_portal.shapes import Term
from pdu_portal.signed_in import OwnForm, only_for
from pdu_portal.step_form import sent, shown, taken, without
from pdu_portal.support.engagement import TheTwo, event_of
from pdu_portal.support.shapes import (
    Actions,
    Engagements,
    Experts,
    Nothing,
    Opportunities,
    Opportunity,
)
from pdu_portal.support.steps import EFFECTS, INVOLVED, ROLES
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)

Own = Annotated[Viewer, Depends(only_for(EXPERT))]
API = "/lived-experience"
COMMENT = Step(
    "What will it come to?",
    "An organisation says it did this. Nobody can see which answer is yours.",
    "Send",
    "/comments",
    (
        Ask("effect", "one_of", "For people like you, what will it come to?", terms=EFFECTS),
        Ask("text", "long", "Anything you would like to add (optional)", optional=True),
    ),
    method="post",
    roles=(EXPERT,),
)


@router.get("/my-part")
async def my_part(desk: AtDesk, viewer: Own) -> Response:
    """What I take part in, what I could, and what happened because of it."""
    del viewer
    bookings = desk.services.bookings
    engaged, opportunities, actions = await asyncio.gather(
        bookings.read(f"{API}/engagements", Engagements),
        bookings.read(f"{API}/opportunities", Opportunities),
        bookings.read(f"{API}/reported-actions", Actions),
    )
    mine = engaged.items
    async with asyncio.TaskGroup() as group:
        asked = {
            one.learning_event_id: group.create_task(event_of(desk, one.learning_event_id))
            for one in mine
        }
    context = {
        "area": "part",
        "private": True,
        "engagements": mine,
        "events": {key: task.result() for key, task in asked.items()},
        "opportunities": [one for one in opportunities.items if not one.engagement_id],
        "actions": actions.items,
    }
    return desk.pages.page("support/my_part.html", context)


@router.get("/support/opportunities")
async def opportunities(desk: AtDesk, viewer: TheTwo) -> Response:
    """Events to which people with lived experience are invited."""
    found = await desk.services.bookings.read(f"{API}/opportunities", Opportunities)
    context = {
        "area": "opportunities" if viewer.has(AMBASSADOR) else "part",
        "private": True,
        "opportunities": found.items,
        "roles": {term.code: term.label for term in ROLES},
    }
    return desk.pages.page("support/opportunities.html", context)


@router.get("/support/opportunities/{opportunity_id}")
async def opportunity(opportunity_id: UUID, desk: AtDesk, viewer: TheTwo) -> Response:
    """The form that opts in."""
    one, step = await _asked(desk, opportunity_id, viewer)
    return shown(desk, step, back="/support/opportunities", caption=one.title)


@router.post("/support/opportunities/{opportunity_id}")
async def opt_in(opportunity_id: UUID, desk: AtDesk, viewer: TheTwo, form: OwnForm) -> Response:
    """Opt in, or write down that somebody did."""
    one, step = await _asked(desk, opportunity_id, viewer)
    said, errors = read(step.asks, form.values)
    back = "/support/opportunities"
    if errors:
        return shown(desk, step, back=back, form=without(form, errors), caption=one.title)
    body = said | {"opportunity_id": str(opportunity_id)}
    send = partial(
        desk.services.bookings.send, f"{API}/engagements", body, key=form.once, shape=Nothing
    )
    to = "/my-part" if viewer.has(EXPERT) else f"/support/people/{said['expert_id']}"
    return await sent(desk, step, form, to=to, back=back, send=send, caption=one.title)


@router.get("/my-part/actions/{action_id}")
async def action(action_id: UUID, desk: AtDesk, viewer: Own) -> Response:
    """What an organisation did, and the form for what one thinks of it."""
    del viewer
    return shown(desk, COMMENT, back="/my-part", quote=await _action(desk, action_id))


@router.post("/my-part/actions/{action_id}")
async def comment(action_id: UUID, desk: AtDesk, viewer: Own, form: OwnForm) -> Response:
    """Say what it will come to, once."""
    del viewer
    quote, back = await _action(desk, action_id), "/my-part"
    path = f"{API}/reported-actions/{action_id}/comments"
    send = partial(desk.services.bookings.send, path, key=form.once, shape=Nothing)
    return await taken(desk, COMMENT, form, to=back, back=back, send=send, quote=quote)


async def _action(desk: Desk, action_id: UUID) -> str:
    found = await desk.services.bookings.read(f"{API}/reported-actions", Actions)
    text = next((one.text for one in found.items if one.action_id == action_id), None)
    if text is None:
        raise NotThere("bookings")
    return text


async def _asked(desk: Desk, opportunity_id: UUID, viewer: Viewer) -> tuple[Opportunity, Step]:
    """The opportunity, and what is asked of whoever opts in: ambassadors say for whom."""
    bookings = desk.services.bookings
    found = await bookings.read(f"{API}/opportunities", Opportunities)
    one = next((o for o in found.items if o.opportunity_id == opportunity_id), None)
    if one is None:
        raise NotThere("bookings")
    roles = tuple(term for term in ROLES if term.code in one.roles) or ROLES
    asks: tuple[Ask, ...] = (
        Ask("role", "one_of", "What would you like to do?", terms=roles),
        Ask("involvement", "one_of", "How much would you like to take part?", terms=INVOLVED),
    )
    if not viewer.has(EXPERT):
        experts = await bookings.read(f"{API}/experts", Experts)
        people = tuple(
            Term(code=str(expert.expert_id), label=expert.preferred_name)
            for expert in experts.items
        )
        who = Ask("expert_id", "one_of", "Who would like to take part?", terms=people)
        asks = (who, *asks, Ask("told_on", "day", "When did they tell you?"))
    lead = "As little or as much as you like. You can step back at any time, without a reason."
    return one, Step(
        "Take part", lead, "Count me in" if viewer.has(EXPERT) else "Write it down", "", asks
    )
