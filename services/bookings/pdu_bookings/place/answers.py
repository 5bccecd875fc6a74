"""What those who book answered: choices counted, texts without a name."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_bookings.place.also_told import INTENTION, PRIOR_KNOWLEDGE
from pdu_shared.runtime import Store

router = APIRouter(tags=["bookings"])


class AnswersGiven(BaseModel):
    """What those who hold a place or wait for one answered."""

    choices: dict[str, dict[str, int]] = Field(
        description="By the code of a question: how many chose each option. "
        f"`{PRIOR_KNOWLEDGE}` is what they knew before"
    )
    texts: dict[str, list[str]] = Field(
        description="By the code of a question: what was written, deleted 28 days after the event. "
        f"`{INTENTION}` is what they mean to do with what they hear"
    )


@router.get("/learning-events/{learning_event_id}/booking-answers")
async def answers(learning_event_id: UUID, database: Store) -> AnswersGiven:
    """What those who come answered: choices counted, texts without a name."""
    async with database.pool.acquire(timeout=5) as conn:
        choices = await conn.fetch(
            """
            SELECT code, choice, count(*) AS people
              FROM booking_choice JOIN booking USING (booking_id)
             WHERE learning_event_id = $1 AND active
             GROUP BY code, choice
             ORDER BY code, choice
            """,
            learning_event_id,
        )
        texts = await conn.fetch(
            """
            SELECT code, words
              FROM booking_text JOIN booking USING (booking_id)
             WHERE learning_event_id = $1 AND active
             ORDER BY code, booking_id
            """,
            learning_event_id,
        )
    given = AnswersGiven(choices={}, texts={})
    for row in choices:
        given.choices.setdefault(row["code"], {})[row["choice"]] = row["people"]
    for row in texts:
        given.texts.setdefault(row["code"], []).append(row["words"])
    return given
