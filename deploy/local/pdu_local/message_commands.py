"""The commands of ./pdu for messages: seen, set aside, told again, counted, folded anew."""

from typing import Annotated

import typer


def journal(
    *,
    start: Annotated[str, typer.Option("--from", help="first, or a number.")] = "first",
    follow: Annotated[bool, typer.Option("-f", "--follow", help="Go on as they come.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The whole messages.")] = False,
) -> None:
    """Show every public message, as a consumer outside sees it."""
    from pdu_local.journal import journal

    journal(start, follow=follow, as_json=as_json)


def parked(
    action: Annotated[str, typer.Argument(help="list, show, replay or discard.")] = "list",
    ids: Annotated[list[str] | None, typer.Argument(help="As list shows them.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Messages that were set aside with their reason."""
    from pdu_local.parked import parked

    parked(action, ids or [], as_json=as_json)


def replay(
    told_by: Annotated[str, typer.Argument(metavar="SERVICE", help="Who tells again.")],
    names: Annotated[list[str] | None, typer.Argument(help="Such as EventBooked.")] = None,
    *,
    to: Annotated[str, typer.Option(help="Who is told.")],
) -> None:
    """Tell one service again what another told it. Safe to repeat."""
    from pdu_local.parked import replay

    print(replay(told_by, to, names or []))


def ledgers(
    *,
    now: Annotated[bool, typer.Option("--now", help="Count anew first, not once an hour.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Whether reporting has every message that the services say they told: exit code 1 if not."""
    from pdu_local.ledgers import ledgers

    raise typer.Exit(ledgers(now=now, as_json=as_json))


def rebuild(
    names: Annotated[list[str] | None, typer.Argument(help="Such as attendance; else all.")] = None,
    *,
    check: Annotated[bool, typer.Option("--check", help="Compare, and change nothing.")] = False,
) -> None:
    """Make projections anew from the journal, while figures are still answered."""
    from pdu_local.place import running_place
    from pdu_local.programs import owner_errand

    words = ["rebuild", *(["--check"] if check else []), "--", *(names or [])]
    raise typer.Exit(owner_errand("reporting", words, running_place()))
