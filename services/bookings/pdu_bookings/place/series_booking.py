"""A series is booked as a whole: each of its coming events gives an answer of its own."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, TypeAdapter

from pdu_bookings.category import Categories
from pdu_bookings.place.also_told import Also
from pdu_bookings.place.asked import BookingForms
from pdu_bookings.place.asking import Ask, AskForPlace
from pdu_bookings.place.several import Outcome, ask_several
from pdu_shared.bus import current_thread
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.idempotency import Asked, begin
from pdu_shared.problems import Fault, NotFound, Refused
from pdu_shared.runtime import Here, Now, Runtime

router = APIRouter(tags=["bookings"])

MOST = 50
"""Events of a series that are booked in one request, soonest first."""

_PLAN = TypeAdapter(list[UUID])


class EventOutcome(Outcome):
    """What one event of the series gave."""

    learning_event_id: UUID


class SeriesAnswer(BaseModel):
    """What each coming event of the series gave, soonest first."""

    events: list[EventOutcome]


@router.post("/series/{key}/bookings", status_code=201)
async def ask_for_series(
    key: Annotated[Code, Path(description="The key of the series")],
    form: AskForPlace,
    asked: Asked,
    runtime: Here,
    now: Now,
) -> SeriesAnswer:
    """Ask for a place at every coming event of a series. For a single one, ask that event.

    Repeated with the same key it asks for the same events, also when others have joined since.
    """
    await runtime.part(Categories).check(form.said())
    async with transaction(runtime.database) as conn:
        coming = await _coming(conn, key, now)
        if not coming:
            raise NotFound
        plan = await begin(conn, asked, _PLAN.dump_json(coming).decode())
    planned = _PLAN.validate_json(plan)
    chosen = await _chosen(runtime, planned, form)
    asks = [
        Ask(event, chosen[event].person(), asked.part(event), current_thread(), also)
        for event, also in (await _checked(runtime, planned, form)).items()
    ]
    outcomes = await ask_several(runtime, asks)
    return SeriesAnswer(
        events=[
            EventOutcome(learning_event_id=event, **dict(outcome))
            for event, outcome in zip(planned, outcomes, strict=True)
        ]
    )


async def _checked(
    runtime: Runtime, learning_event_ids: list[UUID], form: AskForPlace
) -> dict[UUID, Also]:
    """What was told besides, for each event as far as it asks for it."""
    forms = runtime.part(BookingForms)
    forms.read_again()
    told = {}
    unknown = set(form.answers)
    for learning_event_id in learning_event_ids:
        codes = {question.code for question in (await forms.asks(learning_event_id)).questions}
        unknown -= codes
        answers = {code: answer for code, answer in form.answers.items() if code in codes}
        own = form.model_copy(update={"answers": answers})
        told[learning_event_id] = await forms.check(learning_event_id, own)
    if unknown:
        words = "No event of this series asks that."
        raise Refused(
            errors=[Fault(f"/answers/{code}", "unknown-question", words) for code in unknown]
        )
    return told


async def _chosen(
    runtime: Runtime, learning_event_ids: list[UUID], form: AskForPlace
) -> dict[UUID, AskForPlace]:
    """The request as it is for each event: with those of the sessions chosen that are its own."""
    if not form.sessions:
        return dict.fromkeys(learning_event_ids, form)
    rows = await runtime.database.pool.fetch(
        "SELECT session_id, learning_event_id FROM session WHERE session_id = ANY ($1::uuid[])",
        list(form.sessions),
    )
    of_event = {row["session_id"]: row["learning_event_id"] for row in rows}
    if unknown := [
        place
        for place, one in enumerate(form.sessions)
        if of_event.get(one) not in learning_event_ids
    ]:
        words = "No event of this series has such a session."
        raise Refused(errors=[Fault(f"/sessions/{at}", "unknown-session", words) for at in unknown])
    return {
        event: form.model_copy(
            update={"sessions": tuple(one for one in form.sessions if of_event[one] == event)}
        )
        for event in learning_event_ids
    }


async def _coming(conn: Conn, key: str, now: datetime) -> list[UUID]:
    rows = await conn.fetch(
        """
        SELECT learning_event_id
          FROM learning_event JOIN session USING (learning_event_id)
         WHERE series = $1 AND state = 'published'
         GROUP BY learning_event_id
        HAVING min(starts_at) > $2
         ORDER BY min(starts_at), learning_event_id
         LIMIT $3
        """,
        key,
        now,
        MOST,
    )
    return [row["learning_event_id"] for row in rows]
