"""Taking answers back: nothing of them is kept, and nothing of them counts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Path

from pdu_resources.rules.project_year import local_date
from pdu_resources.survey import intention, response_rows
from pdu_resources.survey.link import Purpose, opened
from pdu_resources.survey.survey_rows import survey_id
from pdu_resources.voice import quote
from pdu_shared import outbox
from pdu_shared.contracts.resources.survey import SurveyResponseWithdrawn
from pdu_shared.database import Conn, transaction
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Here, Now

log = structlog.get_logger()
router = APIRouter(tags=["surveys"])


@router.delete("/receipts/{token}", status_code=204)
async def take_back_openly(
    token: Annotated[str, Path(description="The receipt that came with the answers")],
    here: Here,
    now: Now,
) -> None:
    """Take back what was answered without an invitation. Doing it twice is doing it once."""
    response_id = opened(here, Purpose.RECEIPT, token)
    async with transaction(here.database) as conn:
        await withdraw(conn, response_id, now=now)


async def withdraw(conn: Conn, response_id: UUID, *, now: datetime) -> None:
    """Forget what was answered, and say so. NotFound where there is no such response."""
    row = await conn.fetchrow(
        """
        SELECT survey_key, wave, learning_event_id, withdrawn_at FROM response
         WHERE response_id = $1 AND NOT imported
           FOR UPDATE
        """,
        response_id,
    )
    if row is None:
        raise NotFound
    if row["withdrawn_at"] is not None:
        return
    await intention.forget(conn, response_id, now=now)
    await quote.withdraw_of_response(conn, response_id, now=now)
    await response_rows.forget_answers(conn, response_id, now=now)
    await conn.execute(
        """
        UPDATE response
           SET withdrawn_at = $2, person_id = NULL, sector = NULL, work_field = NULL,
               may_quote = false, may_link = false
         WHERE response_id = $1
        """,
        response_id,
        now,
    )
    withdrawn = SurveyResponseWithdrawn(
        response_id=response_id,
        survey_id=survey_id(row["survey_key"]),
        survey_key=row["survey_key"],
        wave=row["wave"],
        learning_event_id=row["learning_event_id"],
        withdrawn_on=local_date(now),
    )
    await outbox.add(conn, withdrawn)
    log.info("answers taken back", response_id=str(response_id))
