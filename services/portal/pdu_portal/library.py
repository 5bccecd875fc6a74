"""The library: looking for something, and one thing with all that is said of it."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from pdu_portal.desk import AtDesk, Desk
from pdu_portal.library_shapes import (
    LEVELS,
    SCOPES,
    TIMES,
    TYPES,
    Item,
    Listed,
    Results,
    Shelf,
    StartHere,
)
from pdu_portal.neighbours import Away, NotThere, Refused
from pdu_portal.shapes import Term

router = APIRouter(include_in_schema=False)

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,62}[a-z0-9]")
ON_A_PAGE = 20
LONGEST_SEARCH = 200
SHORTEST_SEARCH = 2
FARTHEST = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for: words, and how to narrow the list."""

    q: str
    narrowed: Mapping[str, str]
    after: str
    """Where the page begins: a number when words are looked for, else a place in the order."""

    def address(self, **changed: str) -> str:
        """The address of the same search with something changed."""
        asked = {"q": self.q, **self.narrowed, **changed}
        return "/library?" + urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True, slots=True)
class Found:
    """What there is, and where it goes on."""

    items: list[Listed]
    results: Results | None = None
    following: str = ""


@router.get("/library")
async def library(request: Request, desk: AtDesk) -> Response:
    """The newest of the library, or what was looked for."""
    terms = {**_NARROWING, "workstream": await _themes(desk)}
    asked = _asked(request.query_params, terms)
    async with asyncio.TaskGroup() as group:
        found = group.create_task(_found(desk, asked))
        start = group.create_task(_start(desk) if not asked.q else _nothing())
    context = {
        "area": "library",
        "asked": asked,
        "found": found.result(),
        "start": start.result(),
        "terms": terms,
        "types": TYPES,
        "levels": LEVELS,
    }
    return desk.pages.page("library.html", context)


@router.get("/library/{item_key}")
async def item(item_key: str, desk: AtDesk) -> Response:
    """One item. What was replaced leads to what came instead."""
    if not KEY.fullmatch(item_key):
        raise NotThere("resources")
    found = await desk.services.resources.read(f"/items/{item_key}", Item)
    if found.state == "archived" and found.replaced_by:
        return RedirectResponse(f"/library/{found.replaced_by}", 303)
    context = {
        "area": "library",
        "item": found,
        "types": TYPES,
        "levels": LEVELS,
        "streams": {term.code: term.label for term in await _themes(desk)},
        "files_at": f"/library/{item_key}/files/",
    }
    return desk.pages.page("item.html", context)


def _terms(words: Mapping[str, str]) -> list[Term]:
    return [Term(code=code, label=label) for code, label in words.items()]


_NARROWING = {"type": _terms(TYPES), "scope": _terms(SCOPES), "minutes": _terms(TIMES)}


def _asked(query: Mapping[str, str], terms: Mapping[str, Sequence[Term]]) -> Asked:
    """What an address asks for. What it does not say properly is left aside."""
    narrowed = {
        name: query[name]
        for name, known in terms.items()
        if query.get(name) in {term.code for term in known}
    }
    printable = "".join(one for one in query.get("q", "") if one.isprintable())
    q = " ".join(printable.split())[:LONGEST_SEARCH]
    return Asked(q, narrowed, query.get("after", ""))


async def _found(desk: Desk, asked: Asked) -> Found | None:
    """None while the hub is away."""
    try:
        if len(asked.q) >= SHORTEST_SEARCH:
            return await _search(desk, asked)
        return await _shelf(desk, asked)
    except (Away, NotThere):
        return None
    except Refused:  # an old address of a next page
        return Found([])


async def _search(desk: Desk, asked: Asked) -> Found:
    begins = int(asked.after) if asked.after.isdecimal() and asked.after.isascii() else 0
    begins = min(begins, FARTHEST)
    query = {**asked.narrowed, "q": asked.q, "offset": begins, "limit": ON_A_PAGE}
    results = await desk.services.resources.read(f"/search?{urlencode(query)}", Results)
    ends = begins + len(results.items)
    more = results.items and ends < min(results.total, FARTHEST)
    return Found(results.items, results, asked.address(after=str(ends)) if more else "")


async def _shelf(desk: Desk, asked: Asked) -> Found:
    query = {**asked.narrowed, "limit": str(ON_A_PAGE)}
    if asked.after:
        query["after"] = asked.after
    shelf = await desk.services.resources.read(f"/items?{urlencode(query)}", Shelf)
    return Found(shelf.items, None, asked.address(after=shelf.next) if shelf.next else "")


async def _start(desk: Desk) -> StartHere | None:
    try:
        return await desk.services.resources.read("/start-here", StartHere)
    except (Away, NotThere, Refused):
        return None


async def _nothing() -> None:
    return None


async def _themes(desk: Desk) -> list[Term]:
    lists = await desk.lists.vocabulary()
    return lists.workstreams if lists else []
