"""The dashboards: published for everybody, as counted for the team."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from pdu_portal.desk import AtDesk, Desk
from pdu_portal.figures.asked import TEAM, Shown, all_shown
from pdu_portal.figures.naming import Naming, table
from pdu_portal.figures.shapes import Codes, Definitions, Published, PublishedTable, Row
from pdu_portal.figures.table import NOTHING, Table, printed, table_of
from pdu_portal.metrics import total
from pdu_portal.neighbours import Away, NotThere, Refused

router = APIRouter(include_in_schema=False)

TOTALS = ("individuals_reached", "attendances", "individuals", "hub_registrations")
WORDS = {
    "individuals_reached": "individuals reached, each counted once",
    "attendances": "attendances at sessions",
    "individuals": "individuals came to at least one session",
    "hub_registrations": "joined the hub",
}
DASHBOARD = (
    ("attendances", {"by": "project_year"}),
    ("individuals", {"by": "project_year"}),
    ("attendances", {"by": "sector"}),
    ("individuals", {"by": "sector"}),
    ("attendances", {"by": "work_field,project_year"}),
    ("survey_share", {"by": "option_code", "survey_key": "post_event",
                      "question_code": "core.understanding"}),
    ("response_rate", {"by": "survey_key"}),
    ("impacts", {"by": "level"}),
)  # fmt: skip
BEHIND_SECONDS = 30
FILTERS = ("project_year", "workstream")
Code = Annotated[str, Query(pattern=r"^[A-Za-z0-9_.-]{0,60}$")]


@dataclass(frozen=True, slots=True)
class Shelved:
    """A published table as a page shows it."""

    name: str
    title: str
    statement: str
    table: Table
    notes: Sequence[str]


@router.get("/figures")
async def figures(
    desk: AtDesk, view: str = "", project_year: Code = "", workstream: Code = ""
) -> Response:
    """Who we reach: as published, or for the team as counted just now."""
    viewer = desk.viewer
    if viewer and viewer.has(*TEAM) and view != "published":
        return await _team(desk, {"project_year": project_year, "workstream": workstream})
    return await _published(desk)


async def read_published(desk: Desk) -> Published | None:
    """The published set; None while reporting does not answer."""
    try:
        return await desk.everybodys.reporting.read("/published", Published)
    except (Away, NotThere, Refused):
        return None


def four(published: Published | None) -> list[tuple[str, str]]:
    """The four numbers that a page begins with, with what each counts."""
    totals = published.table("totals") if published else None
    by_name = {str(row.get("figure")): row for row in totals.rows} if totals else {}
    return [(WORDS[name], printed(by_name[name], "count")) for name in TOTALS if name in by_name]


async def filters_of(desk: Desk) -> dict[str, set[str]]:
    """What can be asked of each figure, by its name."""
    try:
        found = await desk.everybodys.reporting.read("/figures", Definitions)
    except (Away, NotThere, Refused):
        return {}
    return {one.name: {asked.name for asked in one.filters} for one in found.items}


async def _team(desk: Desk, chosen: dict[str, str]) -> Response:
    takes = await filters_of(desk)
    asked = [(name, {**cut, **_applies(takes, name, chosen)}) for name, cut in DASHBOARD]
    whole = [(name, _applies(takes, name, chosen)) for name in TOTALS]
    both, late, years, streams = await asyncio.gather(
        all_shown(desk, [*whole, *asked]),
        _late(desk),
        _codes(desk, "project_year"),
        _codes(desk, "workstream"),
    )
    totals, shown = both[: len(TOTALS)], both[len(TOTALS) :]
    answers = [one.answer for one in (*totals, *shown) if one.answer and one.answer.as_of]
    told = {year.code: year for one in answers for year in one.project_years}
    naming = Naming(await desk.lists.vocabulary(), list(told.values()))
    context = {
        "area": "figures",
        "private": True,
        "totals": [(WORDS[one.name], _one(one)) for one in totals],
        "addresses": {WORDS[one.name]: one.address for one in totals},
        "shown": shown,
        "late": late,
        "as_of": max((one.as_of for one in answers if one.as_of), default=None),
        "years": [(code, naming.code("project_year", code)) for code in years],
        "streams": [(code, naming.code("workstream", code)) for code in streams],
        "chosen": chosen,
    }
    return desk.pages.page("figures/team.html", context)


async def _published(desk: Desk) -> Response:
    published = await read_published(desk)
    naming = Naming(await desk.lists.vocabulary(), published.project_years if published else ())
    context = {
        "area": "figures",
        "published": published,
        "four": four(published),
        "tables": _of_all(published, naming) if published else [],
        "is_team": bool(desk.viewer and desk.viewer.has(*TEAM)),
    }
    return desk.pages.page("figures/published.html", context)


def _of_all(published: Published, naming: Naming) -> list[Shelved]:
    return [shelved(published, one, naming) for one in published.tables if one.name != "totals"]


def shelved(published: Published, one: PublishedTable, naming: Naming) -> Shelved:
    """A published table in words, with what has to be said beside it."""
    notes = {note for row in one.rows for note in _caveats(row)}
    told = [words for code, words in published.caveats.items() if code in notes]
    made = table_of(one.rows, one.by, one.unit, naming)
    return Shelved(one.name, table(one.name), one.statement, made, [*made.notes, *told])


def _caveats(row: Row) -> list[str]:
    found = row.get("caveats")
    return found if isinstance(found, list) else []


def _applies(takes: dict[str, set[str]], name: str, chosen: dict[str, str]) -> dict[str, str]:
    """What of the choice can be asked of a figure: who joined the hub did so for no theme."""
    return {key: value for key, value in chosen.items() if value and key in takes.get(name, ())}


def _one(one: Shown) -> str:
    if one.state != "there" or not one.answer or not one.answer.rows:
        return NOTHING
    return printed(one.answer.rows[0], one.answer.unit)


async def _late(desk: Desk) -> bool:
    try:
        metrics = await desk.everybodys.reporting.text("/metrics")
    except (Away, NotThere, Refused):
        return False
    return (total(metrics, "pdu_projection_lag_seconds") or 0) > BEHIND_SECONDS


async def _codes(desk: Desk, name: str) -> list[str]:
    try:
        return (await desk.services.reporting.read(f"/codes/{name}", Codes)).codes
    except (Away, NotThere, Refused):
        return []
