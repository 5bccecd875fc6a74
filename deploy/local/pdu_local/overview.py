"""What the person sees once everything runs: where it is, and what to try next."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from pdu_local.paths import ROOT
from pdu_local.running import Run

SAID = {
    "portal": "what is on, book a place, watch the messages flow",
    "bookings": "learning events, places, attendance",
    "resources": "members, surveys, lists",
    "notifications": "the letters people receive",
    "reporting": "the journal and the figures",
    "postbox": "every letter that was sent",
    "rabbitmq": "management page; ./pdu doctor tells how to sign in",
}


def show_overview(run: Run, seconds: float) -> None:
    """Print the table of addresses."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, what in SAID.items():
        program = run.programs.get(name)
        if program and program.url:
            table.add_row(f"  {name}", program.url, what)
    console = Console(width=100, highlight=False)
    console.print(f"\nPDU runs after {seconds:.1f} seconds.\n")
    console.print(table)
    logs = next((Path(p.log).parent for p in run.programs.values() if p.log), ROOT)
    shown = logs.relative_to(ROOT) if logs.is_relative_to(ROOT) else logs
    console.print(f"\n  Logs are in {shown}. Try: ./pdu status · ./pdu logs bookings -f")
    console.print("  Ctrl-C, or ./pdu down in another terminal, stops everything.\n")
