"""Requests for copies and to be forgotten: when they are due, and what is left to decide."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from pdu_portal.asks import Ask, Step, terms
from pdu_portal.desk import AtDesk
from pdu_portal.neighbours import NotThere
from pdu_portal.rights.shapes import Hold, Holds, RightsRequest, RightsRequests
from pdu_portal.signed_in import OwnForm, only_for
from pdu_portal.step_form import sent, shown, taken
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)

LEAD = "data_protection_lead"
Lead = Annotated[Viewer, Depends(only_for(LEAD))]
KINDS = {"access": "A copy of what we know", "erasure": "To be forgotten"}
STATES = {
    "identity": "Not yet sure who asks",
    "asked": "To be decided",
    "working": "Being done",
    "done": "Done",
    "refused": "Refused",
}
HELD = {
    "legal_claim": "A legal claim",
    "legal_duty": "A legal duty",
    "safeguarding": "Safeguarding",
    "public_interest": "The public interest",
}


HOW = terms(
    {
        "in_person": "We met",
        "known_address": "They wrote from an address that we know",
        "document": "They showed a document, of which we kept nothing",
    }
)
NEW = Step(
    "Write down a request",
    "Somebody asked by letter, by telephone or in person. The month begins when we know who asks.",
    "Write it down",
    "/persons/rights-requests",
    (
        Ask("kind", "one_of", "What do they ask for?", terms=terms(KINDS)),
        Ask("email", "line", "Their email address, as we would know it"),
        Ask("identity_checked", "one_of", "How do we know it is them?", optional=True, terms=HOW),
    ),
    roles=(LEAD,),
)
STEPS = {
    "identity": Step(
        "Who asks?",
        "The month begins now. A copy is gathered at once; to forget somebody needs a second look.",
        "We know who asks",
        "/identity",
        (Ask("identity_checked", "one_of", "How do we know?", terms=HOW),),
        roles=(LEAD,),
    ),
    "approval": Step(
        "Forget this person",
        "All four services forget them. This cannot be taken back, and only another person than "
        "the one who wrote it down may agree to it.",
        "Forget them",
        "/approval",
        roles=(LEAD,),
    ),
    "extension": Step(
        "Take longer",
        "Two further months, once. They get a letter that says why.",
        "Take two months more",
        "/extension",
        (
            Ask(
                "reason_code",
                "one_of",
                "Why?",
                terms=terms({"complex": "It is complex", "many_requests": "They asked a lot"}),
            ),
        ),
        roles=(LEAD,),
    ),
    "refusal": Step(
        "Refuse it",
        "They get a letter that says why, and to whom they can complain.",
        "Refuse it",
        "/refusal",
        (
            Ask(
                "reason_code",
                "one_of",
                "Why?",
                terms=terms(
                    {
                        "unfounded": "It is clearly unfounded",
                        "not_the_person": "It is not the person who asked",
                    }
                ),
            ),
        ),
        roles=(LEAD,),
    ),
}
HOLD = Step(
    "Hold on to somebody\u2019s data",
    "While this stands they cannot be forgotten. Say so to them, if you may.",
    "Hold it",
    "/erasure-holds",
    (
        Ask("person_id", "line", "The person, as a request shows them"),
        Ask("because", "one_of", "Why?", terms=terms(HELD)),
        Ask("reference", "line", "A reference (optional)", "No name", optional=True),
    ),
    roles=(LEAD,),
)


@router.get("/requests")
async def requests(desk: AtDesk, viewer: Lead, state: str = "") -> Response:
    """All requests, those that are late first."""
    del viewer
    chosen = f"&state={state}" if state in STATES else ""
    path = f"/rights-requests?limit=100{chosen}"
    found = await desk.services.resources.read(path, RightsRequests)
    items = sorted(found.items, key=lambda one: (not one.overdue, one.due_on is None, one.due_on))
    context = {
        "area": "requests",
        "private": True,
        "requests": items,
        "kinds": KINDS,
        "states": STATES,
        "state": state if state in STATES else "",
    }
    return desk.pages.page("rights/requests.html", context)


@router.get("/requests/new")
async def new(desk: AtDesk, viewer: Lead) -> Response:
    """The form for a request that came another way."""
    del viewer
    return shown(desk, NEW, back="/requests", area="requests")


@router.post("/requests/new")
async def write_down(desk: AtDesk, viewer: Lead, form: OwnForm) -> Response:
    """Write down what somebody asked."""
    del viewer
    back = "/requests"
    send = partial(desk.services.resources.send, NEW.path, key=form.once, shape=RightsRequest)
    return await taken(desk, NEW, form, to=back, back=back, send=send, area="requests")


@router.get("/requests/holds")
async def holds(desk: AtDesk, viewer: Lead) -> Response:
    """Whom we cannot forget yet, and why."""
    del viewer
    found = await desk.services.resources.read("/erasure-holds", Holds)
    context = {"area": "holds", "private": True, "holds": found.items, "because": HELD}
    return desk.pages.page("rights/holds.html", context)


@router.get("/requests/holds/new")
async def new_hold(desk: AtDesk, viewer: Lead) -> Response:
    """The form that holds on to somebody's data."""
    del viewer
    return shown(desk, HOLD, back="/requests/holds", area="holds")


@router.post("/requests/holds/new")
async def place(desk: AtDesk, viewer: Lead, form: OwnForm) -> Response:
    """Hold on to somebody's data."""
    del viewer
    back = "/requests/holds"
    send = partial(desk.services.resources.send, HOLD.path, key=form.once, shape=Hold)
    return await taken(desk, HOLD, form, to=back, back=back, send=send, area="holds")


@router.post("/requests/holds/{hold_id}")
async def release(hold_id: UUID, desk: AtDesk, viewer: Lead, form: OwnForm) -> Response:
    """Let it go."""
    del viewer
    back = "/requests/holds"
    send = partial(desk.services.resources.put, f"/erasure-holds/{hold_id}/release", {}, shape=Hold)
    return await sent(desk, HOLD, form, to=back, back=back, send=send)


@router.get("/requests/{request_id}")
async def one(request_id: UUID, desk: AtDesk, viewer: Lead) -> Response:
    """One request: what was done, who owes an answer, and what can be decided."""
    del viewer
    found = await desk.services.resources.read(f"/rights-requests/{request_id}", RightsRequest)
    context = {
        "area": "requests",
        "within": True,
        "private": True,
        "one": found,
        "kinds": KINDS,
        "states": STATES,
        "because": HELD,
    }
    return desk.pages.page("rights/request.html", context)


@router.get("/requests/{request_id}/{step}")
async def ask(request_id: UUID, step: str, desk: AtDesk, viewer: Lead) -> Response:
    """The form of one decision."""
    del viewer
    if step not in STEPS:
        raise NotThere("resources")
    return shown(desk, STEPS[step], back=f"/requests/{request_id}", area="requests")


@router.post("/requests/{request_id}/{step}")
async def decide(
    request_id: UUID, step: str, desk: AtDesk, viewer: Lead, form: OwnForm
) -> Response:
    """Decide."""
    del viewer
    if step not in STEPS:
        raise NotThere("resources")
    found, back = STEPS[step], f"/requests/{request_id}"
    path = f"/rights-requests/{request_id}{found.path}"
    send = partial(desk.services.resources.put, path, shape=RightsRequest)
    return await taken(desk, found, form, to=back, back=back, send=send, area="requests")
