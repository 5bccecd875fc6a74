"""Recordings for members, and files of the library: both come through the portal."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from pdu_portal.desk import AtDesk
from pdu_portal.library_shapes import Item
from pdu_portal.link import key_in, token_of
from pdu_portal.neighbours import Refused
from pdu_portal.passing_on import pass_on
from pdu_portal.signed_in import OwnForm
from pdu_portal.study.shapes import Playback

router = APIRouter(include_in_schema=False)


@router.get("/recordings/{item_key}")
async def recording(item_key: str, desk: AtDesk) -> Response:
    """Say what it is before it is played; visitors see the page of the library."""
    if desk.viewer is None:
        return RedirectResponse(f"/library/{key_in(item_key)}", 303)
    item = await desk.services.resources.read(f"/items/{key_in(item_key)}", Item)
    if item.type != "recording":
        return RedirectResponse(f"/library/{item_key}", 303)
    context = {"area": "library", "within": True, "item": item, "playback": None, "trouble": ""}
    return desk.pages.page("study/recording.html", context)


@router.post("/recordings/{item_key}")
async def play(item_key: str, form: OwnForm, desk: AtDesk) -> Response:
    """Show the player. Nothing begins by itself."""
    path, resources = f"/items/{key_in(item_key)}", desk.services.resources
    item = await resources.read(path, Item)
    context = {"area": "library", "within": True, "item": item, "trouble": ""}
    try:
        playback = await resources.send(f"{path}/playback", {}, key=form.once, shape=Playback)
    except Refused as no:
        told = no.refusal.detail or no.refusal.title
        context |= {"playback": None, "trouble": told}
        return desk.pages.page("study/recording.html", context, status=no.refusal.status)
    return desk.pages.page("study/recording.html", {**context, "playback": playback})


@router.get("/media/{ticket}")
async def media(ticket: str, request: Request, desk: AtDesk) -> Response:
    """A recording or its captions, in the parts that a player asks for."""
    return await pass_on(desk.everybodys.resources, f"/media/{token_of(ticket)}", request.headers)


@router.get("/library/{item_key}/files/{name}")
async def file(item_key: str, name: str, request: Request, desk: AtDesk) -> Response:
    """A file of the library; what is for members needs to have signed in."""
    path = f"/items/{key_in(item_key)}/files/{quote(name, safe='')}"
    return await pass_on(desk.services.resources, path, request.headers)
