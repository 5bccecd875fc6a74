"""The evidence pack for funders: report, tables and definitions in one file that proves itself."""

import asyncio
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from pdu_reporting.annual import gathered_for
from pdu_reporting.asking import Audience
from pdu_reporting.export import metadata, plain
from pdu_reporting.export.table import Cell
from pdu_reporting.forms import as_table
from pdu_reporting.report import page, paper
from pdu_reporting.report.aims import STATEMENTS
from pdu_reporting.report.gathering import Gathered
from pdu_reporting.wording import printed
from pdu_shared.access import Who
from pdu_shared.contracts.resources.change import HlsCondition
from pdu_shared.runtime import Store

MEDIA_TYPE = "application/zip"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can hold: the same evidence gives the same bytes."""
AIM_COLUMNS = ("aim", "changes", "what_it_would_look_like")
CONDITION_COLUMNS = ("condition", "capacity", "changes")
STUDY_COLUMNS = ("case_study_id", "title", "published_on", "aims")
README = """\
Evidence pack: {title}
For: {audience}
Counted from the journal of all messages up to position {position} ({as_of}).

report.pdf, report.html   the annual report, to print and to read
tables/                   every table of it as CSV; each has its description beside it
                          (CSV on the Web): definition, unit, filters, position, caveats
aims.csv                  changes for each aim of systems change, with its success statements
conditions.csv            changes for each condition for change, and how far the unit can contribute
case-studies.csv          case studies that everybody can read
claims.json               figures that earlier reports printed, and whether they hold
definitions.json          what each figure counts
manifest.json             the sha256 of each file

"""

router = APIRouter(tags=["reports"])


@router.get(
    "/reports/evidence",
    response_class=Response,
    responses={
        200: {
            "description": "A zip: the report, its tables, definitions, evidence and a manifest.",
            "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def evidence(
    database: Store,
    who: Who,
    project_year: Annotated[str, Query(description="The code of a project year.")],
    audience: Audience = Audience.PUBLISHED,
) -> Response:
    """The evidence for a project year, all from one moment, with the sha256 of each file."""
    found = await gathered_for(who, database, project_year, audience)
    name = f"evidence-{found.report.code}.zip"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(await asyncio.to_thread(pack, found), media_type=MEDIA_TYPE, headers=headers)


def pack(found: Gathered) -> bytes:
    """The zip; the same evidence gives the same bytes."""
    files = dict(_files(found))
    files["manifest.json"] = _json(
        {
            "title": found.report.title,
            "audience": found.report.audience,
            "journal_position": found.report.journal_position,
            "files": {name: hashlib.sha256(body).hexdigest() for name, body in files.items()},
        }
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in files.items():
            file.writestr(zipfile.ZipInfo(name, LONG_AGO), body, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _files(found: Gathered) -> Iterator[tuple[str, bytes]]:
    report = found.report
    about = README.format(
        title=report.title,
        audience=report.audience,
        position=report.journal_position,
        as_of=report.as_of,
    )
    yield "README.txt", about.encode()
    yield "report.pdf", paper.paper(report)
    yield "report.html", page.page(report).encode()
    yield from _tables(found)
    yield "aims.csv", _lines(AIM_COLUMNS, _aims(found))
    yield "conditions.csv", _lines(CONDITION_COLUMNS, _conditions(found))
    yield "case-studies.csv", _lines(STUDY_COLUMNS, _studies(found))
    yield "claims.json", _json([one.model_dump(mode="json") for one in report.checked])
    yield "definitions.json", _json([one.model_dump(mode="json") for one in report.definitions])


def _tables(found: Gathered) -> Iterator[tuple[str, bytes]]:
    cut = [one.answer for one in found.told if one.answer.by and one.answer.rows]
    for number, answer in enumerate(cut, start=1):
        name = f"{number:02}-{answer.name}-by-{'-'.join(answer.by)}.csv"
        table = as_table(answer)
        text = plain.heading(table.columns) + plain.lines(table.rows)
        yield f"tables/{name}", text.encode()
        yield f"tables/{name}-metadata.json", metadata.metadata(name, table).encode()


def _aims(found: Gathered) -> Iterator[list[Cell]]:
    counted = _counted(found, "aim")
    for aim, statements in STATEMENTS.items():
        for statement in statements:
            yield [aim, counted.get(aim, "0"), statement]


def _conditions(found: Gathered) -> Iterator[list[Cell]]:
    counted = _counted(found, "hls")
    for condition in HlsCondition:
        yield [condition, condition.capacity, counted.get(condition, "0")]


def _studies(found: Gathered) -> Iterator[list[Cell]]:
    for one in found.studies:
        yield [str(one.case_study_id), one.title, one.published_on, " ".join(one.aims)]


def _counted(found: Gathered, dimension: str) -> dict[str, str]:
    """How many changes there are of each, as the report prints it."""
    return {
        code: printed(one.answer, row)
        for one in found.told
        if one.answer.name == "impacts" and one.answer.by == [dimension]
        for row in one.answer.rows
        if isinstance(code := row[dimension], str)
    }


def _lines(names: Sequence[str], rows: Iterator[list[Cell]]) -> bytes:
    return plain.lines([names, *rows]).encode()


def _json(told: object) -> bytes:
    return json.dumps(told, indent=2, ensure_ascii=False).encode()
