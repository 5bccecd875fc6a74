"""What changed, coded in all its dimensions by somebody who did not write it down."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.coding.change_words import AIMS, CONDITIONS, DEPTHS, ENVIRONMENT, OUTCOMES
from pdu_portal.coding.room import PAGE, WAYS, YES, Coder, boxes, ticked
from pdu_portal.coordinate.impact import (
    EVIDENCE,
    EXPECTED,
    KINDS,
    LEVELS,
    PARTS,
    STEPS,
    Impact,
    Impacts,
)
from pdu_portal.coordinate.room import DeskForm, Done, after_of, tried
from pdu_portal.coordinate.shapes import terms
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.lists import Lists

router = APIRouter(include_in_schema=False)

LIST = f"{PAGE}/changes"
ONE_OF = {
    "level": ("Where does it show?", LEVELS),
    "expectedness": ("Was it expected?", EXPECTED),
    "kind": ("How did it come?", KINDS),
    "contribution_class": ("What was the unit\u2019s part?", PARTS),
    "depth": ("How deep does it go? (optional)", DEPTHS),
}
SEVERAL = {
    "evidence": ("How do we know?", EVIDENCE),
    "aims": ("Which aims does it serve?", AIMS),
    "hls": ("Which conditions for change made it possible?", CONDITIONS),
    "pie": ("Which parts of a psychologically informed environment?", ENVIRONMENT),
    "outcomes": ("What came of it?", OUTCOMES),
}


@router.get(LIST)
async def changes(desk: AtDesk, viewer: Coder, after: str = "") -> Response:
    """What was written down, the newest first, and how far it is."""
    del viewer
    found = await or_none(desk.services.resources, f"/impacts?limit=50{after_of(after)}", Impacts)
    context = {
        "area": "coding",
        "within": True,
        "private": True,
        "ways": WAYS,
        "view": "changes",
        "changes": found,
        "steps": STEPS,
        "at": LIST,
    }
    return desk.pages.page("coding/changes.html", context)


@router.get(LIST + "/{impact_id}")
async def change(impact_id: UUID, desk: AtDesk, viewer: Coder) -> Response:
    """One of them with all its codes."""
    del viewer
    return await _page(desk, impact_id)


@router.post(LIST + "/{impact_id}")
async def code(impact_id: UUID, desk: AtDesk, viewer: Coder, form: DeskForm) -> Response:
    """Say that one has seen the evidence, or save the codes."""
    del viewer
    hub, path = desk.services.resources, f"/impacts/{impact_id}"
    if form.value("what") == "verify":
        doing = hub.put(f"{path}/verification", {}, shape=Done)
    else:
        seen = f'"{form.value("version")}"'
        doing = hub.put(f"{path}/coding", _coded(form), shape=Done, tag=seen)
    trouble = await tried(doing, form)
    if trouble:
        return await _page(desk, impact_id, trouble, status=422)
    return RedirectResponse(f"{LIST}/{impact_id}#coded", 303)


def _coded(form: Form) -> dict[str, object]:
    body: dict[str, object] = {name: form.value(name) or None for name in ONE_OF}
    body |= {name: ticked(form.values, name) for name in (*SEVERAL, "workstreams")}
    body["other_factors"] = form.value("other_factors") or None
    return body


async def _offered(lists: Lists) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """Each group of boxes: what it asks, and the name and the words of each box."""
    asked = {name: (words, list(codes.items())) for name, (words, codes) in SEVERAL.items()}
    vocabulary = await lists.vocabulary()
    streams = [(one.code, one.label) for one in vocabulary.workstreams] if vocabulary else []
    if streams:
        asked["workstreams"] = ("Which themes is it about?", streams)
    return {
        name: (words, [(f"{name}:{code}", label) for code, label in codes])
        for name, (words, codes) in asked.items()
    }


async def _page(
    desk: Desk, impact_id: UUID, form: Form | None = None, *, status: int = 200
) -> Response:
    found = await desk.services.resources.read(f"/impacts/{impact_id}", Impact)
    values = {name: str(getattr(found, name) or "") for name in (*ONE_OF, "other_factors")}
    for group in (*SEVERAL, "workstreams"):
        values |= boxes(group, getattr(found, group))
    kept = form or Form(values=values)
    context = {
        "area": "coding",
        "within": True,
        "private": True,
        "change": found,
        "step": STEPS.get(found.state, found.state),
        "one_of": {name: (words, terms(codes)) for name, (words, codes) in ONE_OF.items()},
        "several": await _offered(desk.lists),
        "form": kept,
        "yes": YES,
        "at": LIST,
    }
    return desk.pages.page("coding/change.html", context, status=status)
