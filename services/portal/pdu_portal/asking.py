"""Asking several services at once; what one does not answer is None, and the page goes on."""

from typing import TypeVar

from pydantic import BaseModel

from pdu_portal.neighbours import Away, Neighbour, NotThere, Refused

T = TypeVar("T", bound=BaseModel)


async def or_none(service: Neighbour, path: str, shape: type[T]) -> T | None:
    """What stands at the path, or None."""
    try:
        return await service.read(path, shape)
    except (Away, NotThere, Refused):
        return None
