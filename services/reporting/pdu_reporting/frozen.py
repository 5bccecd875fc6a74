"""Snapshots as reports: figures as they were frozen, on a page or on paper."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from pdu_reporting import snapshot_rows
from pdu_reporting.annual import IN_FORMS, ReportFormat, set_as
from pdu_reporting.answer import Answer
from pdu_reporting.asking import Audience
from pdu_reporting.labels import labels_for
from pdu_reporting.report.model import Definition, Part, Report, Section
from pdu_reporting.report.parts import part_of
from pdu_reporting.snapshot_rows import Snapshot
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Store

INTRO = "Every table as it was frozen; what has come in since is not in it."

router = APIRouter(tags=["reports"])


@router.get("/reports/snapshots/{snapshot_id}", response_model=Report, responses=IN_FORMS)
async def frozen(
    snapshot_id: UUID,
    database: Store,
    form: Annotated[ReportFormat, Query(alias="format")] = ReportFormat.HTML,
) -> Response:
    """A snapshot with charts and tables, as the team sees it."""
    async with database.pool.acquire(timeout=5) as conn:
        snapshot = await snapshot_rows.find(conn, snapshot_id)
        if snapshot is None:
            raise NotFound
        answers = [answer for _, answer in await snapshot_rows.answers_of(conn, snapshot_id)]
        parts = [await _part(conn, answer) for answer in answers if answer.rows]
    report = _report(snapshot, parts, answers)
    return await set_as(report, form, name=f"snapshot-{snapshot.snapshot_id}")


def _report(snapshot: Snapshot, parts: list[Part], answers: list[Answer]) -> Report:
    what = {answer.name: (answer.statement, answer.unit) for answer in answers}
    return Report(
        title=snapshot.title,
        year=f"Frozen on {snapshot.frozen_at.day} {snapshot.frozen_at:%B %Y}",
        code=str(snapshot.snapshot_id),
        starts_on=None,
        ends_on=snapshot.up_to,
        is_partial=False,
        in_progress=False,
        audience=Audience.TEAM,
        as_of=snapshot.as_of,
        journal_position=snapshot.journal_position,
        numbers=[],
        reach=None,
        sections=[Section(title="Frozen figures", intro=INTRO, parts=parts)] if parts else [],
        definitions=[
            Definition(figure=name, statement=statement, unit=unit)
            for name, (statement, unit) in sorted(what.items())
        ],
        checked=[],
    )


async def _part(conn: Conn, answer: Answer) -> Part:
    question = answer.filters.get("question_code")
    labels = await labels_for(
        conn,
        [*answer.by, *answer.filters],
        question=question[0] if isinstance(question, list) else None,
    )
    words = {
        name: ",".join(word) if isinstance(word, list) else str(word)
        for name, word in {"by": answer.by, **answer.filters}.items()
        if word
    }
    return part_of(answer, f"/figures/{answer.name}?{urlencode(words, safe=',')}", labels)
