"""What is on: the whole list with words and filters, and as a calendar to subscribe to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from pdu_portal.desk import AtDesk, Desk
from pdu_portal.event_shapes import LearningEvent, LearningEvents
from pdu_portal.near import near_by
from pdu_portal.neighbours import Away, NotThere, Refused
from pdu_portal.passing_on import pass_on
from pdu_portal.shapes import Term
from pdu_portal.words import local

router = APIRouter(include_in_schema=False)

ON_A_PAGE = 20
SHORTEST_SEARCH = 2
LONGEST_SEARCH = 200


def _terms(words: Mapping[str, str]) -> list[Term]:
    return [Term(code=code, label=label) for code, label in words.items()]


FILTERS = {
    "mode": _terms({"in_person": "In person", "online": "Online", "hybrid": "In person or online"}),
    "time_of_day": _terms({"morning": "Morning", "afternoon": "Afternoon", "evening": "Evening"}),
    "duration_class": _terms(
        {
            "under_2h": "Under two hours",
            "half_day": "Half a day",
            "full_day": "A day",
            "multi_session": "Several days",
        }
    ),
    "level": _terms(
        {"introductory": "A beginning", "developing": "Going deeper", "advanced": "For specialists"}
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for, and where the page begins."""

    narrowed: Mapping[str, str]
    past: bool
    after: str
    q: str = ""

    def address(self, **changed: str) -> str:
        """The address of the same list with something changed, from its beginning."""
        said = {"q": self.q, **self.narrowed, "when": "past" if self.past else "", **changed}
        query = urlencode({name: value for name, value in said.items() if value})
        return f"/events?{query}" if query else "/events"

    @property
    def in_use(self) -> list[str]:
        """What narrows the list, words first."""
        return [*(["q"] if self.looked_for else []), *self.narrowed]

    @property
    def looked_for(self) -> str:
        """The words, if they are enough to look for."""
        return self.q if len(self.q) >= SHORTEST_SEARCH else ""

    def query(self) -> str:
        """The same for bookings."""
        said = {"q": self.looked_for, **self.narrowed}
        said |= {"limit": str(ON_A_PAGE), "after": self.after}
        said["when"] = "past" if self.past else "coming"
        return urlencode({name: value for name, value in said.items() if value})


@router.get("/events")
async def events(request: Request, desk: AtDesk) -> Response:
    """The list, by month."""
    lists = await desk.lists.vocabulary()
    terms = {"workstream": lists.workstreams if lists else [], **FILTERS}
    asked = _asked(request.query_params, terms)
    found = await _found(desk, asked)
    shown = [one for one in found.items if one.sessions] if found else []
    nothing = found is not None and not shown and asked.in_use
    near = await near_by(desk, asked.query(), asked.looked_for, asked.narrowed) if nothing else None
    context = {
        "area": "events",
        "asked": asked,
        "terms": terms,
        "found": found,
        "months": _by_month(shown),
        "count": len(shown),
        "near": near,
        "feed": _feed(asked),
    }
    return desk.pages.page("programme.html", context)


@router.get("/events.ics")
async def calendar(request: Request, desk: AtDesk, workstream: str = "") -> Response:
    """Every published session, for people's calendars."""
    lists = await desk.lists.vocabulary()
    known = {term.code for term in lists.workstreams} if lists else set()
    chosen = f"?{urlencode({'workstream': workstream})}" if workstream in known else ""
    return await _calendar(desk, request, f"/calendar.ics{chosen}")


@router.get("/events/{learning_event_id}.ics")
async def one_in_calendar(learning_event_id: UUID, request: Request, desk: AtDesk) -> Response:
    """The sessions of one event, for people's calendars."""
    return await _calendar(desk, request, f"/learning-events/{learning_event_id}/calendar.ics")


def _asked(query: Mapping[str, str], terms: Mapping[str, Sequence[Term]]) -> Asked:
    """What an address asks for. What it does not say properly is left aside."""
    narrowed = {
        name: query[name]
        for name, known in terms.items()
        if query.get(name) in {term.code for term in known}
    }
    try:
        after = str(UUID(query.get("after", "")))
    except ValueError:
        after = ""
    printable = "".join(one for one in query.get("q", "") if one.isprintable())
    q = " ".join(printable.split())[:LONGEST_SEARCH]
    return Asked(narrowed, query.get("when") == "past", after, q)


async def _found(desk: Desk, asked: Asked) -> LearningEvents | None:
    """None while the booking desk is away; an old address of a next page begins anew."""
    try:
        return await desk.services.bookings.read(
            f"/learning-events?{asked.query()}", LearningEvents
        )
    except (Away, NotThere):
        return None
    except Refused:
        return await _found(desk, replace(asked, after="")) if asked.after else None


def _by_month(events: Sequence[LearningEvent]) -> list[tuple[str, list[LearningEvent]]]:
    def month(event: LearningEvent) -> str:
        return f"{local(event.sessions[0].starts_at):%B %Y}"

    return [(name, list(held)) for name, held in groupby(events, key=month)]


def _feed(asked: Asked) -> str:
    stream = asked.narrowed.get("workstream", "")
    return f"/events.ics?{urlencode({'workstream': stream})}" if stream else "/events.ics"


async def _calendar(desk: Desk, request: Request, path: str) -> Response:
    # Programs that subscribe wait longer than people do, and say what they have already.
    return await pass_on(
        desk.everybodys.bookings, path, request.headers, kept="public, max-age=300"
    )
