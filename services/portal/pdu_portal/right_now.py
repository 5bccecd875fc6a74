"""How the services are right now: who answers, what waits and what is set aside."""

import asyncio
from dataclasses import dataclass
from time import monotonic

from pdu_portal.metrics import total
from pdu_portal.neighbours import Away, Neighbour, Neighbours, NotThere, Refused

FRESH_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Service:
    """One service's own numbers."""

    name: str
    answers: bool
    unpublished: int = 0
    parked: int = 0


class Counters:
    """The four services' numbers, asked for at most every two seconds."""

    def __init__(self, services: Neighbours) -> None:
        self._services = services
        self._kept: tuple[Service, ...] = ()
        self._fresh_until = 0.0
        self._lock = asyncio.Lock()

    async def services(self) -> tuple[Service, ...]:
        """Each service, in the order of the board."""
        async with self._lock:
            if monotonic() >= self._fresh_until:
                async with asyncio.TaskGroup() as group:
                    asked = [group.create_task(_ask(one)) for one in self._services.each()]
                self._kept = tuple(task.result() for task in asked)
                self._fresh_until = monotonic() + FRESH_SECONDS
            return self._kept


async def _ask(service: Neighbour) -> Service:
    try:
        metrics = await service.text("/metrics")
    except (Away, NotThere, Refused):
        return Service(service.name, answers=False)
    return Service(
        service.name,
        answers=True,
        unpublished=int(total(metrics, "pdu_outbox_unpublished") or 0),
        parked=int(total(metrics, "pdu_inbox_parked") or 0),
    )
