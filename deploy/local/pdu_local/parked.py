"""`./pdu parked` and `./pdu replay`: what operators do about messages."""

import json
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from pdu_local.failure import USAGE, Failure
from pdu_local.place import running_place
from pdu_local.programs import errand
from pdu_shared.platform import SERVICES

ACTIONS = ("list", "show", "replay", "discard")


def parked(action: str, ids: Sequence[str], *, as_json: bool) -> None:
    """Show what every service has set aside, let it in again, or close it."""
    if action not in ACTIONS:
        raise Failure(f"{action} is not possible.", f"Say {', '.join(ACTIONS)}.", code=USAGE)
    if action in ("replay", "discard") and not ids:
        raise Failure(
            "Say which messages.", f"./pdu parked {action} ID …, as list shows them.", code=USAGE
        )
    place = running_place()
    said = [errand(name, ["parked", action, *ids], place) for name in SERVICES]
    rows = [json.loads(line) for one in said for line in one.splitlines() if line.startswith("{")]
    if as_json:
        for row in rows:
            print(json.dumps(row))
    elif not rows:
        print("Nothing is set aside." if not ids else "None of these is set aside.")
    else:
        Console().print(_table(rows))


def replay(told_by: str, told_to: str, names: Sequence[str]) -> str:
    """Have one service tell another again what it told; what it says about it."""
    for name in (told_by, told_to):
        if name not in SERVICES:
            known = ", ".join(SERVICES)
            raise Failure(f"There is no service called {name}.", f"Say one of {known}.", code=USAGE)
    said = errand(told_by, ["replay", "--to", told_to, *names], running_place())
    return said.strip().splitlines()[-1]


def _table(rows: Sequence[dict[str, object]]) -> Table:
    columns = ("service", "parked_id", "routing_key", "listener", "reason", "detail", "first_seen")
    table = Table(*columns, title="Set aside")
    for row in rows:
        table.add_row(*(str(row[column] or "") for column in columns))
    return table
