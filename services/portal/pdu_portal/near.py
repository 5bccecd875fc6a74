"""When nothing is on that fits: what comes near, and a recording about the same."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from pydantic import BaseModel

from pdu_portal.asking import or_none
from pdu_portal.desk import Desk
from pdu_portal.library_shapes import Listed, Shelf

RECORDINGS = 2


class NearMiss(BaseModel):
    """What there would be with one filter less."""

    without: str
    found: int


class NearMisses(BaseModel):
    """What there would be, the most promising first; and how much that fits is over."""

    items: list[NearMiss] = []
    over: int = 0


@dataclass(frozen=True, slots=True)
class Near:
    """What to try instead."""

    filters: list[NearMiss]
    over: int
    recordings: list[Listed]


async def near_by(desk: Desk, query: str, words: str, narrowed: Mapping[str, str]) -> Near:
    """What comes near to a search that found nothing. What does not answer is left out."""
    stream = narrowed.get("workstream", "")
    async with asyncio.TaskGroup() as group:
        misses = group.create_task(
            or_none(desk.services.bookings, f"/near-misses?{query}", NearMisses)
        )
        shelf = group.create_task(_recordings(desk, words, stream))
    found = misses.result() or NearMisses()
    return Near(found.items, found.over, shelf.result())


async def _recordings(desk: Desk, words: str, stream: str) -> list[Listed]:
    asked = {"type": "recording", "limit": str(RECORDINGS)}
    if words:
        path = f"/search?{urlencode({'q': words, **asked})}"
    elif stream:
        path = f"/items?{urlencode({'workstream': stream, **asked})}"
    else:
        return []
    found = await or_none(desk.services.resources, path, Shelf)
    return found.items if found else []
