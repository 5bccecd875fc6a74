"""`./pdu figures`: what the platform counts, asked over HTTP as anybody else would."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from pdu_local.failure import UNAVAILABLE, Failure
from pdu_local.place import running_place
from pdu_local.token import token

NOT_POSSIBLE = 2


def figures(name: str | None, asked: Sequence[str], *, by: str | None, form: str) -> None:
    """Print a figure, or the list of all: as a table, json or csv."""
    with reporting() as http:
        show(http, name, query_of(asked, by), form=form)


@contextmanager
def reporting() -> Iterator[httpx.Client]:
    """The reporting service that runs here, asked as a coordinator would."""
    place = running_place()
    bearer = token("coordinator", subject=None, hours=1, state=place.state)
    headers = {"Authorization": f"Bearer {bearer}"}
    with httpx.Client(
        base_url=place.url("reporting"), headers=headers, trust_env=False, timeout=60
    ) as http:
        try:
            yield http
        except httpx.TransportError:
            raise Failure(
                "Reporting does not answer.", "./pdu status tells more.", code=UNAVAILABLE
            ) from None


def show(http: httpx.Client, name: str | None, query: Mapping[str, str], *, form: str) -> None:
    """Ask and print. Raises `Failure` with all that is not possible, and what is instead."""
    if name is None and query:
        raise Failure("Say which figure.", "./pdu figures alone shows them all.", code=NOT_POSSIBLE)
    wanted = {"format": "csv"} if form == "csv" and name else {}
    answer = http.get(f"/figures/{name}" if name else "/figures", params={**query, **wanted})
    if answer.is_error:
        raise failure_of(answer)
    if wanted:
        print(answer.text, end="")
    elif form == "json":
        print(json.dumps(answer.json(), indent=2, ensure_ascii=False))
    elif name:
        _print_figure(answer.json())
    else:
        _print_list(answer.json()["items"])


def query_of(asked: Iterable[str], by: str | None) -> dict[str, str]:
    """The query that `sector=voluntary` and `--by` ask for; a name said twice means either."""
    query: dict[str, str] = {"by": by} if by else {}
    for word in asked:
        name, is_there, value = word.partition("=")
        if not is_there:
            raise Failure(
                f"{word} is no filter.", "Say NAME=VALUE, such as sector=voluntary.",
                code=NOT_POSSIBLE,
            )  # fmt: skip
        query[name] = f"{query[name]},{value}" if name in query else value
    return query


def failure_of(answer: httpx.Response) -> Failure:
    """What reporting refused, and what is possible instead."""
    try:
        problem = answer.json()
    except ValueError:
        problem = {"title": f"Reporting answered {answer.status_code}."}
    faults = [
        f"{fault['pointer'].rpartition('/')[2]}: {fault.get('detail', fault['code'])}"
        for fault in problem.get("errors", ())
    ]
    way_out = "\n  ".join(faults) or problem.get("detail", "")
    return Failure(problem["title"], way_out, code=NOT_POSSIBLE)


def _print_list(items: Sequence[Mapping[str, Any]]) -> None:
    table = Table("figure", "unit", "what it counts", "cut by", "needs", show_lines=True)
    for item in items:
        needs = [one["name"] for one in item["filters"] if one["required"]]
        table.add_row(
            item["name"], item["unit"], item["statement"],
            ", ".join(item["dimensions"]), ", ".join(needs),
        )  # fmt: skip
    Console(highlight=False).print(table)


def _print_figure(answer: Mapping[str, Any]) -> None:
    console = Console(highlight=False)
    told = [f"{answer['name']}, {answer['unit']}: {answer['statement']}"]
    told += [f"{name}: {_cell(word)}" for name, word in answer["filters"].items()]
    console.print("\n".join(told), markup=False)
    console.print(_rows(answer))
    told = [f"{_mark(answer, one)} {words}" for one, words in answer["caveats"].items()]
    told += [
        f"{one['code']}: {one['label']}, {one['months']} months" for one in answer["project_years"]
    ]
    told += [f"As of {answer['as_of']}, position {answer['journal_position']} in the journal."]
    console.print("\n".join(told), markup=False)


def _rows(answer: Mapping[str, Any]) -> Table:
    columns = [*answer["by"], "value"]
    if any(row["denominator"] is not None for row in answer["rows"]):
        columns += ["numerator", "denominator"]
    table = Table(*columns, "remarks")
    for row in answer["rows"]:
        remarks = [_mark(answer, caveat) for caveat in row["caveats"]]
        remarks += [] if row["comparable"] else ["not a whole year"]
        table.add_row(*(_cell(row[column]) for column in columns), " ".join(remarks))
    return table


def _mark(answer: Mapping[str, Any], caveat: str) -> str:
    return "*" * (list(answer["caveats"]).index(caveat) + 1)


def _cell(word: object) -> str:
    match word:
        case None:
            return "none"
        case list():
            return ", ".join(map(str, word))
        case _:
            return str(word)
