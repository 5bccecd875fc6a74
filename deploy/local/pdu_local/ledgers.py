"""`./pdu ledgers`: whether reporting has every message that the services say they told."""

import json
import sys
import time
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from pdu_local.failure import Failure
from pdu_local.place import running_place
from pdu_local.programs import Place, errand, finding
from pdu_shared.platform import SERVICES

WAITS_FOR = 90.0


def ledgers(*, now: bool, as_json: bool) -> int:
    """Show what was compared, after counting anew if that is wanted; 1 if something differs.

    Each service counts once an hour: before the first time it is counted now.
    """
    place = running_place()
    found = _found(place)
    if not found and not now:
        print("Nothing has been counted yet, so it is counted now.", file=sys.stderr)
    if not found or now:
        found = _compared_until_now(place)
    if as_json:
        for one in found:
            print(json.dumps(one))
    else:
        Console().print(_table(found))
        print(_sentence(found))
    return 1 if any(one["different"] for one in found) else 0


def _found(place: Place) -> list[dict[str, Any]]:
    said = finding("reporting", ["ledgers"], place)
    return [json.loads(line) for line in said.splitlines() if line.startswith("{")]


def _compared_until_now(place: Place) -> list[dict[str, Any]]:
    """Have every service count, and wait until reporting has looked at that."""
    said = {name: errand(name, ["count"], place).split() for name in SERVICES}
    counted = {name: datetime.fromisoformat(words[-1]) for name, words in said.items() if words}
    deadline = time.monotonic() + WAITS_FOR
    while time.monotonic() < deadline:
        found = _found(place)
        reached = {one["publisher"]: datetime.fromisoformat(one["compared_until"]) for one in found}
        if all(name in reached and reached[name] >= counted[name] for name in counted):
            return found
        time.sleep(1)
    raise Failure(
        "Reporting has not compared the new counts.",
        "Look at ./pdu status and ./pdu logs reporting.",
    )


def _table(found: list[dict[str, Any]]) -> Table:
    columns = ("service", "equal until", "compared until", "missing", "extra", "since", "kinds")
    table = Table(*columns, title="Ledgers and the journal")
    for one in found:
        kinds = sorted({key for span in one["different"] for key in span["keys"]})
        since = min((span["different_since"] for span in one["different"]), default="")
        table.add_row(
            one["publisher"],
            _when(one["equal_until"]),
            _when(one["compared_until"]),
            str(one["missing"]),
            str(one["extra"]),
            _when(since) if since else "",
            ", ".join(kinds),
        )
    return table


def _when(told: str) -> str:
    """A moment, by the clock of whoever asks."""
    return f"{datetime.fromisoformat(told).astimezone():%d %b %H:%M}"


def _sentence(found: list[dict[str, Any]]) -> str:
    if not any(one["different"] for one in found):
        return "The journal has everything that was told."
    return "Something differs. What is missing is asked for; what is extra its service has lost."
