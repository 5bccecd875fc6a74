"""My log to take away: as data, as text, and to print."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from pdu_resources.member.same_person import ids_of
from pdu_resources.paper import PDF, pdf
from pdu_resources.reflection.entry import Reflection, reflections_of, shown
from pdu_resources.reflection.reading import Reflections
from pdu_resources.rules.project_year import local_date
from pdu_resources.usage.activity import account_of
from pdu_shared.access import Who
from pdu_shared.problems import TooLarge
from pdu_shared.runtime import Now, Store

MARKDOWN = "text/markdown"
MOST = 5000
router = APIRouter(tags=["reflections"])


class LogFormat(StrEnum):
    """The kind of file."""

    JSON = "json"
    MARKDOWN = "markdown"
    PDF = "pdf"


_DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The whole log, the newest first, as a file.",
        "content": {
            "application/json": {"schema": Reflections.model_json_schema()},
            MARKDOWN: {"schema": {"type": "string"}},
            PDF: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.get("/reflection-log", responses=_DESCRIBED, response_model=None)
async def export(
    database: Store,
    caller: Who,
    now: Now,
    form: Annotated[LogFormat, Query(alias="format")] = LogFormat.JSON,
) -> Response:
    """My whole log as a file: JSON, Markdown or PDF. That I took it is written down nowhere."""
    async with database.pool.acquire(timeout=5) as conn:
        mine = await ids_of(conn, await account_of(conn, caller))
        rows = await reflections_of(conn, mine, limit=MOST + 1)
    if len(rows) > MOST:
        raise TooLarge(f"More than {MOST} entries: read them page by page.")
    entries = [shown(row) for row in rows]
    name = f"reflections-{local_date(now).isoformat()}"
    match form:
        case LogFormat.PDF:
            return await pdf("reflections", _data(entries, now), name=name)
        case LogFormat.MARKDOWN:
            return _file(_markdown(entries), MARKDOWN, f"{name}.md")
    body = Reflections(items=entries, next=None).model_dump_json()
    return _file(body, "application/json", f"{name}.json")


def _file(body: str, media_type: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(body, headers=headers, media_type=media_type)


def _markdown(entries: Sequence[Reflection]) -> str:
    parts = ["# My reflections"]
    parts += [f"## {one.happened_on:%-d %B %Y}\n\n{one.text}" for one in entries]
    return "\n\n".join(parts) + "\n"


def _data(entries: Sequence[Reflection], now: datetime) -> dict[str, Any]:
    return {
        "printed_on": f"{local_date(now):%-d %B %Y}",
        "entries": [
            {"day": f"{one.happened_on:%-d %B %Y}", "paragraphs": one.text.split("\n")}
            for one in entries
        ],
    }
