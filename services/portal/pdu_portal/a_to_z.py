"""Everything there is to read, learn and meet about, by its first letter."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from pdu_portal.asking import or_none
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.hub_shapes import Suite
from pdu_portal.library_shapes import TYPES, Listed, Shelf
from pdu_portal.shapes import Vocabulary

PAGES = 3
ON_A_PAGE = 100
"""Three hundred things are as many as anybody looks through; the rest is found in words."""

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing, and where it is."""

    title: str
    kind: str
    path: str

    @property
    def letter(self) -> str:
        """Under which letter it stands; figures and signs together."""
        first = self.title[:1].upper()
        return first if "A" <= first <= "Z" else "0-9"


class Community(BaseModel):
    """A community, as far as this page names it."""

    key: str
    name: str


class Communities(BaseModel):
    """All communities that fit on a page."""

    items: list[Community] = []


@router.get("/a-to-z")
async def a_to_z(desk: AtDesk) -> Response:
    """All at once; a part whose service is away becomes one sentence."""
    services = desk.services
    async with asyncio.TaskGroup() as group:
        themes = group.create_task(desk.lists.vocabulary())
        shelf = group.create_task(_shelf(desk))
        suite = group.create_task(or_none(services.resources, "/modules", Suite))
        meet = group.create_task(
            or_none(services.bookings, f"/communities?limit={ON_A_PAGE}", Communities)
        )
    items, modules, communities = shelf.result(), suite.result(), meet.result()
    entries = [
        *_themes(themes.result()),
        *(Entry(one.title, TYPES.get(one.type, "Item"), _at(one)) for one in items or ()),
        *_modules(modules),
        *_communities(communities),
    ]
    parts = {"The library": items, "Modules": modules, "Communities": communities}
    context = {
        "area": "library",
        "within": True,
        "letters": _by_letter(entries),
        "away": [name for name, found in parts.items() if found is None],
        "more": items is not None and len(items) >= PAGES * ON_A_PAGE,
    }
    return desk.pages.page("a_to_z.html", context)


def _themes(lists: Vocabulary | None) -> list[Entry]:
    known = lists.workstreams if lists else []
    return [Entry(one.label, "Theme", f"/workstreams/{one.code}") for one in known]


def _modules(suite: Suite | None) -> list[Entry]:
    groups = suite.groups if suite else []
    listed = [one for group in groups for one in group.modules]
    return [Entry(one.title, "Module", f"/learn/{one.module_key}") for one in listed]


def _communities(found: Communities | None) -> list[Entry]:
    known = found.items if found else []
    return [Entry(one.name, "Community", f"/communities/{one.key}") for one in known]


def _at(item: Listed) -> str:
    return f"/library/{item.item_key}"


def _by_letter(entries: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    # A page may repeat what moved while we turned to it.
    in_order = sorted(set(entries), key=lambda one: (one.letter, one.title.casefold(), one.path))
    return [(letter, list(some)) for letter, some in groupby(in_order, key=lambda one: one.letter)]


async def _shelf(desk: Desk) -> list[Listed] | None:
    found: list[Listed] = []
    asked = {"limit": str(ON_A_PAGE)}
    for _ in range(PAGES):
        page = await or_none(desk.services.resources, f"/items?{urlencode(asked)}", Shelf)
        if page is None:
            return found or None
        found += page.items
        if not page.next:
            break
        asked["after"] = page.next
    return found
