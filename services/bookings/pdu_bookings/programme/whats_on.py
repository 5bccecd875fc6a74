"""The programme: learning events as everybody may see them, soonest first."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from pdu_bookings.programme.finding import Asked, find
from pdu_bookings.programme.public import LearningEvent
from pdu_bookings.programme.reading import learning_event, learning_events
from pdu_bookings.rules.programme import State
from pdu_shared.access import Role, Who
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["learning events"])


class LearningEvents(BaseModel):
    """One page of learning events. `next` goes into `after` for the following page."""

    items: list[LearningEvent]
    next: UUID | None


@router.get("/learning-events")
async def whats_on(database: Store, now: Now, filters: Asked) -> LearningEvents:
    """The published learning events that are looked for: those to come, soonest first.

    Or, with `when=past`, those that are over, latest first.
    """
    async with database.pool.acquire(timeout=5) as conn:
        ids = await find(conn, filters, now=now, limit=filters.limit + 1)
        items = await learning_events(conn, ids[: filters.limit], now=now)
    more = len(ids) > filters.limit
    return LearningEvents(items=items, next=ids[filters.limit - 1] if more else None)


@router.get("/learning-events/{learning_event_id}")
async def one(
    learning_event_id: UUID, database: Store, caller: Who, now: Now, response: Response
) -> LearningEvent:
    """A learning event that has been published; for a coordinator also a draft.

    Whoever wants to edit it sends its ETag back.
    """
    async with database.pool.acquire(timeout=5) as conn:
        event = await learning_event(conn, learning_event_id, now=now)
    if event.state is State.DRAFT and not caller.has(Role.COORDINATOR):
        raise NotFound
    response.headers["ETag"] = etag(event)
    return event


def etag(event: LearningEvent) -> str:
    """What an edit has to know to overwrite nothing unseen."""
    return f'"{event.version}"'
