"""`./pdu code`: the second factor of the demonstration's staff, for whoever tries it out."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from pdu_local.failure import Failure
from pdu_local.paths import STATE, State


def code(email: Annotated[str, typer.Argument(help="Such as robin@example.org.")]) -> None:
    """Print what the app of somebody of the demonstration's staff shows now. It works once."""
    typer.echo(demo_code(email))


def demo_code(email: str, state: State = STATE) -> str:
    """The six digits that their app would show. Failure where no demonstration was played."""
    from pdu_local.demo.ledger import Ledger
    from pdu_local.demo.staff import code_of
    from pdu_local.demo.stage import clock

    if not state.demo_ledger.exists():
        raise Failure("There is no demonstration here.", "Start it: ./pdu up --demo")
    return code_of(Ledger(state.demo_ledger, clock()), email, datetime.now(UTC))
