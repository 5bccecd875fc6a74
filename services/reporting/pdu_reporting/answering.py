"""Figures over HTTP: a named count with filters, cut by any of its dimensions, as JSON or CSV."""

import csv
import io
from datetime import datetime
from typing import TypeAlias

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from pdu_reporting.asking import PARAMETERS, Asked, asked_of, names_of, words_of
from pdu_reporting.figure import Figure
from pdu_reporting.figures import FIGURES
from pdu_shared.database import Conn, Database
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Store

CSV = "text/csv"
JSON = "application/json"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheets run text that begins with one of these."""

router = APIRouter(tags=["figures"])

Row: TypeAlias = dict[str, str | int | None]


class Definition(BaseModel):
    """What a figure counts, by what it can be cut, and what a request may say."""

    name: str
    statement: str
    dimensions: list[str]
    filters: list[str]


class Definitions(BaseModel):
    """All figures there are."""

    items: list[Definition]


class Answer(BaseModel):
    """A figure, and how far the journal had come when it was counted."""

    name: str
    statement: str
    as_of: datetime | None
    """When the newest message in the journal came in; null before the first."""
    journal_position: int
    partial_years: list[str]
    """Project years among the rows that are no whole year, so not to be compared with others."""
    rows: list[Row]
    """A column for each dimension asked for, null where it is not known, and `value`."""


@router.get("/figures")
async def definitions() -> Definitions:
    """The figures, what each counts, and by what it can be cut and filtered."""
    return Definitions(
        items=[
            Definition(
                name=figure.name,
                statement=figure.statement,
                dimensions=names_of(figure),
                filters=words_of(figure),
            )
            for figure in FIGURES.values()
        ]
    )


@router.get(
    "/figures/{name}",
    response_model=Answer,
    responses={200: {"content": {CSV: {"schema": {"type": "string"}}}}},
    openapi_extra={"parameters": PARAMETERS},
)
async def answer(name: str, request: Request, database: Store) -> Response:
    """One figure, such as `/figures/attendances?by=sector,project_year&area=nottingham_city`."""
    if name not in FIGURES:
        raise NotFound(f"The figures are {', '.join(FIGURES)}.")
    figure = FIGURES[name]
    async with database.pool.acquire(timeout=5) as conn:
        asked = await asked_of(figure, request.query_params, conn)
    counted = await count(database, figure, asked)
    if request.query_params.get("format", _preferred(request)) == "csv":
        return _as_csv(counted, asked)
    return Response(counted.model_dump_json(), media_type=JSON)


async def count(database: Database, figure: Figure, asked: Asked) -> Answer:
    """Count a figure, from one moment of the journal."""
    async with (
        database.pool.acquire(timeout=5) as conn,
        conn.transaction(isolation="repeatable_read", readonly=True),
    ):
        # Before the first question, which fixes what is seen: else a rebuilt table that is swapped
        # in between two questions would look empty.
        await conn.execute(figure.lock)
        position, as_of = await _moment(conn)
        rows = await conn.fetch(figure.sql, asked.by, *asked.keep, asked.first, asked.last)
        partial = await _partial_years(conn)
    counted: list[Row] = [{name: row[name] for name in (*asked.by, "value")} for row in rows]
    if not asked.by and not counted:
        counted = [{"value": 0}]  # a total of nothing is still a total
    years = {row.get("project_year") for row in counted}
    return Answer(
        name=figure.name,
        statement=figure.statement,
        as_of=as_of,
        journal_position=position,
        partial_years=[year for year in partial if year in years],
        rows=counted,
    )


def _preferred(request: Request) -> str:
    """CSV when it is accepted, and JSON is not named before it."""
    accepted = request.headers.get("accept", "")
    return "csv" if CSV in accepted and JSON not in accepted.partition(CSV)[0] else "json"


def _as_csv(counted: Answer, asked: Asked) -> Response:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*asked.by, "value", "figure", "as_of", "journal_position"])
    as_of = counted.as_of.isoformat() if counted.as_of else None
    for row in counted.rows:
        told = (*row.values(), counted.name, as_of, counted.journal_position)
        writer.writerow([harmless(cell) for cell in told])
    return Response(
        text.getvalue(),
        media_type=CSV,
        headers={"Content-Disposition": f'attachment; filename="{counted.name}.csv"'},
    )


def harmless(cell: str | int | None) -> str | int | None:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


async def _moment(conn: Conn) -> tuple[int, datetime | None]:
    row = await conn.fetchrow(
        "SELECT position, received_at FROM journal ORDER BY position DESC LIMIT 1"
    )
    return (row["position"], row["received_at"]) if row else (0, None)


async def _partial_years(conn: Conn) -> list[str]:
    rows = await conn.fetch("SELECT code FROM project_year WHERE is_partial ORDER BY starts_on")
    return [row["code"] for row in rows]
