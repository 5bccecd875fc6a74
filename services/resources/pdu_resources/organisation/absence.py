"""Why nobody comes from an organisation, as it said when a coordinator asked."""

from datetime import date
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.organisation.rows import organisation
from pdu_shared import outbox
from pdu_shared.contracts.resources.organisation import AbsenceExplained, AbsenceReason
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Now, Store

log = structlog.get_logger()
router = APIRouter(tags=["organisations"])


class Explain(Form):
    """What was said, in the words of a list. Who said it is written down nowhere."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"reasons": ["no_cover", "times"], "asked_on": "2026-11-02"}]
        }
    )

    reasons: Annotated[
        tuple[AbsenceReason, ...], Field(min_length=1, max_length=len(AbsenceReason))
    ]
    asked_on: Day


class Explained(BaseModel):
    """Why nobody comes, and when that was asked."""

    organisation_id: UUID
    reasons: list[AbsenceReason]
    asked_on: date


@router.get("/organisations/{organisation_id}/absence")
async def read(organisation_id: UUID, database: Store) -> Explained:
    """Why nobody comes from an organisation. 404 when nobody has asked it."""
    row = await database.pool.fetchrow(
        """
        SELECT organisation_id, reasons, asked_on
          FROM organisation_absence
         WHERE organisation_id = $1 AND cardinality(reasons) > 0
        """,
        organisation_id,
    )
    if row is None:
        raise NotFound
    return Explained(**row)


@router.put("/organisations/{organisation_id}/absence")
async def explain(organisation_id: UUID, form: Explain, database: Store, now: Now) -> Explained:
    """Write down why nobody comes, in the place of what was written before.

    409 for a record that is merged into another one.
    """
    reasons = sorted(set(form.reasons), key=list(AbsenceReason).index)
    told = AbsenceExplained(
        organisation_id=organisation_id, reasons=tuple(reasons), asked_on=form.asked_on
    )
    async with transaction(database) as conn:
        found = await organisation(conn, organisation_id)
        if found.merged_into:
            raise Conflict("This record is merged into another one: explain that one.")
        if await _keep(conn, told, now):
            await outbox.add(conn, told)
    log.info("absence explained", organisation_id=str(organisation_id))
    return Explained(organisation_id=organisation_id, reasons=reasons, asked_on=form.asked_on)


@router.delete("/organisations/{organisation_id}/absence", status_code=204)
async def forget(organisation_id: UUID, database: Store, now: Now) -> None:
    """Take back what was written: they come now, or nobody asked. Safe to repeat."""
    async with transaction(database) as conn:
        await organisation(conn, organisation_id)
        asked_on = await conn.fetchval(
            """
            SELECT asked_on
              FROM organisation_absence
             WHERE organisation_id = $1 AND cardinality(reasons) > 0
               FOR UPDATE
            """,
            organisation_id,
        )
        if asked_on is not None:
            told = AbsenceExplained(organisation_id=organisation_id, reasons=(), asked_on=asked_on)
            await _keep(conn, told, now)
            await outbox.add(conn, told)


async def _keep(conn: Conn, told: AbsenceExplained, now: Now) -> bool:
    """Whether that was news."""
    done = await conn.execute(
        """
        INSERT INTO organisation_absence AS kept (organisation_id, reasons, asked_on, changed_at)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (organisation_id) DO UPDATE
           SET reasons = excluded.reasons, asked_on = excluded.asked_on,
               changed_at = excluded.changed_at
         WHERE (kept.reasons, kept.asked_on) IS DISTINCT FROM (excluded.reasons, excluded.asked_on)
        """,
        told.organisation_id,
        told.reasons,
        told.asked_on,
        now,
    )
    return done != "INSERT 0 0"
