"""Figures over HTTP: each with its filters, cut by any of its dimensions, as JSON or CSV."""

import csv
import io
from datetime import date, datetime
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel

from pdu_reporting.asking import PARAMETERS, Asked, asked_of, known_figure
from pdu_reporting.counting import Counted, Row, count
from pdu_reporting.figure import Figure, Unit
from pdu_reporting.figures import FIGURES
from pdu_reporting.filters import Word
from pdu_reporting.rules.caveat import Caveat, in_words
from pdu_shared.database import Database
from pdu_shared.runtime import Store

CSV = "text/csv"
JSON = "application/json"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheets run text that begins with one of these."""
BESIDE = ("value", "numerator", "denominator", "comparable", "caveats")

router = APIRouter(tags=["figures"])

Cell: TypeAlias = str | int | float | bool | list[str] | None


class Year(BaseModel):
    """A project year that rows are about."""

    code: str
    label: str
    """Of a year in progress with the day to which it has come."""
    starts_on: date
    ends_on: date
    is_partial: bool
    in_progress: bool
    comparable: bool
    months: float
    """How many of its months have passed."""


class Answer(BaseModel):
    """A figure, and how far the journal had come when it was counted."""

    name: str
    statement: str
    unit: Unit
    as_of: datetime | None
    """When the newest message in the journal came in; null before the first."""
    journal_position: int
    by: list[str]
    filters: dict[str, Word]
    """As they were understood, with what was taken because nothing else was asked for."""
    project_years: list[Year]
    caveats: dict[Caveat, str]
    """Those of the rows, in words."""
    rows: list[dict[str, Cell]]
    """A column for each dimension asked for, null where it is not known; then value, numerator,
    denominator, comparable and caveats."""


@router.get(
    "/figures/{name}",
    response_model=Answer,
    responses={200: {"content": {CSV: {"schema": {"type": "string"}}}}},
    openapi_extra={"parameters": PARAMETERS},
)
async def answer(
    name: Annotated[str, Path(json_schema_extra={"enum": list(FIGURES)})],
    request: Request,
    database: Store,
) -> Response:
    """One figure, such as `/figures/attendances?by=sector,project_year&area=nottingham_city`."""
    return await _answered(known_figure(name), request, database)


async def _answered(figure: Figure, request: Request, database: Database) -> Response:
    async with database.pool.acquire(timeout=5) as conn:
        asked = await asked_of(figure, request.query_params, conn)
    counted = await count(database, figure, asked)
    if request.query_params.get("format", _preferred(request)) == "csv":
        return _as_csv(figure, asked, counted)
    return Response(_answer(figure, asked, counted).model_dump_json(), media_type=JSON)


def _answer(figure: Figure, asked: Asked, counted: Counted) -> Answer:
    return Answer(
        name=figure.name,
        statement=figure.statement,
        unit=figure.unit,
        as_of=counted.as_of,
        journal_position=counted.position,
        by=list(asked.by),
        filters=dict(asked.words),
        project_years=[
            Year(
                code=year.code,
                label=year.label_on(counted.today),
                starts_on=year.starts_on,
                ends_on=year.ends_on,
                is_partial=year.is_partial,
                in_progress=year.in_progress(counted.today),
                comparable=year.comparable(counted.today),
                months=year.months(counted.today),
            )
            for year in counted.years
        ],
        caveats={
            one: in_words(one, small=counted.small) for row in counted.rows for one in row.caveats
        },
        rows=[_row(row) for row in counted.rows],
    )


def _row(row: Row) -> dict[str, Cell]:
    return {
        **row.dimensions,
        "value": row.value,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "comparable": row.comparable,
        "caveats": list(row.caveats),
    }


def _preferred(request: Request) -> str:
    """CSV when it is accepted, and JSON is not named before it."""
    accepted = request.headers.get("accept", "")
    return "csv" if CSV in accepted and JSON not in accepted.partition(CSV)[0] else "json"


def _as_csv(figure: Figure, asked: Asked, counted: Counted) -> Response:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*asked.by, *BESIDE, "figure", "as_of", "journal_position"])
    as_of = counted.as_of.isoformat() if counted.as_of else None
    for row in counted.rows:
        told = (*_row(row).values(), figure.name, as_of, counted.position)
        writer.writerow([_cell(one) for one in told])
    return Response(
        text.getvalue(),
        media_type=CSV,
        headers={"Content-Disposition": f'attachment; filename="{figure.name}.csv"'},
    )


def _cell(cell: Cell) -> Cell:
    match cell:
        case bool():
            return "true" if cell else "false"
        case list():
            return " ".join(cell)
        case _:
            return harmless(cell)


def harmless(cell: str | float | None) -> str | float | None:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
