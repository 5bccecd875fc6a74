"""Links of letters that say where they stand: word of mouth is how most people come to us."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.responses import RedirectResponse, Response

router = APIRouter(include_in_schema=False)

Source = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,64}$")]


@router.get("/via/{source}/events/{learning_event_id}")
async def event(source: Source, learning_event_id: UUID) -> Response:
    """The page of an event, which proposes an answer to how somebody heard of it."""
    return RedirectResponse(f"/events/{learning_event_id}?source={source}", 303)


@router.get("/via/{source}/subscribe")
async def subscribe(source: Source) -> Response:
    """The form to ask for the bulletin, which is kept with the code."""
    return RedirectResponse(f"/subscribe?source={source}", 303)
