"""A draft is looked through before it is published: asked for, and sent back."""

from uuid import UUID

from fastapi import APIRouter

from pdu_bookings.programme.change import Before, By, Hand, keep
from pdu_bookings.programme.learning_event import refuse
from pdu_bookings.programme.public import LearningEvent
from pdu_bookings.programme.reading import learning_event
from pdu_bookings.programme.rows import lock_learning_events
from pdu_bookings.programme.second_person import back_to_draft
from pdu_bookings.rules.description import missing
from pdu_bookings.rules.programme import State
from pdu_shared.database import Conn, transaction
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Store

router = APIRouter(tags=["learning events"])


@router.put("/learning-events/{learning_event_id}/review")
async def ask_for_review(learning_event_id: UUID, database: Store, by: By) -> LearningEvent:
    """Ask somebody else to look through a draft. 422 says what it lacks before.

    Its stage is `review` until it is published, sent back or edited. Asking twice is asking once.
    """
    async with transaction(database) as conn:
        await _lock_draft(conn, learning_event_id)
        if await _ask(conn, learning_event_id, by):
            await _keep(conn, learning_event_id, {"in_review": False}, by)
        return await learning_event(conn, learning_event_id, now=by.now)


@router.delete("/learning-events/{learning_event_id}/review")
async def send_back(learning_event_id: UUID, database: Store, by: By) -> LearningEvent:
    """Send a draft back to whoever wrote it. Twice is once."""
    async with transaction(database) as conn:
        await _lock_draft(conn, learning_event_id, complete=False)
        if await back_to_draft(conn, learning_event_id):
            await _keep(conn, learning_event_id, {"in_review": True}, by)
        return await learning_event(conn, learning_event_id, now=by.now)


async def _lock_draft(conn: Conn, learning_event_id: UUID, *, complete: bool = True) -> None:
    event = (await lock_learning_events(conn, [learning_event_id])).get(learning_event_id)
    if event is None:
        raise NotFound
    if event.state is not State.DRAFT:
        raise Conflict(f"It is {event.state}: only a draft is looked through.")
    if complete:
        refuse(missing(event))


async def _keep(conn: Conn, learning_event_id: UUID, was: dict[str, bool], by: Hand) -> None:
    await keep(conn, Before(learning_event_id=learning_event_id, change="review", was=was), by)


async def _ask(conn: Conn, learning_event_id: UUID, by: Hand) -> bool:
    """Whether nobody had asked before."""
    asked: bool | None = await conn.fetchval(
        """
        UPDATE learning_event
           SET review_asked_at = $2, review_asked_by = $3, version = version + 1
         WHERE learning_event_id = $1 AND review_asked_at IS NULL
     RETURNING true
        """,
        learning_event_id,
        by.now,
        by.person_id,
    )
    return bool(asked)
