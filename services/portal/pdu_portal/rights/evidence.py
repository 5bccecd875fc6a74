"""What each service keeps and has deleted, and who has read what is sensitive."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from pdu_portal.desk import AtDesk, Desk
from pdu_portal.neighbours import Away, Neighbour, NotThere, Refused, Shape
from pdu_portal.rights.requests import LEAD
from pdu_portal.rights.shapes import Evidence, Reads
from pdu_portal.signed_in import OwnForm, only_for
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)

Lead = Annotated[Viewer, Depends(only_for(LEAD))]
LeadOrOperator = Annotated[Viewer, Depends(only_for(LEAD, "operator"))]
SHOWN = 100


@router.get("/retention")
async def retention(desk: AtDesk, viewer: LeadOrOperator) -> Response:
    """How long what is kept, and when it was last deleted."""
    del viewer
    found = await _of_each(desk.services.each(), "/retention", Evidence)
    context = {"area": "retention", "private": True, "services": found}
    return desk.pages.page("rights/retention.html", context)


@router.get("/audit")
async def audit(desk: AtDesk, viewer: Lead) -> Response:
    """Who read what is sensitive, when and why."""
    del viewer
    return await _page(desk, "")


@router.post("/audit")
async def audit_of(desk: AtDesk, viewer: Lead, form: OwnForm) -> Response:
    """The same of one person or thing, which stands in no address."""
    del viewer
    return await _page(desk, form.value("of").strip())


async def _page(desk: Desk, of: str) -> Response:
    of_id = _id(of)
    path = f"/sensitive-reads?limit={SHOWN}" + (f"&of_id={of_id}" if of_id else "")
    found = await _of_each(desk.services.each(), path, Reads)
    rows = [(name, one) for name, reads in found.items() if reads for one in reads.items]
    context = {
        "area": "audit",
        "private": True,
        "rows": sorted(rows, key=lambda row: row[1].read_at, reverse=True),
        "away": [name for name, reads in found.items() if reads is None],
        "of": of,
        "wrong": bool(of) and of_id is None,
        "more": any(reads and reads.next for reads in found.values()),
    }
    return desk.pages.page("rights/audit.html", context)


async def _of_each(
    services: tuple[Neighbour, ...], path: str, shape: type[Shape]
) -> dict[str, Shape | None]:
    async def read(one: Neighbour) -> Shape | None:
        try:
            return await one.read(path, shape)
        except (Away, NotThere, Refused):
            return None

    answers = await asyncio.gather(*(read(one) for one in services))
    return {one.name: answer for one, answer in zip(services, answers, strict=True)}


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
