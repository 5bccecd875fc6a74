"""One figure at one address: how it is counted, its table and files, and what is behind it."""

import re
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from pdu_portal.desk import AtDesk, Desk
from pdu_portal.figures.asked import TEAM, shown
from pdu_portal.figures.dashboard import read_published, shelved
from pdu_portal.figures.naming import DIMENSIONS, Naming, figure
from pdu_portal.figures.shapes import BehindPage, Definition, Definitions
from pdu_portal.neighbours import Away, NotThere
from pdu_portal.passing_on import pass_on
from pdu_portal.signed_in import only_for
from pdu_portal.viewer import Viewer
from pdu_portal.words import plain

router = APIRouter(include_in_schema=False)

Team = Annotated[Viewer, Depends(only_for(*TEAM))]
NAME = re.compile(r"[a-z][a-z0-9_]{1,60}")
WORD = re.compile(r"[A-Za-z0-9_.,-]{1,200}")
FORMS = {
    "csv": "A table (CSV)",
    "xlsx": "A workbook (Excel)",
    "json": "For programs (JSON)",
    "csvw": "The description of its columns (CSVW)",
}
OURS = {"format", "after"}


@router.get("/figures/published/{name}")
async def published_table(name: str, desk: AtDesk) -> Response:
    """A table of the published set."""
    published = await read_published(desk)
    if published is None:
        raise Away("reporting")
    one = published.table(name)
    if one is None:
        raise NotThere("reporting")
    naming = Naming(await desk.lists.vocabulary(), published.project_years)
    context = {
        "area": "figures",
        "within": True,
        "one": shelved(published, one, naming),
        "published": published,
        "behind": f"/figures/{one.figure}" + (f"?by={','.join(one.by)}" if one.by else "")
        if desk.viewer and desk.viewer.has(*TEAM)
        else "",
    }
    return desk.pages.page("figures/published_one.html", context)


@router.get("/figures/{name}")
async def one_figure(name: str, request: Request, desk: AtDesk, viewer: Team) -> Response:
    """A figure, cut and filtered as somebody asks."""
    del viewer
    definition = await _definition(desk, name)
    asked = _asked(request, definition)
    context = {
        "area": "figures",
        "within": True,
        "private": True,
        "one": await shown(desk, name, asked),
        "definition": definition,
        "called": figure(name),
        "asked": asked,
        "dimensions": {one: DIMENSIONS.get(one, plain(one)) for one in definition.dimensions},
        "forms": FORMS,
    }
    return desk.pages.page("figures/one.html", context)


@router.get("/figures/{name}/file")
async def as_file(
    name: str,
    request: Request,
    desk: AtDesk,
    viewer: Team,
    form: Annotated[str, Query(alias="format")],
) -> Response:
    """The same as a file."""
    del viewer
    definition = await _definition(desk, name)
    if form not in FORMS:
        raise NotThere("reporting")
    query = urlencode({**_asked(request, definition), "format": form}, safe=",")
    ending = "csv-metadata.json" if form == "csvw" else form
    reporting = desk.services.reporting
    return await pass_on(reporting, f"/figures/{name}?{query}", called=f"{name}.{ending}")


@router.get("/figures/{name}/messages")
async def behind(
    name: str, request: Request, desk: AtDesk, viewer: Team, after: Annotated[int, Query(ge=0)] = 0
) -> Response:
    """The messages that it counted: which, when, and where they stand in the journal."""
    del viewer
    definition = await _definition(desk, name)
    query = urlencode(_asked(request, definition), safe=",")
    path = f"/figures/{name}/messages?after={after}&{query}".rstrip("&")
    context = {
        "area": "figures",
        "within": True,
        "private": True,
        "called": figure(name),
        "name": name,
        "query": query,
        "page": await desk.services.reporting.read(path, BehindPage),
    }
    return desk.pages.page("figures/messages.html", context)


async def _definition(desk: Desk, name: str) -> Definition:
    if not NAME.fullmatch(name):
        raise NotThere("reporting")
    found = await desk.everybodys.reporting.read("/figures", Definitions)
    one = next((one for one in found.items if one.name == name), None)
    if one is None:
        raise NotThere("reporting")
    return one


def _asked(request: Request, definition: Definition) -> dict[str, str]:
    """What is asked of it, as far as it can be: nothing else goes into an address of reporting."""
    known = {one.name for one in definition.filters} | {"by"}
    query = request.query_params
    asked = {key: ",".join(query.getlist(key)) for key in query if key in known - OURS}
    return {key: value for key, value in asked.items() if WORD.fullmatch(value)}
