"""How the services are, and what waits in each of them."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from pdu_portal.desk import AtDesk
from pdu_portal.metrics import by_label, total
from pdu_portal.neighbours import Away, Neighbour, NotThere, Refused
from pdu_portal.operate.shapes import Readiness
from pdu_portal.signed_in import only_for
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)

Operator = Annotated[Viewer, Depends(only_for("operator"))]
WORK = {
    "bookings": "Events, places, registers",
    "resources": "Members, library, surveys",
    "notifications": "Letters and the bulletin",
    "reporting": "The journal and the figures",
}


@dataclass(frozen=True, slots=True)
class Health:
    """One service: `state` is ready, late, not_ready or away."""

    name: str
    state: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits in one service; None is a number that it does not give."""

    name: str
    answers: bool
    unpublished: float | None = None
    oldest: float | None = None
    lag: float | None = None
    parked: float | None = None
    position: float | None = None
    late: float | None = None


@router.get("/operate")
async def operate(desk: AtDesk, viewer: Operator) -> Response:
    """The services one by one, each with its reasons when it is not well."""
    del viewer  # the door is all it is for
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(_health(one)) for one in desk.services.each()]
        counters = group.create_task(desk.counters.services())
    services = [task.result() for task in asked]
    aside = sum(one.parked for one in counters.result())
    context = {"area": "operate", "services": services, "work": WORK, "aside": aside}
    return desk.pages.page("operate/health.html", context)


@router.get("/operate/queues")
async def queues(desk: AtDesk, viewer: Operator) -> Response:
    """How much waits where, and for how long."""
    del viewer
    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(_numbers(one)) for one in desk.services.each()]
    found = [task.result() for task in asked]
    letters = next((told for name, told in found if name.name == "notifications"), {})
    context = {"area": "queues", "queues": [one for one, _ in found], "letters": letters}
    return desk.pages.page("operate/queues.html", context)


async def _health(service: Neighbour) -> Health:
    try:
        readiness = await service.read("/readyz", Readiness)
    except Away as reason:
        # Not ready is an answer too, and says why.
        if isinstance(no := reason.__cause__, Refused) and no.refusal.detail:
            return Health(service.name, "not_ready", (no.refusal.detail,))
        return Health(service.name, "away")
    except (NotThere, Refused):
        return Health(service.name, "away")
    state = "ready" if readiness.status == "ready" else "late"
    return Health(service.name, state, tuple(readiness.reasons))


async def _numbers(service: Neighbour) -> tuple[Queue, dict[str, float]]:
    try:
        metrics = await service.text("/metrics")
    except (Away, NotThere, Refused):
        return Queue(service.name, answers=False), {}
    queue = Queue(
        service.name,
        answers=True,
        unpublished=total(metrics, "pdu_outbox_unpublished"),
        oldest=total(metrics, "pdu_outbox_oldest_seconds"),
        lag=total(metrics, "pdu_consumer_lag_seconds"),
        parked=total(metrics, "pdu_inbox_parked"),
        position=total(metrics, "pdu_journal_position"),
        late=total(metrics, "pdu_projection_lag_seconds"),
    )
    return queue, by_label(metrics, "pdu_letters_total", "state")
