"""The front page: what is on, and the messages that flow when somebody books."""

import asyncio

from fastapi import APIRouter
from starlette.responses import Response

from pdu_portal.desk import AtDesk
from pdu_portal.event_shapes import LearningEvent, LearningEvents
from pdu_portal.figures.dashboard import four, read_published
from pdu_portal.live import watch
from pdu_portal.neighbours import Away, Neighbour, NotThere, Refused

router = APIRouter(include_in_schema=False)

SHOWN = 20
ROWS = 8


@router.get("/")
async def front_page(desk: AtDesk) -> Response:
    """Everything at once; a part whose service is away becomes one sentence."""
    async with asyncio.TaskGroup() as group:
        events = group.create_task(_coming(desk.services.bookings))
        board = group.create_task(watch(desk, count=ROWS))
        published = group.create_task(read_published(desk))
    context = {
        "area": "events",
        "events": events.result(),
        "four": four(published.result()),
        **board.result(),
    }
    return desk.pages.page("home.html", context)


async def _coming(bookings: Neighbour) -> list[LearningEvent] | None:
    try:
        page = await bookings.read(f"/learning-events?limit={SHOWN}", LearningEvents)
    except (Away, NotThere, Refused):
        return None
    return [event for event in page.items if event.sessions]
