"""The answer of somebody who was nominated: yes, with their own details, or no."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel

from pdu_bookings.category import Categories
from pdu_bookings.link import Purpose
from pdu_bookings.place.asked import BookingForms
from pdu_bookings.place.asking import Ask, AskForPlace, BookingAnswer
from pdu_bookings.place.desk import Desk
from pdu_bookings.programme.public import LearningEvent
from pdu_bookings.programme.reading import learning_event
from pdu_shared.bus import current_thread
from pdu_shared.contracts.vocabulary import BookingChannel
from pdu_shared.database import Conn, transaction
from pdu_shared.idempotency import Asked
from pdu_shared.links import opened_by
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Here, Now, Runtime

router = APIRouter(tags=["nominations"])

NominationToken = Annotated[str, Path(description="The token of one nomination, from its letter")]


class NominationState(StrEnum):
    """Whether the person has answered, and what."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class NominationSeen(BaseModel):
    """A nomination as the person who holds its link may see it."""

    state: NominationState
    learning_event: LearningEvent


@router.get("/n/{token}")
async def see_nomination(token: NominationToken, runtime: Here, now: Now) -> NominationSeen:
    """What somebody was nominated for; 404 from its start on. Looking changes nothing."""
    nomination_id = _nomination_behind(runtime, token)
    async with runtime.database.pool.acquire(timeout=5) as conn:
        state, learning_event_id = await _standing(conn, nomination_id, now)
        event = await learning_event(conn, learning_event_id, now=now)
    return NominationSeen(state=state, learning_event=event)


@router.post("/n/{token}/acceptance", status_code=201, response_model=BookingAnswer)
async def accept(
    token: NominationToken, form: AskForPlace, runtime: Here, asked: Asked, now: Now
) -> Response:
    """Say yes with one's own details: an ordinary booking. Also after a no, if there is room."""
    nomination_id = _nomination_behind(runtime, token)
    async with runtime.database.pool.acquire(timeout=5) as conn:
        _, learning_event_id = await _standing(conn, nomination_id, now)
    await runtime.part(Categories).check(form.said())
    also = await runtime.part(BookingForms).check(learning_event_id, form)
    answer = await runtime.part(Desk).ask(
        Ask(
            learning_event_id,
            form.person(),
            asked,
            current_thread(),
            also,
            BookingChannel.NOMINATION,
        )
    )
    # After the booking: whoever is stopped between the two asks again, with the same key.
    async with transaction(runtime.database) as conn:
        await _answer(conn, nomination_id, NominationState.ACCEPTED, now)
    return answer.response()


@router.post("/n/{token}/refusal")
async def decline(token: NominationToken, runtime: Here, now: Now) -> NominationSeen:
    """Say no, without a reason. Doing it twice is doing it once."""
    nomination_id = _nomination_behind(runtime, token)
    async with transaction(runtime.database) as conn:
        await _answer(conn, nomination_id, NominationState.DECLINED, now)
        state, learning_event_id = await _standing(conn, nomination_id, now)
        if state is NominationState.ACCEPTED:
            raise Conflict("You have booked. Give the place back with the link of that letter.")
        event = await learning_event(conn, learning_event_id, now=now)
    return NominationSeen(state=NominationState.DECLINED, learning_event=event)


def _nomination_behind(runtime: Runtime, token: str) -> UUID:
    link_key = runtime.settings.secret("link_key").encode()
    nomination_id = opened_by(link_key, Purpose.NOMINATION, token)
    if nomination_id is None:
        raise NotFound
    return nomination_id


async def _standing(conn: Conn, nomination_id: UUID, now: datetime) -> tuple[NominationState, UUID]:
    """The nomination and its event, while that is still to come. Raises NotFound."""
    row = await conn.fetchrow(
        """
        SELECT nomination.state, learning_event_id
          FROM nomination JOIN learning_event AS event USING (learning_event_id)
         WHERE nomination_id = $1
           AND event.state = 'published'
           AND $2 < (SELECT min(starts_at) FROM session
                      WHERE session.learning_event_id = event.learning_event_id)
        """,
        nomination_id,
        now,
    )
    if row is None:
        raise NotFound
    return NominationState(row["state"]), row["learning_event_id"]


async def _answer(conn: Conn, nomination_id: UUID, state: NominationState, now: datetime) -> None:
    """Note an answer. A yes may follow a no; after a yes there is a booking to give back."""
    await conn.execute(
        """
        UPDATE nomination SET state = $2, answered_at = $3
         WHERE nomination_id = $1 AND state NOT IN ($2, 'accepted')
        """,
        nomination_id,
        state,
        now,
    )
