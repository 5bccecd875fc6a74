"""A table of the published set to take along: as CSV, as JSON, and drawn as SVG."""

import csv
import io
import re

from fastapi import APIRouter
from starlette.responses import Response

from pdu_portal.desk import AtDesk
from pdu_portal.figures.dashboard import read_published, shelved
from pdu_portal.figures.naming import Naming
from pdu_portal.figures.shapes import Cell, PublishedTable
from pdu_portal.neighbours import Away, NotThere

router = APIRouter(include_in_schema=False)

NAME = re.compile(r"[a-z][a-z0-9_.-]{0,80}")
KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json", "svg": "image/svg+xml"}
NUMBERS = ("value", "numerator", "denominator", "withheld", "comparable", "caveats", "counted_on")


@router.get("/figures/published/{name}/file.{form}")
async def published_file(name: str, form: str, desk: AtDesk) -> Response:
    """The table as it was published; whoever has the address may keep it."""
    if form not in KINDS or not NAME.fullmatch(name):
        raise NotThere("reporting")
    published = await read_published(desk)
    if published is None:
        raise Away("reporting")
    one = published.table(name)
    if one is None:
        raise NotThere("reporting")
    match form:
        case "csv":
            content = as_csv(one)
        case "json":
            content = one.model_dump_json(indent=1)
        case _:
            naming = Naming(await desk.lists.vocabulary(), published.project_years)
            told = shelved(published, one, naming)
            if len(told.table.columns) != 1:
                raise NotThere("reporting")
            context = {"one": told, "published": published}
            content = desk.pages.part("figures/drawing.svg", context)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{form}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=KINDS[form], headers=headers)


def as_csv(one: PublishedTable) -> str:
    """The rows as they were published. What is withheld has no number, and says so."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    columns = [*one.by, *(name for name in NUMBERS if any(name in row for row in one.rows))]
    writer.writerow(columns)
    for row in one.rows:
        writer.writerow([_plain(row.get(name)) for name in columns])
    return made.getvalue()


def _plain(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case list():
            return " ".join(cell)
        case str() if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}:
            return f"'{cell}"  # else a workbook would take it for a formula
        case _:
            return cell
