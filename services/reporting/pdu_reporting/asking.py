"""What a request asks of a figure. Whatever is not possible is answered with what is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from starlette.datastructures import QueryParams

from pdu_reporting.figure import Figure, Kind
from pdu_reporting.figures import FIGURES
from pdu_reporting.filters import DAY, NUMBER, Word, fault, listed, read
from pdu_reporting.known import items_offered, known, years_after
from pdu_reporting.media import FORMATS
from pdu_shared.database import Conn
from pdu_shared.problems import Fault, Refused

OWN_WORDS = ("by", "format", "audience")
MOST_DIMENSIONS = 2
"""Of what everybody may see: more cannot be protected against adding and subtracting."""
FORMS: Mapping[Kind, dict[str, Any]] = {
    Kind.CODES: {"description": "Codes to keep, with commas between them."},
    Kind.CHOICE: {"description": "One of the words that the figure takes."},
    Kind.DAY: {"description": f"{DAY.capitalize()}, included.", "format": "date"},
    Kind.NUMBER: {"description": "A number.", "pattern": f"^{NUMBER.pattern}$"},
}


class Audience(StrEnum):
    """Whom an answer is for."""

    TEAM = "team"
    PUBLISHED = "published"


AUDIENCES = tuple(Audience)


def _parameter(name: str, *, description: str, **form: object) -> dict[str, Any]:
    schema = {"type": "string", **form}
    return {"name": name, "in": "query", "schema": schema, "description": description}


PARAMETERS = [
    _parameter("by", description="Dimensions to cut by, with commas between them."),
    _parameter("format", description="In which form.", enum=list(FORMATS)),
    _parameter(
        "audience",
        description="team, or published: as everybody may see it, small numbers withheld.",
        enum=AUDIENCES,
    ),
    *(
        _parameter(name, **FORMS[kind])
        for name, kind in {
            one.name: one.kind for figure in FIGURES.values() for one in figure.asked_with
        }.items()
    ),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """A cut of a figure: dimensions, what was asked under each name, and the days."""

    by: tuple[str, ...]
    words: Mapping[str, Word]
    first: date | None
    last: date | None
    audience: Audience = Audience.TEAM

    @property
    def arguments(self) -> tuple[str, str, date | None, date | None]:
        """What the statement of a figure takes."""
        return json.dumps(self.by), json.dumps(self.words), self.first, self.last

    def codes(self, name: str) -> list[str]:
        """The codes that were asked for under a name; none if all are."""
        codes = self.words.get(name, [])
        return codes if isinstance(codes, list) else []


def known_figure(name: str) -> Figure:
    """A figure by its name. Raises `Refused` with the names there are."""
    if name not in FIGURES:
        raise Refused(errors=[fault("name", "unknown_figure", FIGURES, place="path")])
    return FIGURES[name]


async def asked_of(figure: Figure, query: QueryParams, conn: Conn) -> Asked:
    """What the query of a request asks. Raises `Refused` with everything that is not possible."""
    faults = _strange(figure, query)
    by = _by(figure, query, faults)
    words: dict[str, Word] = {}
    days: dict[str, date] = {}
    for one in figure.asked_with:
        match await read(conn, one, query, faults):
            case date() as day:
                days[one.name] = day
            case str() | int() | list() as word:
                words[one.name] = word
    if "items_offered" in figure.needs and "items_offered" not in words:
        words |= await _items_offered(conn, words.get("question_code"))
    for name in figure.needs:
        if name not in words and name not in days and name not in by:
            faults.append(await _missing(conn, figure, name))
    faults += [_only_one(name) for name in figure.one_only if len(listed(query, name)) > 1]
    if len(by) > MOST_DIMENSIONS and _audience(query) is Audience.PUBLISHED:
        faults.append(_too_many(by))
    first, last = (days.get(day.name) if day else None for day in figure.days)
    faults += await _of_time(figure, first, last, conn)
    if faults:
        raise Refused(errors=faults)
    beside = {name: day.isoformat() for name, day in days.items()}
    return Asked(by, {**words, **beside}, first, last, _audience(query))


def words_of(figure: Figure) -> list[str]:
    """Everything that a request for this figure may say."""
    return [*OWN_WORDS, *(one.name for one in figure.asked_with)]


def _strange(figure: Figure, query: QueryParams) -> list[Fault]:
    possible = words_of(figure)
    faults = [fault(word, "unknown_filter", possible) for word in query if word not in possible]
    if query.get("format", "json") not in FORMATS:
        faults.append(fault("format", "unknown_format", FORMATS))
    if query.get("audience", Audience.TEAM) not in AUDIENCES:
        faults.append(fault("audience", "unknown_audience", AUDIENCES))
    return faults


def _audience(query: QueryParams) -> Audience:
    asked = query.get("audience", Audience.TEAM)
    return Audience(asked) if asked in AUDIENCES else Audience.TEAM


def _by(figure: Figure, query: QueryParams, faults: list[Fault]) -> tuple[str, ...]:
    by = listed(query, "by")
    possible = [*figure.dimensions, *figure.always_by]
    if not set(by) <= set(possible):
        faults.append(fault("by", "unknown_dimension", dict.fromkeys(possible)))
    return tuple(dict.fromkeys([*by, *figure.always_by]))


async def _items_offered(conn: Conn, question: Word | None) -> dict[str, Word]:
    """How many items a ranking question has, where a single question is asked for."""
    if not isinstance(question, list) or len(question) != 1:
        return {}
    offered = await items_offered(conn, question[0])
    return {"items_offered": offered} if offered else {}


def _only_one(name: str) -> Fault:
    return Fault(f"/query/{name}", "only_one", "Give one code only.")


def _too_many(by: tuple[str, ...]) -> Fault:
    most = f"Everybody may see tables of {MOST_DIMENSIONS} dimensions at most, not of {len(by)}."
    return Fault("/query/by", "too_many_dimensions", most)


async def _of_time(
    figure: Figure, first: date | None, last: date | None, conn: Conn
) -> list[Fault]:
    """What is wrong with the days together."""
    if last is None:
        return []
    name = [day.name for day in figure.days if day][-1]
    if first and first > last:
        return [Fault(f"/query/{name}", "before_first", "The last day is before the first.")]
    years = await years_after(conn, last)
    return [fault(name, "before_project", years)] if years else []


async def _missing(conn: Conn, figure: Figure, name: str) -> Fault:
    [one] = [one for one in figure.asked_with if one.name == name]
    if one.kind is Kind.NUMBER:
        return Fault(f"/query/{name}", "missing", "Give a number: it is not known from elsewhere.")
    if one.kind is Kind.DAY:
        return Fault(f"/query/{name}", "missing", f"Give {DAY}.")
    return fault(name, "missing", one.codes or await known(conn, one.list_name))
