"""The annual report to read and keep, and the one that checks what was published before."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from pdu_portal.asking import or_none
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.figures.asked import SECONDS, TEAM
from pdu_portal.figures.claim_shapes import Claims
from pdu_portal.figures.dashboard import read_published
from pdu_portal.figures.naming import Naming, figure
from pdu_portal.figures.shapes import Codes
from pdu_portal.neighbours import NotThere, Refused
from pdu_portal.passing_on import pass_on
from pdu_portal.signed_in import only_for
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)

Reader = Annotated[Viewer, Depends(only_for(*TEAM, "steering_group", "commissioner_funder"))]
Team = Annotated[Viewer, Depends(only_for(*TEAM))]
VERDICTS = {
    "same": "The same",
    "rounding": "The same, rounded",
    "base": "Shares of another base",
    "unpublished": "Not printed",
    "inconsistent": "Contradicts itself",
    "gap": "Another number",
}
YEAR = re.compile(r"[A-Za-z0-9_-]{1,60}")


@router.get("/figures/report")
async def report(desk: AtDesk, viewer: Reader) -> Response:
    """Which years there is a report of, and in which forms."""
    context = {
        "area": "report",
        "years": await _years(desk, team=viewer.has(*TEAM)),
        "is_team": viewer.has(*TEAM),
    }
    return desk.pages.page("figures/report.html", context)


@router.get("/figures/report/{project_year}.pdf")
async def paper(
    project_year: str, desk: AtDesk, viewer: Reader, view: str = "published"
) -> Response:
    """The report to read or print."""
    query = _query(project_year, viewer, view)
    try:
        return await pass_on(desk.services.reporting, f"/reports/annual?{query}&format=pdf")
    except Refused as no:
        return _refused(desk, no)


@router.get("/figures/report/{project_year}.html")
async def page_to_keep(
    project_year: str, desk: AtDesk, viewer: Reader, view: str = "published"
) -> Response:
    """The report as one page, to keep: its style is within it, so it opens as a file."""
    query, called = _query(project_year, viewer, view), f"report-{project_year}.html"
    path = f"/reports/annual?{query}&format=html"
    try:
        return await pass_on(desk.services.reporting, path, called=called)
    except Refused as no:
        return _refused(desk, no)


@router.get("/figures/report/{project_year}.zip")
async def evidence(
    project_year: str, desk: AtDesk, viewer: Reader, view: str = "published"
) -> Response:
    """The report with its tables, definitions and evidence, each with its checksum."""
    query = _query(project_year, viewer, view)
    called = f"evidence-{project_year}.zip"
    try:
        return await pass_on(desk.services.reporting, f"/reports/evidence?{query}", called=called)
    except Refused as no:
        return _refused(desk, no)


@router.get("/figures/claims")
async def claims(desk: AtDesk, viewer: Team) -> Response:
    """Each figure that a report printed, beside what is counted today."""
    del viewer
    found = await desk.services.reporting.read("/claims", Claims, seconds=SECONDS)
    context = {
        "area": "claims",
        "private": True,
        "claims": found,
        "verdicts": VERDICTS,
        "called": figure,
    }
    return desk.pages.page("figures/claims.html", context)


def _query(project_year: str, viewer: Viewer, view: str) -> str:
    if not YEAR.fullmatch(project_year):
        raise NotThere("reporting")
    audience = "team" if view == "team" and viewer.has(*TEAM) else "published"
    return f"project_year={project_year}&audience={audience}"


def _refused(desk: Desk, no: Refused) -> Response:
    why = " ".join(one.detail for one in no.refusal.errors) or no.refusal.title
    context = {"title": "There is no such report yet", "lead": why, "word": "", "retry": False}
    return desk.pages.page("oops.html", context, status=422)


async def _years(desk: Desk, *, team: bool) -> list[tuple[str, str]]:
    published = await read_published(desk)
    known = published.project_years if published else []
    naming = Naming(None, known)
    if not team:
        return [(year.code, year.label) for year in known]
    codes = await or_none(desk.services.reporting, "/codes/project_year", Codes)
    return [(code, naming.code("project_year", code)) for code in (codes.codes if codes else ())]
