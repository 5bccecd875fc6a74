"""The commands of ./pdu for reports: one written, one held against the figures, figures frozen."""

from pathlib import Path
from typing import Annotated

import typer


def report(
    year: Annotated[str, typer.Argument(help="The code of a project year, such as 2.")],
    *,
    out: Annotated[
        Path | None,
        typer.Option(help="Ends with .pdf, .html, .json or .zip."),
    ] = None,
    team: Annotated[
        bool, typer.Option("--team", help="With small numbers: not to be passed on.")
    ] = False,
) -> None:
    """Write the annual report of a project year, or with --out NAME.zip the evidence pack."""
    from pdu_local.report import report

    print(report(year, out, team=team))


def verify(
    file: Annotated[Path, typer.Argument(help="Such as tests/data/2019/expected.json.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="A line for each, for programs.")] = False,
) -> None:
    """Hold the figures of a report against those counted: exit code 1 when one differs."""
    from pdu_local.verify import verify

    raise typer.Exit(verify(file, as_json=as_json))


def snapshot(  # noqa: PLR0913 - what can be said of it
    action: Annotated[str, typer.Argument(help="list, freeze, show or compare.")] = "list",
    words: Annotated[
        list[str] | None,
        typer.Argument(help="To freeze: its title. To show: an id. To compare: one or two ids."),
    ] = None,
    *,
    kind: Annotated[str, typer.Option(help="report, baseline or published.")] = "report",
    figure: Annotated[
        list[str] | None,
        typer.Option(help="What to freeze; else all that is published. Can be said again."),
    ] = None,
    up_to: Annotated[str | None, typer.Option(help="The last day that is counted.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Freeze figures as they stand, or hold frozen ones against today: exit code 1 if one differs.

    Example: ./pdu snapshot freeze "Before year 4" --figure "attendances by=sector project_year=2"
    """
    from pdu_local.snapshots import Freezing, snapshot

    freezing = Freezing(kind, figure or [], up_to)
    raise typer.Exit(snapshot(action, words or [], freezing, as_json=as_json))
