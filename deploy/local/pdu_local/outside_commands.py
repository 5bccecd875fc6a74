"""The commands of ./pdu that let others in: readers of the journal, and front ends."""

from typing import Annotated

import typer


def reader(name: Annotated[str, typer.Argument(help="A short word.")]) -> None:
    """Let somebody outside read the journal, and print where."""
    from pdu_local.reader import reader

    print(reader(name))


def client(
    name: Annotated[str, typer.Argument(help="A short word.")],
    *,
    may: Annotated[str | None, typer.Option(help="These commands; else all.")] = None,
) -> None:
    """Let a front end without HTTP send commands, and print where.

    Example: ./pdu client kiosk --may BookPlace,CancelBookingByLink
    """
    from pdu_local.client import client

    print(client(name, may))
