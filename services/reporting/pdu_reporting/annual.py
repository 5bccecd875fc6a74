"""The annual report over HTTP: as a web page, on paper, or for programs."""

import asyncio
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from pdu_reporting.asking import Audience
from pdu_reporting.media import JSON
from pdu_reporting.report import page, paper
from pdu_reporting.report.gathering import Gathered, gathered
from pdu_reporting.report.model import Report
from pdu_shared.access import Caller, Role, Who
from pdu_shared.database import Database
from pdu_shared.problems import Fault, Forbidden, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["reports"])


class ReportFormat(StrEnum):
    """How the report is set."""

    HTML = "html"
    PDF = "pdf"
    JSON = "json"


MEDIA_TYPES = {
    ReportFormat.HTML: page.MEDIA_TYPE,
    ReportFormat.PDF: paper.MEDIA_TYPE,
    ReportFormat.JSON: JSON,
}
SET: Mapping[ReportFormat, Callable[[Report], str | bytes]] = {
    ReportFormat.HTML: page.page,
    ReportFormat.PDF: paper.paper,
    ReportFormat.JSON: Report.model_dump_json,
}


TEAM = (Role.COORDINATOR, Role.EVALUATOR)
UNFINISHED = "This year is in progress: its report can be had when it is over."


IN_FORMS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The report, all of it from one moment of the journal.",
        "content": {
            page.MEDIA_TYPE: {"schema": {"type": "string"}},
            paper.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.get("/reports/annual", response_model=Report, responses=IN_FORMS)
async def annual(
    database: Store,
    who: Who,
    project_year: Annotated[str, Query(description="The code of a project year.")],
    audience: Audience = Audience.PUBLISHED,
    form: Annotated[ReportFormat, Query(alias="format")] = ReportFormat.HTML,
) -> Response:
    """The report on a project year: charts, tables, caveats, and what each figure counts."""
    report = (await gathered_for(who, database, project_year, audience)).report
    return await set_as(report, form, name=f"annual-report-{report.code}")


async def set_as(report: Report, form: ReportFormat, *, name: str) -> Response:
    """A report in one of its forms; as a file, under this name."""
    made = await asyncio.to_thread(SET[form], report)
    headers = {"Cache-Control": "no-store"}
    if form is ReportFormat.HTML:
        headers["Content-Security-Policy"] = page.policy()
    else:
        headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return Response(made, media_type=MEDIA_TYPES[form], headers=headers)


async def gathered_for(who: Caller, database: Database, year: str, audience: Audience) -> Gathered:
    """A report and what it is made of, as this caller may have it.

    Funders and the steering group have what is published, of years that are over: who has reports
    of every day could take one from the next, and so tell what is withheld.
    """
    if audience is Audience.TEAM and not who.has(*TEAM):
        raise Forbidden
    found = await gathered(database, year, audience)
    if found.report.in_progress and not who.has(*TEAM):
        raise Refused(errors=[Fault("/query/project_year", "in_progress", UNFINISHED)])
    return found
