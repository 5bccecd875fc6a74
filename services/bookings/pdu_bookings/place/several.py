"""Several places in one request: each its own booking and its own answer, in their order."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from pdu_bookings.place.asking import Ask, BookingAnswer
from pdu_bookings.place.desk import Desk
from pdu_shared.idempotency import Answer
from pdu_shared.problems import Problem
from pdu_shared.runtime import Runtime


class WhyNot(BaseModel):
    """Why one of several was not booked, as the problem it would be alone."""

    type: str
    title: str
    status: int
    detail: str | None


class Outcome(BaseModel):
    """What became of one of several."""

    booking: BookingAnswer | None = Field(description="What they received; null with a problem")
    problem: WhyNot | None


async def ask_several(runtime: Runtime, asks: Sequence[Ask]) -> list[Outcome]:
    """Queue for all of them together. Raises the first problem when nobody received anything."""
    answers = await runtime.part(Desk).ask_all(asks)
    problems = [one for one in answers if isinstance(one, Problem)]
    if len(problems) == len(answers):
        raise problems[0]
    return [_outcome(one) for one in answers]


def _outcome(answer: Answer | Problem) -> Outcome:
    match answer:
        case Answer(body=body):
            return Outcome(booking=BookingAnswer.model_validate_json(body), problem=None)
        case Problem() as no:
            told = WhyNot(
                type=f"/problems/{no.slug}", title=no.title, status=no.status, detail=no.detail
            )
            return Outcome(booking=None, problem=told)
