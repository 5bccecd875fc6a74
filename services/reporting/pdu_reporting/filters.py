"""What is asked of a figure under one name. What is not possible is answered with what is."""

import re
from collections.abc import Iterable
from datetime import date
from typing import TypeAlias

from starlette.datastructures import QueryParams

from pdu_reporting.figure import Filter, Kind
from pdu_reporting.known import known
from pdu_shared.database import Conn
from pdu_shared.problems import Fault

DAY = "a day such as 2018-04-01"
NUMBER = re.compile(r"[1-9][0-9]{0,2}")
SHOWN = 100
"""How many of the possible words a problem lists."""

Word: TypeAlias = str | int | list[str]


async def read(
    conn: Conn, one: Filter, query: QueryParams, faults: list[Fault]
) -> Word | date | None:
    """What is asked under the name of a filter; of a choice always something."""
    if one.kind is Kind.CHOICE:
        return _choice(one, query, faults)
    if one.name not in query:
        return None
    match one.kind:
        case Kind.CODES:
            return await _codes(conn, one, query, faults)
        case Kind.NUMBER:
            return _number(one, query, faults)
        case Kind.DAY:
            return _day(one, query, faults)


def listed(query: QueryParams, name: str) -> list[str]:
    """The words under a name, with commas between them or the name repeated."""
    return [word for value in query.getlist(name) for word in value.split(",")]


async def _codes(conn: Conn, one: Filter, query: QueryParams, faults: list[Fault]) -> list[str]:
    codes = listed(query, one.name)
    possible = one.codes or await known(conn, one.list_name)
    if not set(codes) <= set(possible):
        faults.append(fault(one.name, "unknown_code", possible))
    return codes


def _choice(one: Filter, query: QueryParams, faults: list[Fault]) -> str:
    possible = one.codes or ()
    word = query.get(one.name, possible[0])
    if word not in possible:
        faults.append(fault(one.name, "unknown_code", possible))
    return word


def _number(one: Filter, query: QueryParams, faults: list[Fault]) -> int:
    if NUMBER.fullmatch(query[one.name]):
        return int(query[one.name])
    faults.append(Fault(f"/query/{one.name}", "not_a_number", "Give a number from 1 to 999."))
    return 0


def _day(one: Filter, query: QueryParams, faults: list[Fault]) -> date:
    try:
        day = date.fromisoformat(query[one.name])
    except ValueError:
        day = date.max
    # Weeks and days without hyphens are ISO 8601 too, but not what the description says.
    if day.isoformat() != query[one.name]:
        faults.append(Fault(f"/query/{one.name}", "not_a_day", f"Give {DAY}."))
    return day


def fault(name: str, code: str, possible: Iterable[str], *, place: str = "query") -> Fault:
    """What is not possible, with what is."""
    pointer = name.replace("~", "~0").replace("/", "~1")[:100]
    words = list(possible)
    listed = ", ".join(words[:SHOWN]) or "none so far"
    more = f" and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
    return Fault(f"/{place}/{pointer}", code, f"Possible: {listed}{more}.")
