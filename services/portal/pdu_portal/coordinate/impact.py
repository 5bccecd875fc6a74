"""What changed, from being written down to being public: seen by a second, coded, agreed to."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.coordinate.room import Coordinator, DeskForm, Done, after_of, tried
from pdu_portal.coordinate.shapes import terms
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.neighbours import NotThere

router = APIRouter(include_in_schema=False)

PAGE = "/coordinate/impact"
LEVELS = {
    "individual": "Somebody's own practice",
    "organisation": "An organisation",
    "system": "How services work together",
    "beneficiary": "People who use services",
}
KINDS = {
    "projectable": "It was planned, and came",
    "transformative": "It changed how people think",
    "emergent": "It came up by itself",
}
PARTS = {
    "solely_pdu": "Through the unit alone",
    "partnership": "Together with others",
    "faster_or_better": "It would have come, but slower or less well",
}
EVIDENCE = {
    "interview": "Somebody told us",
    "observation": "We saw it",
    "document": "A document",
    "follow_up_survey": "The follow-up survey",
    "post_event_survey": "The survey after the event",
    "attendance_data": "Figures of who came",
    "focus_group": "A group",
}
EXPECTED = {"expected": "Expected", "unexpected": "Unexpected", "negative": "Worse than before"}
STEPS = {
    "captured": "Waits for a second pair of eyes",
    "verified": "Waits to be coded",
    "coded": "Waits for consent",
    "consented_to_publish": "Can be published",
    "published": "Public",
    "withdrawn": "Withdrawn",
}


class Impact(BaseModel):
    """A change."""

    impact_id: UUID
    state: str
    what: str | None = None
    organisation: str | None = None
    happened_on: date
    level: str
    expectedness: str = "expected"
    kind: str | None = None
    contribution_class: str | None = None
    evidence: list[str] = []
    aims: list[str] = []
    hls: list[str] = []
    pie: list[str] = []
    outcomes: list[str] = []
    workstreams: list[str] = []
    depth: str | None = None
    other_factors: str | None = None
    title: str | None = None
    summary: str | None = None
    version: int = 1


class Impacts(BaseModel):
    """A page of them."""

    items: list[Impact] = []
    next: UUID | None = None


@router.get(PAGE)
async def impacts(desk: AtDesk, viewer: Coordinator, after: str = "") -> Response:
    """What was written down, the newest first."""
    del viewer
    return await _page(desk, Form(), after=after)


@router.post(PAGE + "/{impact_id}")
async def step(impact_id: UUID, desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Take the next step that the pressed button says."""
    del viewer
    trouble = await tried(_done(desk, impact_id, form), form)
    if trouble:
        return await _page(desk, trouble, status=422, about=str(impact_id))
    return RedirectResponse(f"{PAGE}#i-{impact_id}", 303)


async def _done(desk: Desk, impact_id: UUID, form: Form) -> None:
    hub, path = desk.services.resources, f"/impacts/{impact_id}"
    match form.value("what"):
        case "verify":
            await hub.put(f"{path}/verification", {}, shape=Done)
        case "consent":
            await hub.put(f"{path}/consent", {}, shape=Done)
        case "publish":
            words = {name: form.value(name) for name in ("title", "summary")}
            await hub.put(f"{path}/publication", words, shape=Done)
        case "withdraw":
            await hub.put(f"{path}/withdrawal", {}, shape=Done)
        case "code":
            kept = await hub.read(path, Impact)
            body: dict[str, object] = {
                **kept.model_dump(include={"aims", "hls", "pie", "outcomes", "workstreams"}),
                "depth": kept.depth,
                "other_factors": kept.other_factors,
                "level": form.value("level"),
                "expectedness": form.value("expectedness"),
                "kind": form.value("kind") or None,
                "contribution_class": form.value("contribution_class") or None,
                "evidence": [form.value("evidence")] if form.value("evidence") else [],
            }
            seen = f'"{form.value("version")}"'
            await hub.put(f"{path}/coding", body, shape=Done, tag=seen)
        case _:
            raise NotThere("resources")


async def _page(
    desk: Desk, form: Form, *, after: str = "", status: int = 200, about: str = ""
) -> Response:
    path = f"/impacts?limit=50{after_of(after)}"
    context = {
        "area": "today",
        "within": True,
        "impacts": await or_none(desk.services.resources, path, Impacts),
        "steps": STEPS,
        "levels": terms(LEVELS),
        "kinds": terms(KINDS),
        "shares": terms(PARTS),
        "evidence": terms(EVIDENCE),
        "expected": terms(EXPECTED),
        "form": form,
        "about": about,
        "at": PAGE,
    }
    return desk.pages.page("coordinate/impact.html", context, status=status)
