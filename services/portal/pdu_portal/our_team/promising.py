"""What an organisation promises for a year: people who come, and topics that it names."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from pdu_portal.asking import or_none
from pdu_portal.asks import Ask, Step, read, terms, today
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.our_team.shapes import Done, Promises, Years
from pdu_portal.signed_in import OwnForm, only_for
from pdu_portal.step_form import sent, shown, without
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)

MANAGE = ("manager", "organisation_lead")
Manages = Annotated[Viewer, Depends(only_for(*MANAGE))]
KINDS = {
    "send_staff": "So many people come to events",
    "name_topics": "We say what we would like to learn about",
}
STATES = {
    "intended": "Under way",
    "reminded": "Under way",
    "done": "Kept",
    "partly": "Partly kept",
    "not_done": "Not kept",
    "no_answer": "Nobody has looked yet",
}
BACK = "/our-team"


@router.get("/our-team/promises/new")
async def promise(desk: AtDesk, viewer: Manages) -> Response:
    """The form for a new promise."""
    del viewer
    return shown(desk, await _step(desk), back=BACK, area="team")


@router.post("/our-team/promises/new")
async def keep(desk: AtDesk, viewer: Manages, form: OwnForm) -> Response:
    """Write the promise down."""
    del viewer
    step = await _step(desk)
    said, errors = read(step.asks, form.values)
    if not errors and not said["promised"].isdecimal():
        errors = {"promised": "Enter a whole number"}
    if errors:
        return shown(desk, step, back=BACK, area="team", form=without(form, errors))
    body = said | {"promised": int(said["promised"])}
    send = partial(desk.services.resources.send, "/commitments", body, key=form.once, shape=Done)
    return await sent(desk, step, form, to=BACK, back=BACK, send=send, area="team")


def labelled(found: Promises | None, known: Years | None) -> list[dict[str, object]] | None:
    """The promises with words for their codes; None if the hub does not answer."""
    if found is None:
        return None
    years = {one.code: one.label for one in (known.project_years if known else ())}
    return [
        {
            **one.model_dump(),
            "what": KINDS.get(one.kind, one.kind),
            "year": years.get(one.project_year, one.project_year),
            "how": STATES.get(one.state, one.state),
        }
        for one in found.items
    ]


async def _step(desk: Desk) -> Step:
    known = await or_none(desk.services.resources, "/vocabulary", Years)
    years = [one for one in (known.project_years if known else ()) if f"{one.ends_on}" >= today()]
    return Step(
        "Promise something for a year",
        "The PDU and you see what was kept of it. It is no target for any one person.",
        "We promise this",
        "/commitments",
        (
            Ask("organisation", "line", "Your organisation"),
            Ask("kind", "one_of", "What do you promise?", terms=terms(KINDS)),
            Ask(
                "project_year",
                "one_of",
                "For which year?",
                terms=terms({one.code: one.label for one in years}),
            ),
            Ask("promised", "number", "How many people, or topics?"),
        ),
        method="post",
        roles=MANAGE,
    )
