"""The steering group's meetings: when, where, the papers, and what was agreed to do."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from starlette.responses import Response

from pdu_portal.desk import AtDesk
from pdu_portal.signed_in import only_for
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)

Member = Annotated[Viewer, Depends(only_for("steering_group", "coordinator"))]


class Paper(BaseModel):
    """Something to read beforehand."""

    title: str
    url: str

    @property
    def safe(self) -> bool:
        """Whether it leads where a browser should go."""
        return self.url.startswith(("https://", "http://", "/"))


class Meeting(BaseModel):
    """One meeting; persons are counted, not named."""

    meeting_id: UUID
    title: str
    meets_on: date
    place: str | None = None
    state: str
    papers: list[Paper] = []
    present: int = 0
    apologies: int = 0
    actions: int = 0


class Meetings(BaseModel):
    """The latest meetings."""

    items: list[Meeting]
    next: UUID | None = None


@router.get("/meetings")
async def meetings(desk: AtDesk, viewer: Member) -> Response:
    """What is planned, and what was."""
    del viewer
    found = await desk.services.resources.read("/steering/meetings?limit=100", Meetings)
    planned = [one for one in found.items if one.state == "planned"]
    context = {
        "area": "meetings",
        "private": True,
        "planned": sorted(planned, key=lambda one: one.meets_on),
        "others": [one for one in found.items if one.state != "planned"],
    }
    return desk.pages.page("meetings.html", context)
