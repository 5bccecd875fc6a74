"""Organisations that nobody comes from: why, as they say when somebody asks."""

import asyncio
from collections.abc import Mapping
from functools import partial
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from pdu_portal.asking import or_none
from pdu_portal.asks import Ask, Step, today
from pdu_portal.coordinate.room import Coordinator, Done
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.signed_in import OwnForm
from pdu_portal.step_form import shown, taken

router = APIRouter(include_in_schema=False)

PAGE = "/coordinate/organisations"
LONGEST = 200
REASONS = {
    "not_relevant": "It is not about what they do",
    "did_not_know": "They did not know of us",
    "no_time": "They have no time",
    "no_cover": "Nobody can stand in for whoever goes",
    "times": "The times do not suit",
    "place": "The place is hard to get to",
    "cost": "What it costs to come",
    "own_training": "They have training of their own",
    "no_places": "They wanted to come, and it was full",
    "other": "Something else",
}
NOT_ASKED = "Nobody has asked them yet"
ENGAGED = {"lapsed": "came once, and no more", "never": "never came"}


class Organisation(BaseModel):
    """An organisation of the registry."""

    organisation_id: UUID
    name: str


class Organisations(BaseModel):
    """By name."""

    items: list[Organisation] = []


class Explained(BaseModel):
    """What one of them said, and when."""

    reasons: list[str] = []
    asked_on: str = ""


class Count(BaseModel):
    """How many organisations gave a reason; no value where so few did that they could be told."""

    reason: str
    engagement: str | None = None
    value: float | None = None
    withheld: bool = False


class Counts(BaseModel):
    """The figure, row by row."""

    rows: list[Count] = []


@router.get(PAGE)
async def organisations(desk: AtDesk, viewer: Coordinator, q: str = "") -> Response:
    """What keeps organisations away, and finding one that was asked."""
    del viewer
    wanted = q.strip()[:LONGEST]
    asked = urlencode({"limit": 50, **({"text": wanted} if wanted else {})})
    found, counts = await asyncio.gather(
        or_none(desk.services.resources, f"/organisations?{asked}", Organisations),
        or_none(desk.services.reporting, "/figures/reasons_for_absence?by=engagement", Counts),
    )
    context = {
        "area": "people",
        "within": True,
        "private": True,
        "found": found,
        "counts": None if counts is None else _by_reason(counts),
        "engaged": ENGAGED,
        "form": Form(values={"q": wanted}),
        "at": PAGE,
    }
    return desk.pages.page("coordinate/organisations.html", context)


@router.get(PAGE + "/{organisation_id}/absence")
async def ask(organisation_id: UUID, desk: AtDesk, viewer: Coordinator) -> Response:
    """The reasons, as they were told before if somebody has asked."""
    del viewer
    name, known = await _about(desk, organisation_id)
    values = dict.fromkeys(known.reasons, "yes") | {"asked_on": known.asked_on or today()}
    form = Form(values=values)
    return shown(desk, STEP, back=PAGE, form=form, area="people", caption=name)


@router.post(PAGE + "/{organisation_id}/absence")
async def explain(
    organisation_id: UUID, desk: AtDesk, viewer: Coordinator, form: OwnForm
) -> Response:
    """Write down what was said, in the place of what was written before."""
    del viewer
    name, _ = await _about(desk, organisation_id)
    if not any(form.value(code) for code in REASONS):
        # The first of them is where somebody who cannot see the page is led.
        wrong = Form(form.key, form.values, {next(iter(REASONS)): "Tick at least one reason"})
        return shown(desk, STEP, back=PAGE, form=wrong, area="people", caption=name)
    path = f"/organisations/{organisation_id}/absence"
    send = partial(desk.services.resources.put, path, shape=Done)
    return await taken(desk, STEP, form, to=PAGE, back=PAGE, send=send, area="people", caption=name)


async def _about(desk: Desk, organisation_id: UUID) -> tuple[str, Explained]:
    resources, path = desk.services.resources, f"/organisations/{organisation_id}"
    found, known = await asyncio.gather(
        resources.read(path, Organisation), or_none(resources, f"{path}/absence", Explained)
    )
    return found.name, known or Explained()


def _by_reason(counts: Counts) -> list[tuple[str, list[Count | None]]]:
    """The words of each reason, and its number for each column."""
    numbers = {(one.reason, one.engagement): one for one in counts.rows}
    words = REASONS | {"not_asked": NOT_ASKED}
    return [
        (said, [numbers.get((code, engaged)) for engaged in ENGAGED])
        for code, said in words.items()
        if any((code, engaged) in numbers for engaged in ENGAGED)
    ]


def _body(said: Mapping[str, object]) -> dict[str, object]:
    return {"reasons": [code for code in REASONS if said[code]], "asked_on": said["asked_on"]}


STEP = Step(
    "Why does nobody come?",
    "What they said when you asked them. Who said it is written down nowhere.",
    "Save",
    "/absence",
    (
        *(Ask(code, "tick", words, optional=True) for code, words in REASONS.items()),
        Ask("asked_on", "day", "When did you ask?"),
    ),
    roles=("coordinator",),
    body=_body,
)
