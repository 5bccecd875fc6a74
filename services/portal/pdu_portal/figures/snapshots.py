"""Figures frozen as they stand, and what has changed in them since."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from pdu_portal.desk import AtDesk, Desk
from pdu_portal.figures.asked import TEAM
from pdu_portal.figures.dashboard import read_published
from pdu_portal.figures.naming import Naming, dimension, table
from pdu_portal.figures.snapshot_shapes import Comparison, Snapshot, Snapshots
from pdu_portal.form import Form
from pdu_portal.neighbours import NotThere, Refused
from pdu_portal.passing_on import pass_on
from pdu_portal.shapes import Term
from pdu_portal.signed_in import OwnForm, only_for
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)

Team = Annotated[Viewer, Depends(only_for(*TEAM))]
PAGE = "/figures/snapshots"
ANEW = "anew:"
REPORTS = ("html", "pdf")
KINDS = (
    Term(code="report", label="For a report"),
    Term(code="baseline", label="As a baseline, to compare with later"),
    Term(code="published", label="To publish: everybody sees it, with small groups withheld"),
)
REASONS = {
    "late": "came in late",
    "corrected": "corrected something",
    "merged": "found two records to be one person",
    "recoded": "gave an answer another code",
    "new": "told of something new",
}


@router.get(PAGE)
async def snapshots(desk: AtDesk, viewer: Team) -> Response:
    """What was frozen, and the form that freezes."""
    del viewer
    return await _page(desk, Form())


@router.post(PAGE)
async def freeze(desk: AtDesk, viewer: Team, form: OwnForm) -> Response:
    """Freeze the figures as they stand."""
    del viewer
    kind, title = form.value("kind"), form.value("title").strip()
    errors = {} if kind in {one.code for one in KINDS} else {"kind": "Choose what it is for"}
    if not title:
        errors["title"] = "Give it a name"
    errors |= _wrong(form)
    if errors:
        return await _page(desk, Form(form.key, form.values, errors))
    body: dict[str, object] = {"kind": kind, "title": title}
    if form.value("up_to"):
        body["up_to"] = form.value("up_to")
    anew = [name.removeprefix(ANEW) for name in form.values if name.startswith(ANEW)]
    if anew:
        body["anew"] = sorted(anew)
    try:
        made = await desk.services.reporting.send("/snapshots", body, key=form.once, shape=Snapshot)
    except Refused as no:
        trouble = " ".join(one.detail for one in no.refusal.errors) or no.refusal.title
        return await _page(desk, Form(form.key, form.values, trouble=trouble))
    return RedirectResponse(f"{PAGE}/{made.snapshot_id}", 303)


@router.get(f"{PAGE}/{{snapshot_id}}/report.{{form}}")
async def report_of(snapshot_id: UUID, form: str, desk: AtDesk, viewer: Team) -> Response:
    """The report of what was frozen, as a page or on paper."""
    del viewer
    if form not in REPORTS:
        raise NotThere("reporting")
    path, called = f"/reports/snapshots/{snapshot_id}?format={form}", f"snapshot.{form}"
    return await pass_on(desk.services.reporting, path, called=called)


@router.get(f"{PAGE}/{{snapshot_id}}")
async def compare(snapshot_id: UUID, desk: AtDesk, viewer: Team, beside: str = "now") -> Response:
    """What stood in it, beside now or beside another one."""
    del viewer
    other = "now" if beside == "now" else str(_uuid(beside))
    reporting = desk.services.reporting
    found, all_of_them = await asyncio.gather(
        reporting.read(f"/snapshots/{snapshot_id}/compare?with={other}", Comparison),
        reporting.read("/snapshots?limit=100", Snapshots),
    )
    naming = Naming(await desk.lists.vocabulary())
    context = {
        "area": "snapshots",
        "within": True,
        "private": True,
        "found": found,
        "tables": [(table(one.name), one) for one in found.tables],
        "same": sum(one.same for one in found.tables),
        "others": [one for one in all_of_them.items if one.snapshot_id != snapshot_id],
        "beside": other,
        "naming": naming,
        "dimension": dimension,
        "reasons": REASONS,
    }
    return desk.pages.page("figures/compared.html", context)


def _wrong(form: Form) -> dict[str, str]:
    """What does not go together: what is published is whole, and only that is counted anew."""
    if form.value("kind") == "published":
        told = "Leave this empty: what is published has no last day"
        return {"up_to": told} if form.value("up_to") else {}
    ticked = any(name.startswith(ANEW) for name in form.values)
    return {"anew": "Only what is published is counted anew"} if ticked else {}


def _uuid(text: str) -> UUID | str:
    try:
        return UUID(text)
    except ValueError:
        return "now"


async def _page(desk: Desk, form: Form) -> Response:
    found, published = await asyncio.gather(
        desk.services.reporting.read("/snapshots?limit=100", Snapshots), read_published(desk)
    )
    years = published.project_years if published and published.snapshot_id else []
    context = {
        "area": "snapshots",
        "private": True,
        "form": form,
        "kinds": KINDS,
        "labels": {one.code: one.label for one in KINDS},
        "snapshots": found.items,
        "years": [(f"{ANEW}{year.code}", year.label) for year in years],
    }
    refused = bool(form.errors or form.trouble)
    return desk.pages.page("figures/snapshots.html", context, status=422 if refused else 200)
