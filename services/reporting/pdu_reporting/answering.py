"""Figures over HTTP: each with its filters, cut by any of its dimensions, in many forms."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from pdu_reporting.answer import Answer, answer_of
from pdu_reporting.asking import PARAMETERS, Audience, asked_of, known_figure
from pdu_reporting.counting import count
from pdu_reporting.figure import Figure
from pdu_reporting.figures import FIGURES
from pdu_reporting.forms import given
from pdu_reporting.labels import Labels, labels_of
from pdu_reporting.media import DRAWINGS, FORMATS, JSON, accepted
from pdu_reporting.veiling import veiled
from pdu_shared.database import Database
from pdu_shared.runtime import Store

IN_FULL: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            media_type: {"schema": {"type": "string"}}
            for media_type in dict.fromkeys(FORMATS.values())
            if media_type != JSON
        }
    }
}

router = APIRouter(tags=["figures"])


@router.get(
    "/figures/{name}",
    response_model=Answer,
    responses=IN_FULL,
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
    query, labels = request.query_params, Labels({})
    form = query.get("format") or accepted(request.headers.get("accept", ""))
    async with database.pool.acquire(timeout=5) as conn:
        asked = await asked_of(figure, query, conn)
        if form in DRAWINGS:
            labels = await labels_of(conn, asked)
    counted = await count(database, figure, asked)
    if asked.audience is Audience.PUBLISHED:
        counted = veiled(figure, asked.by, counted)
    told = answer_of(figure, asked, counted)
    if form == "json":
        return Response(told.model_dump_json(), media_type=JSON)
    # A workbook takes a while, and others are waiting.
    made = await asyncio.to_thread(given, told, form, query.multi_items(), labels)
    return Response(made.body, media_type=made.media_type, headers=dict(made.headers))
