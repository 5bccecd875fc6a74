"""Figures asked of reporting for a page: drawn where they can be, each by itself."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from pdu_portal.desk import Desk
from pdu_portal.figures.naming import Naming, figure
from pdu_portal.figures.shapes import Answer, Drawn
from pdu_portal.figures.table import Table, table_of
from pdu_portal.neighbours import Away, NotThere, Refused

TEAM = ("coordinator", "evaluator")
MOST_CAVEATS = 3
AT_ONCE = 4
SECONDS = 3.0
"""Counting takes longer than looking something up, and whoever asks knows that."""
UNFIT = re.compile(
    rb"<script|<foreignobject|<image|<a[\s>]|<use|\son\w+\s*=|style\s*=|href\s*=", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure on a page: `state` is there, empty, away or refused."""

    name: str
    query: str
    title: str
    state: str = "there"
    subtitle: str = ""
    svg: str = ""
    table: Table | None = None
    statement: str = ""
    caveats: Sequence[str] = ()
    answer: Answer | None = None
    why: str = ""

    @property
    def address(self) -> str:
        """Where it stands by itself."""
        return f"/figures/{self.name}" + (f"?{self.query}" if self.query else "")

    def file(self, form: str) -> str:
        """Where it is as a file."""
        return f"/figures/{self.name}/file?{urlencode({'format': form})}&{self.query}".rstrip("&")


async def shown(desk: Desk, name: str, asked: Mapping[str, str]) -> Shown:
    """A figure as the team sees it; never raises, so that its neighbours stand."""
    query = urlencode({key: value for key, value in asked.items() if value}, safe=",")
    try:
        return await _asked(desk, name, query)
    except (Away, NotThere):
        return Shown(name, query, figure(name), "away")
    except Refused as no:
        why = " ".join(one.detail for one in no.refusal.errors) or no.refusal.title
        return Shown(name, query, figure(name), "refused", why=why)


async def all_shown(desk: Desk, asked: Sequence[tuple[str, Mapping[str, str]]]) -> list[Shown]:
    """Several in their order, a few at a time: reporting has others to answer as well."""
    room = asyncio.Semaphore(AT_ONCE)

    async def in_turn(name: str, one: Mapping[str, str]) -> Shown:
        async with room:
            return await shown(desk, name, one)

    return list(await asyncio.gather(*(in_turn(*one) for one in asked)))


async def _asked(desk: Desk, name: str, query: str) -> Shown:
    reporting, drawn = desk.services.reporting, None
    try:
        path = f"/figures/{name}?{query}&format=chart".replace("?&", "?")
        drawn = await reporting.read(path, Drawn, seconds=SECONDS)
        answer = drawn.answer
    except Refused:
        # Not everything can be drawn, but nearly everything has a table.
        answer = await reporting.read(
            f"/figures/{name}?{query}".rstrip("?"), Answer, seconds=SECONDS
        )
    naming = Naming(await desk.lists.vocabulary(), answer.project_years)
    table = table_of(answer.rows, answer.by, answer.unit, naming)
    notes = drawn.notes if drawn else [*table.notes, *answer.caveats.values()]
    return Shown(
        name,
        query,
        drawn.title if drawn else figure(name),
        "there" if answer.rows else "empty",
        subtitle=drawn.subtitle if drawn else "",
        svg=_safe(drawn.svg) if drawn else "",
        table=table,
        statement=answer.statement,
        caveats=list(dict.fromkeys(notes))[:MOST_CAVEATS],
        answer=answer,
    )


def _safe(svg: str) -> str:
    """A drawing that only draws; anything else is left out, its table stands."""
    if not svg.startswith("<svg") or UNFIT.search(svg.encode()):
        return ""
    return Markup(svg)  # noqa: S704 - looked at above, and the CSP runs nothing inline
