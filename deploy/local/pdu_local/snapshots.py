"""`./pdu snapshot`: figures frozen as they stand, and held against another time."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from pdu_local.failure import USAGE, Failure
from pdu_local.figures import failure_of, query_of, reporting

NOW = "now"
WIDTH = 110


@dataclass(frozen=True, slots=True)
class Freezing:
    """What is to be frozen, as it is said on the command line."""

    kind: str
    figures: Sequence[str]
    """Such as `attendances by=sector project_year=2`; none is all that is published."""
    up_to: str | None

    def form(self, title: str) -> dict[str, Any]:
        """What reporting takes."""
        form: dict[str, Any] = {"kind": self.kind, "title": title}
        if self.figures:
            form["figures"] = [_figure(said) for said in self.figures]
        if self.up_to:
            form["up_to"] = self.up_to
        return form


def snapshot(action: str, words: Sequence[str], freezing: Freezing, *, as_json: bool) -> int:
    """Do it and print what came of it; 1 when numbers that are compared differ.

    Raises `Failure` with what is wrong.
    """
    actions: dict[str, tuple[range, str, Callable[[httpx.Client], dict[str, Any]]]] = {
        "list": (range(1), "nothing more", _list),
        "freeze": (range(1, 2), "a title", lambda http: _freeze(http, freezing.form(words[0]))),
        "show": (range(1, 2), "the id of a snapshot", lambda http: _get(http, words[0])),
        "compare": (range(1, 3), "one id or two", lambda http: _compare(http, *words)),
    }
    if action not in actions:
        raise Failure(f"{action} is not possible.", f"Say {', '.join(actions)}.", code=USAGE)
    numbers, wanted, act = actions[action]
    if len(words) not in numbers:
        raise Failure(f"{action} takes {wanted}.", "See ./pdu snapshot --help.", code=USAGE)
    with reporting() as http:
        told = act(http)
    if as_json:
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        SHOWN[action](told)
    return int(action == "compare" and any(not table["same"] for table in told["tables"]))


def _figure(said: str) -> dict[str, Any]:
    name, *rest = said.split()
    query = query_of(rest, None)
    by = query.pop("by", "")
    return {"name": name, "by": by.split(",") if by else [], "filters": query}


def _list(http: httpx.Client) -> dict[str, Any]:
    return _answer(http.get("/snapshots", params={"limit": "100"}))


def _freeze(http: httpx.Client, form: Mapping[str, Any]) -> dict[str, Any]:
    once = {"Idempotency-Key": str(uuid4())}
    return _answer(http.post("/snapshots", json=form, headers=once))


def _get(http: httpx.Client, snapshot_id: str) -> dict[str, Any]:
    return _answer(http.get(f"/snapshots/{snapshot_id}"))


def _compare(http: httpx.Client, snapshot_id: str, other: str = NOW) -> dict[str, Any]:
    return _answer(http.get(f"/snapshots/{snapshot_id}/compare", params={"with": other}))


def _answer(answer: httpx.Response) -> dict[str, Any]:
    if answer.is_error:
        raise failure_of(answer)
    told: dict[str, Any] = answer.json()
    return told


def _show_list(page: Mapping[str, Any]) -> None:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for column in ("snapshot", "kind", "title", "frozen", "up to", "tables"):
        table.add_column(column, no_wrap=column in {"snapshot", "kind", "frozen"})
    for one in page["items"]:
        frozen, tables = one["frozen_at"][:16].replace("T", " "), str(len(one["tables"]))
        table.add_row(
            one["snapshot_id"], one["kind"], one["title"], frozen, one["up_to"] or "", tables
        )
    Console(width=WIDTH, highlight=False).print(
        table if page["items"] else "Nothing has been frozen yet."
    )


def _show_frozen(made: Mapping[str, Any]) -> None:
    print(f"{made['snapshot_id']}: {len(made['tables'])} tables frozen as {made['kind']}.")
    for stands in made["stands"]:
        print(f"{stands} stands as it was published: too few people changed it.")


def _show_whole(whole: Mapping[str, Any]) -> None:
    _show_list({"items": [whole]})
    for one in whole["frozen"]:
        table = Table(*one["answer"]["by"], "value", box=SIMPLE_HEAD, pad_edge=False)
        for row in one["answer"]["rows"]:
            table.add_row(*(_cell(row[name]) for name in (*one["answer"]["by"], "value")))
        print(one["name"])
        Console(width=WIDTH, highlight=False).print(table)


def _show_comparison(found: Mapping[str, Any]) -> None:
    console = Console(width=WIDTH, highlight=False)
    different = [table for table in found["tables"] if not table["same"]]
    for one in different:
        console.print(one["name"], markup=False)
        table = Table(*one["by"], "then", "now", "difference", box=SIMPLE_HEAD, pad_edge=False)
        for row in one["rows"]:
            if row["then"] != row["now"]:
                cells = [*(row["row"][name] for name in one["by"]), row["then"], row["now"]]
                table.add_row(*map(_cell, cells), _cell(row["difference"]))
        console.print(table)
        console.print("Since then: " + _counts(one["reasons"]), markup=False)
    console.print(
        f"{len(found['tables'])} tables compared,"
        f" {len(different) or 'none'} different; journal positions"
        f" {found['positions'][0]:,} and {found['positions'][1]:,}."
    )


def _counts(numbers: Mapping[str, int]) -> str:
    told = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in numbers.items())
    return (told or "no message that it rests on") + "."


def _cell(word: object) -> str:
    return "none" if word is None else str(word)


SHOWN: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
    "list": _show_list,
    "freeze": _show_frozen,
    "show": _show_whole,
    "compare": _show_comparison,
}
