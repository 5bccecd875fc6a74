"""A work stream on one page: what is on, and what there is to read."""

import asyncio

from fastapi import APIRouter
from starlette.responses import Response

from pdu_portal.asking import or_none
from pdu_portal.desk import AtDesk
from pdu_portal.event_shapes import LearningEvents
from pdu_portal.library_shapes import TYPES, Shelf
from pdu_portal.neighbours import Away, NotThere
from pdu_portal.taking_part.shapes import Communities

router = APIRouter(include_in_schema=False)


@router.get("/workstreams/{code}")
async def workstream(code: str, desk: AtDesk) -> Response:
    """Everything about one theme; a part whose service is away becomes one sentence."""
    lists = await desk.lists.vocabulary()
    if lists is None:
        raise Away("resources")
    term = next((one for one in lists.workstreams if one.code == code), None)
    if term is None:
        raise NotThere("resources")
    services = desk.services
    async with asyncio.TaskGroup() as group:
        events = group.create_task(
            or_none(
                services.bookings, f"/learning-events?workstream={code}&limit=5", LearningEvents
            )
        )
        items = group.create_task(
            or_none(services.resources, f"/items?workstream={code}&limit=10", Shelf)
        )
        communities = group.create_task(
            or_none(services.bookings, f"/communities?workstream={code}&limit=10", Communities)
        )
    context = {
        "theme": term,
        "events": events.result(),
        "items": items.result(),
        "communities": communities.result(),
        "types": TYPES,
    }
    return desk.pages.page("taking_part/workstream.html", context)
