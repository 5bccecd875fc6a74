"""Looking at what became of a promise; and topics that an organisation named to keep it."""

from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter
from pydantic import ConfigDict, Field

from pdu_resources.commitment.keeping import Commitment, lock_own, one_commitment
from pdu_resources.rules.undertaking import may_become
from pdu_resources.versioned.changes import By, note
from pdu_resources.versioned.seen import Version
from pdu_shared import outbox
from pdu_shared.contracts.resources.steering import (
    CommitmentKind,
    CommitmentReviewed,
    UndertakingState,
)
from pdu_shared.database import transaction
from pdu_shared.forms import Form, Paragraphs
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["commitments"])


class Review(Form):
    """What became of it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"state": "partly", "note": "Rotas made it hard."}]}
    )

    state: UndertakingState
    note: Annotated[Paragraphs | None, Field(description="Kept here, and told nobody else")] = None


@router.put("/commitments/{commitment_id}/review")
async def review(
    commitment_id: UUID, form: Review, version: Version, database: Store, by: By
) -> Commitment:
    """Say what became of a promise. What was kept is counted, and told with it.

    409 when no way leads to that state. 412 when somebody else changed it in the meantime.
    """
    async with transaction(database) as conn:
        row = await lock_own(conn, commitment_id, by.caller)
        version.check(row["version"])
        if not may_become(UndertakingState(row["state"]), form.state):
            raise Conflict(f"A commitment that is {row['state']} cannot become {form.state}.")
        today = local_day(by.now)
        await conn.execute(
            """
            UPDATE commitment
               SET state = $2, note = $3, reviewed_on = $4, version = version + 1, changed_at = $5
             WHERE commitment_id = $1
            """,
            commitment_id,
            form.state,
            form.note,
            today,
            by.now,
        )
        await note(conn, "commitment", commitment_id, {"state": row["state"]}, by)
        found = await one_commitment(conn, commitment_id)
        reviewed = CommitmentReviewed(
            commitment_id=commitment_id,
            organisation_id=found.organisation_id,
            kind=found.kind,
            project_year=found.project_year,
            promised=found.promised,
            kept=found.kept,
            state=found.state,
            reviewed_on=today,
        )
        await outbox.add(conn, reviewed)
    version.renew(found.version)
    return found


@router.put("/commitments/{commitment_id}/topics/{topic_id}")
async def name_topic(commitment_id: UUID, topic_id: UUID, database: Store, by: By) -> Commitment:
    """Count a topic that was suggested as named by the organisation. Twice is once.

    The topic is suggested where topics are (`POST /topics` of bookings); its id is enough here. 422
    for one that has not been heard of: a moment after it was suggested, try again.
    """
    async with transaction(database) as conn:
        row = await lock_own(conn, commitment_id, by.caller)
        if row["kind"] != CommitmentKind.NAME_TOPICS:
            raise Conflict("This commitment is about people who come, not about topics.")
        try:
            await conn.execute(
                """
                INSERT INTO commitment_topic (commitment_id, topic_id, named_on)
                VALUES ($1, $2, $3)
                    ON CONFLICT DO NOTHING
                """,
                commitment_id,
                topic_id,
                local_day(by.now),
            )
        except asyncpg.ForeignKeyViolationError:
            detail = "No such topic has been heard of so far."
            raise Refused(errors=[Fault("/topic_id", "unknown-topic", detail)]) from None
        return await one_commitment(conn, commitment_id)
