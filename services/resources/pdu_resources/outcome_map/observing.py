"""Progress markers are seen, or looked for in vain."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.versioned.changes import By, Hand
from pdu_shared import outbox
from pdu_shared.contracts.resources.change import EvidenceMethod
from pdu_shared.contracts.resources.outcome import ProgressMarkerObserved
from pdu_shared.database import Conn
from pdu_shared.forms import Day, Form, Paragraphs
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.local_time import local_day
from pdu_shared.problems import Fault, NotFound, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["outcomes map"])


class Observe(Form):
    """Whether a marker was seen, and how that is known."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"seen": True, "evidence": "interview"}]}
    )

    seen: Annotated[bool, Field(strict=True)]
    evidence: EvidenceMethod
    note: Paragraphs | None = None
    observed_on: Day | None = Field(default=None, description="Today unless given")


class Observed(BaseModel):
    """An observation."""

    observation_id: UUID
    marker_id: UUID
    seen: bool
    evidence: EvidenceMethod
    observed_on: date


@router.post("/progress-markers/{marker_id}/observations", status_code=201, response_model=Observed)
async def observe(
    marker_id: UUID, form: Observe, database: Store, asked: Asked, by: By
) -> Response:
    """Say that a marker was seen, or looked for in vain."""
    return await once(database, asked, partial(_observe, marker_id=marker_id, form=form, by=by))


async def _observe(conn: Conn, *, marker_id: UUID, form: Observe, by: Hand) -> Answer:
    row = await conn.fetchrow(
        """
        SELECT level, partner FROM progress_marker JOIN boundary_partner USING (partner_id)
         WHERE marker_id = $1
        """,
        marker_id,
    )
    if row is None:
        raise NotFound
    today = local_day(by.now)
    observed_on = form.observed_on or today
    if observed_on > today:
        raise Refused(errors=[Fault("/observed_on", "out-of-bounds", "Not in the future.")])
    observed = Observed(
        observation_id=uuid7(),
        marker_id=marker_id,
        seen=form.seen,
        evidence=form.evidence,
        observed_on=observed_on,
    )
    await conn.execute(
        """
        INSERT INTO marker_observation (observation_id, marker_id, seen, evidence, observed_on,
                                        note)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        *observed.model_dump().values(),
        form.note,
    )
    await outbox.add(
        conn,
        ProgressMarkerObserved(**observed.model_dump(), partner=row["partner"], level=row["level"]),
    )
    return Answer.of(observed)
