"""The open pages of the hub: what can be learned, what people said, what changed, the bulletin."""

import asyncio
import re
from typing import TypeVar
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, RootModel
from starlette.responses import Response

from pdu_portal.desk import AtDesk
from pdu_portal.figures.dashboard import four, read_published
from pdu_portal.hub_shapes import (
    WAYS,
    Issue,
    IssueLine,
    Module,
    Pathways,
    Stories,
    Suite,
    Threads,
)
from pdu_portal.library_shapes import LEVELS, StartHere
from pdu_portal.neighbours import Away, Neighbour, NotThere, Refused

router = APIRouter(include_in_schema=False)

KEY = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
T = TypeVar("T", bound=BaseModel)


class Archive(RootModel[list[IssueLine]]):
    """The issues that were sent, newest first."""


@router.get("/learn")
async def suite(desk: AtDesk) -> Response:
    """The modules in their groups."""
    found = await _or_none(desk.services.resources, "/modules", Suite)
    ways = await _or_none(desk.services.resources, "/pathways", Pathways)
    context = {
        "area": "learn",
        "groups": found.groups if found else None,
        "pathways": ways.items if ways else [],
    }
    return desk.pages.page("learn.html", context)


@router.get("/learn/{module_key}")
async def module(module_key: str, desk: AtDesk) -> Response:
    """What one module is about."""
    found = await desk.services.resources.read(f"/modules/{_key(module_key)}", Module)
    return desk.pages.page("module.html", {"area": "learn", "module": found, "levels": LEVELS})


@router.get("/start")
async def start(desk: AtDesk) -> Response:
    """Where to begin."""
    found = await _or_none(desk.services.resources, "/start-here", StartHere)
    return desk.pages.page("start.html", {"start": found})


@router.get("/you-said")
async def you_said(desk: AtDesk, after: str = "") -> Response:
    """What people said, and what came of it."""
    found = await _or_none(desk.services.resources, "/you-said?limit=20" + _after(after), Threads)
    return desk.pages.page("you_said.html", {"threads": found, "ways": WAYS})


@router.get("/impact")
@router.get("/impact/changes")
async def stories(desk: AtDesk, after: str = "") -> Response:
    """What changed, told with the consent of those it is about."""
    path = "/stories?limit=20" + _after(after)
    found, published = await asyncio.gather(
        _or_none(desk.services.resources, path, Stories), read_published(desk)
    )
    context = {"area": "impact", "stories": found, "four": four(published)}
    return desk.pages.page("impact.html", context)


@router.get("/bulletin")
async def archive(desk: AtDesk) -> Response:
    """The issues that were sent."""
    found = await _or_none(desk.services.notifications, "/bulletin-archive", Archive)
    return desk.pages.page("bulletins.html", {"issues": found.root if found else None})


@router.get("/bulletin/{issue_key}")
async def issue(issue_key: str, desk: AtDesk) -> Response:
    """One issue, as everybody may read it."""
    path = f"/bulletin-archive/{_key(issue_key)}"
    found = await desk.services.notifications.read(path, Issue)
    return desk.pages.page("bulletin.html", {"issue": found})


def _key(given: str) -> str:
    if not KEY.fullmatch(given):
        raise NotThere("hub")
    return given


def _after(given: str) -> str:
    """The place where a page begins, if the address says it properly."""
    try:
        return f"&after={UUID(given)}"
    except ValueError:
        return ""


async def _or_none(service: Neighbour, path: str, shape: type[T]) -> T | None:
    try:
        return await service.read(path, shape)
    except (Away, NotThere, Refused):
        return None
