"""Pathways: what belongs together, in an order, and how far I am."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.desk import AtDesk
from pdu_portal.link import key_in
from pdu_portal.mine.learning_shapes import OnTheWay
from pdu_portal.signed_in import OwnForm
from pdu_portal.study.shapes import Pathway

router = APIRouter(include_in_schema=False)


@router.get("/pathways/{pathway_key}")
async def pathway(pathway_key: str, desk: AtDesk) -> Response:
    """Show the way; whoever has signed in sees what is behind them."""
    path, resources = f"/pathways/{key_in(pathway_key)}", desk.services.resources
    found = await resources.read(path, Pathway)
    mine = None
    if desk.viewer:
        mine = await or_none(resources, f"{path}/progress", OnTheWay)
    context = {"area": "learn", "within": True, "pathway": found, "mine": mine}
    return desk.pages.page("study/pathway.html", context)


@router.post("/pathways/{pathway_key}")
async def set_out(pathway_key: str, _: OwnForm, desk: AtDesk) -> Response:
    """Set out on it. What I did before counts."""
    path = f"/pathways/{key_in(pathway_key)}"
    await desk.services.resources.put(f"{path}/progress", {}, shape=OnTheWay)
    return RedirectResponse(path, 303)
