"""What it takes to complete a learning event, as a coordinator says it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.attendance.certificate_rows import reconsider
from pdu_bookings.attendance.earning import Rule, lock_registers, rule_of
from pdu_bookings.rules.certificate import ALL
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import WRITTEN_AS_NUMBER, Form
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["certificates"])


class SayCompletion(Form):
    """Which share of its sessions it takes, rounded up to whole ones."""

    share_percent: Annotated[int, Field(ge=1, le=ALL), WRITTEN_AS_NUMBER]

    model_config = ConfigDict(json_schema_extra={"examples": [{"share_percent": 75}]})


class Completion(BaseModel):
    """What it takes to complete a learning event."""

    learning_event_id: UUID
    share_percent: int
    cpd_hours: float | None = Field(description="Of the event: instead of the hours attended")


@router.get("/learning-events/{learning_event_id}/completion")
async def read_completion(learning_event_id: UUID, database: Store) -> Completion:
    """What it takes to complete this learning event: unless somebody said, all of its sessions."""
    async with database.pool.acquire(timeout=5) as conn:
        return _shown(learning_event_id, await rule_of(conn, learning_event_id))


@router.put("/learning-events/{learning_event_id}/completion")
async def say_completion(
    learning_event_id: UUID, form: SayCompletion, database: Store, now: Now
) -> Completion:
    """Say what it takes. Certificates that are out follow: some are withdrawn, some given again."""
    async with transaction(database) as conn:
        await lock_registers(conn, learning_event_id)
        await rule_of(conn, learning_event_id)
        await _say(conn, learning_event_id, form.share_percent)
        await reconsider(conn, [learning_event_id], None, now)
        return _shown(learning_event_id, await rule_of(conn, learning_event_id))


def _shown(learning_event_id: UUID, rule: Rule) -> Completion:
    return Completion(
        learning_event_id=learning_event_id,
        share_percent=rule.share_percent,
        cpd_hours=float(rule.cpd_hours) if rule.cpd_hours else None,
    )


async def _say(conn: Conn, learning_event_id: UUID, share_percent: int) -> None:
    await conn.execute(
        """
        INSERT INTO completion (learning_event_id, share_percent) VALUES ($1, $2)
            ON CONFLICT (learning_event_id) DO UPDATE SET share_percent = excluded.share_percent
        """,
        learning_event_id,
        share_percent,
    )
