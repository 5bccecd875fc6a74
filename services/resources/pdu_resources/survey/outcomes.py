"""What one learning event set out to do: asked about beside the questions that all events share."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form, PublishedLine
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Store

MOST = 5

router = APIRouter(tags=["surveys"])


class SetOutcomes(Form):
    """The outcomes that an event was planned for, as they are published, in their order."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"outcomes": ["Know whom to ring when somebody hoards."]}]}
    )

    outcomes: Annotated[
        tuple[Annotated[PublishedLine, Field(max_length=200)], ...], Field(max_length=MOST)
    ]


class Outcomes(BaseModel):
    """What an event set out to do. `event.outcome.1` is asked about the first."""

    learning_event_id: UUID
    outcomes: list[str]


@router.get("/learning-events/{learning_event_id}/outcomes")
async def outcomes(learning_event_id: UUID, database: Store) -> Outcomes:
    """The outcomes of an event; none where nobody set any."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await _select(conn, learning_event_id)
    return Outcomes(learning_event_id=learning_event_id, outcomes=found)


@router.put("/learning-events/{learning_event_id}/outcomes")
async def set_outcomes(learning_event_id: UUID, form: SetOutcomes, database: Store) -> Outcomes:
    """Say what an event set out to do. 409 once somebody has answered about it."""
    async with transaction(database) as conn:
        # Whoever answers at the same moment is waited for.
        await conn.execute("LOCK TABLE event_outcome IN ACCESS EXCLUSIVE MODE")
        if await _select(conn, learning_event_id) != list(form.outcomes):
            if await _answered(conn, learning_event_id):
                raise Conflict("People have answered about these outcomes: they stay as they are.")
            await conn.execute(
                "DELETE FROM event_outcome WHERE learning_event_id = $1", learning_event_id
            )
            await conn.execute(
                """
                INSERT INTO event_outcome (learning_event_id, number, outcome)
                SELECT $1, number, outcome
                  FROM unnest($2::text[]) WITH ORDINALITY AS told (outcome, number)
                """,
                learning_event_id,
                form.outcomes,
            )
    return Outcomes(learning_event_id=learning_event_id, outcomes=list(form.outcomes))


async def _select(conn: Conn, learning_event_id: UUID) -> list[str]:
    rows = await conn.fetch(
        "SELECT outcome FROM event_outcome WHERE learning_event_id = $1 ORDER BY number",
        learning_event_id,
    )
    return [row["outcome"] for row in rows]


async def _answered(conn: Conn, learning_event_id: UUID) -> bool:
    found: bool = await conn.fetchval(
        """
        SELECT EXISTS (SELECT FROM response JOIN answer USING (response_id)
                        WHERE learning_event_id = $1 AND question_code LIKE 'event.outcome.%')
        """,
        learning_event_id,
    )
    return found
