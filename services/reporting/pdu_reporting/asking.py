"""What a request asks of a figure. Whatever is not possible is answered with what is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.datastructures import QueryParams

from pdu_reporting.figure import Dimension, Figure
from pdu_reporting.figures import FIGURES
from pdu_shared.database import Conn
from pdu_shared.problems import Fault, Refused

FORMATS = ("json", "csv")
OWN_WORDS = ("by", "from", "to", "format")
DAY = "a day such as 2018-04-01"


def _parameter(name: str, description: str, **form: object) -> dict[str, Any]:
    schema = {"type": "string", **form}
    return {"name": name, "in": "query", "schema": schema, "description": description}


PARAMETERS = [
    _parameter("by", "Dimensions to cut by, with commas between them."),
    _parameter("from", f"The first day: {DAY}.", format="date"),
    _parameter("to", f"The last day: {DAY}.", format="date"),
    _parameter("format", "json or csv.", enum=FORMATS),
    *(
        _parameter(name, "Codes to keep, with commas between them.")
        for name in dict.fromkeys(
            dimension.name for figure in FIGURES.values() for dimension in figure.dimensions
        )
    ),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """A cut of a figure: dimensions, codes to keep for each dimension (or all), and days."""

    by: tuple[str, ...]
    keep: tuple[Sequence[str] | None, ...]
    first: date | None
    last: date | None


def names_of(figure: Figure) -> list[str]:
    """The dimensions of a figure."""
    return [dimension.name for dimension in figure.dimensions]


def words_of(figure: Figure) -> list[str]:
    """Everything that a request for this figure may say."""
    return [*OWN_WORDS, *names_of(figure)]


async def asked_of(figure: Figure, query: QueryParams, conn: Conn) -> Asked:
    """What the query of a request asks. Raises `Refused` with everything that is not possible."""
    words = words_of(figure)
    faults = [_fault(word, "unknown_filter", words) for word in query if word not in words]
    if query.get("format", "json") not in FORMATS:
        faults.append(_fault("format", "unknown_format", FORMATS))
    by = _listed(query, "by")
    if not set(by) <= set(names_of(figure)):
        faults.append(_fault("by", "unknown_dimension", names_of(figure)))
    keep = []
    for dimension in figure.dimensions:
        codes = _listed(query, dimension.name) if dimension.name in query else None
        possible = await _possible(conn, dimension) if codes is not None else ()
        if not set(codes or ()) <= set(possible):
            faults.append(_fault(dimension.name, "unknown_code", possible))
        keep.append(codes)
    first, last = _day(query, "from", faults.append), _day(query, "to", faults.append)
    if first and last and first > last:
        faults.append(Fault("/query/to", "before_from", "The last day is before the first."))
    if faults:
        raise Refused(errors=faults)
    return Asked(tuple(dict.fromkeys(by)), tuple(keep), first, last)


def _listed(query: QueryParams, name: str) -> list[str]:
    return [word for value in query.getlist(name) for word in value.split(",")]


def _day(query: QueryParams, name: str, refuse: Callable[[Fault], None]) -> date | None:
    given = query.get(name)
    if given is None:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError:
        day = None
    # Weeks and days without hyphens are ISO 8601 too, but not what the description says.
    if day is None or day.isoformat() != given:
        refuse(Fault(f"/query/{name}", "not_a_day", f"Give {DAY}."))
    return day


def _fault(name: str, code: str, possible: Iterable[str]) -> Fault:
    pointer = name.replace("~", "~0").replace("/", "~1")[:100]
    return Fault(f"/query/{pointer}", code, f"Possible: {', '.join(possible) or 'none so far'}.")


async def _possible(conn: Conn, dimension: Dimension) -> Sequence[str]:
    """The codes that a dimension can hold: its own words, or those that their owner has told."""
    if dimension.codes is not None:
        return dimension.codes
    rows = await conn.fetch(
        """
        SELECT code FROM category WHERE scheme = $1
         UNION
        SELECT code FROM project_year WHERE $1 = 'project_year'
         ORDER BY code
        """,
        dimension.name,
    )
    return [row["code"] for row in rows]
