"""Whether the portal is alive and ready; it never depends on the services."""

from fastapi import APIRouter

router = APIRouter(include_in_schema=False)


@router.get("/livez")
async def livez() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz() -> dict[str, str]:
    """Ready as soon as it is alive: with every service away the pages still stand."""
    return {"status": "ok"}
