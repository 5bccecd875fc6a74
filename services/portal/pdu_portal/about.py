"""Pages that say who we are, what we keep, who can use these pages, and how machines can."""

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from pdu_portal.asking import or_none
from pdu_portal.desk import AtDesk

router = APIRouter(include_in_schema=False)


class Purpose(BaseModel):
    """Something that people may agree to."""

    label: str
    wording: str


class Purposes(BaseModel):
    """All of them, in the present words."""

    items: list[Purpose]


@router.get("/about")
async def about(desk: AtDesk) -> Response:
    """Who we are."""
    return desk.pages.page("about/about.html", {})


@router.get("/accessibility")
async def accessibility(desk: AtDesk) -> Response:
    """Who can use these pages, and what to do when something does not work."""
    return desk.pages.page("about/accessibility.html", {})


@router.get("/privacy")
async def privacy(desk: AtDesk) -> Response:
    """What is kept, and why."""
    found = await or_none(desk.everybodys.resources, "/purposes", Purposes)
    return desk.pages.page("about/privacy.html", {"purposes": found.items if found else []})


@router.get("/developers")
async def developers(desk: AtDesk) -> Response:
    """How others build on this."""
    return desk.pages.page("about/developers.html", {})
