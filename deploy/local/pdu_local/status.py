"""`./pdu status`: what runs, how it fares, and how often it fell."""

import json
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from pdu_local import health
from pdu_local.children import is_running
from pdu_local.paths import STATE, State
from pdu_local.running import Program, Run, current_run

RUNS, UNWELL, STOPPED = 0, 1, 3
HAVE_HEALTH = {"bookings", "notifications", "reporting", "resources", "portal", "postbox"}


def status(*, as_json: bool, state: State = STATE) -> int:
    """Print it; the exit code is 0 when all is well, 1 when something is not, 3 when stopped."""
    told = describe(current_run(state))
    if as_json:
        print(json.dumps(told, indent=2))
    else:
        _show(told)
    if not told["running"]:
        return STOPPED
    return RUNS if told["healthy"] else UNWELL


def describe(run: Run | None) -> dict[str, Any]:
    """The same as `--json` prints."""
    if run is None:
        return {"running": False, "healthy": False, "programs": {}}
    programs = {name: _program(name, program) for name, program in run.programs.items()}
    return {
        "running": True,
        "healthy": all(program["state"] == "ready" for program in programs.values()),
        "state": run.state,
        "since": run.since,
        "supervisor": run.pid,
        "infrastructure": run.infrastructure,
        "ports": run.ports,
        "programs": programs,
    }


def _program(name: str, program: Program) -> dict[str, Any]:
    running = program.pid is not None and is_running(program.pid, program.began)
    told = asdict(program) | {"reasons": []}
    if not running:
        return told | {"state": "down"}
    if name not in HAVE_HEALTH or not program.url:
        return told | {"state": "ready"}
    answer = health.ask(program.url)
    return told | {"state": answer.state, "reasons": list(answer.reasons)}


def _show(told: dict[str, Any]) -> None:
    console = Console(width=100, highlight=False)
    if not told["running"]:
        console.print("PDU does not run in this checkout. ./pdu up starts it.")
        return
    table = Table(box=None, pad_edge=False)
    for title in ("program", "state", "address", "restarts", "last exit"):
        table.add_column(title)
    for name, program in told["programs"].items():
        last = program["exits"][-1] if program["exits"] else None
        table.add_row(
            name,
            ", ".join([program["state"], *program["reasons"]]),
            program["url"] or "",
            str(program["restarts"]),
            f"{last['code']} at {last['at']}" if last else "",
        )
    console.print(f"PDU has been {told['state']} since {told['since']}.\n")
    console.print(table)
