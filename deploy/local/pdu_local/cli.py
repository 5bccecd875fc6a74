"""The commands of ./pdu: a table of contents."""

from typing import Annotated

import typer

app = typer.Typer(
    name="./pdu",
    help="Run, test and look at the PDU platform on this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}

Only = Annotated[str | None, typer.Option(help="These services only, with commas between.")]
Infra = Annotated[str, typer.Option(help="Which servers: auto, native, containers or external.")]


@app.command()
def up(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Announce some learning events.")] = False,
    detach: Annotated[bool, typer.Option("--detach", help="Return once it is healthy.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Erase all data first.")] = False,
    only: Only = None,
    infra: Infra = "auto",
) -> None:
    """Start everything and keep it running; Ctrl-C stops it."""
    from pdu_local.detached import up_detached
    from pdu_local.up import Wishes, up

    wishes = Wishes(demo=demo, fresh=fresh, only=only, infra=infra)
    if detach:
        up_detached(wishes.words())
    else:
        up(wishes)


@app.command()
def down() -> None:
    """Stop what runs in this checkout."""
    from pdu_local.down import down

    print("Everything has stopped." if down() else "Nothing is running.")


@app.command()
def status(
    *, as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False
) -> None:
    """Show what runs and how it fares: exit code 0 well, 1 unwell, 3 stopped."""
    from pdu_local.status import status

    raise typer.Exit(status(as_json=as_json))


@app.command()
def logs(
    service: Annotated[str | None, typer.Argument(help="Such as bookings; else all.")] = None,
    *,
    follow: Annotated[bool, typer.Option("-f", "--follow", help="Go on as it comes.")] = False,
) -> None:
    """Show what the programs said."""
    from pdu_local.logs import logs

    logs(service, follow=follow)


@app.command()
def doctor() -> None:
    """Look for what this machine lacks, and tell the way out."""
    from pdu_local.doctor import doctor

    raise typer.Exit(doctor())


@app.command(context_settings=PASSED_ON)
def test(context: typer.Context) -> None:
    """Run the tests; what follows goes to pytest."""
    from pdu_local.testing import test

    test(context.args)


@app.command()
def lint() -> None:
    """Run ruff and mypy over everything."""
    from pdu_local.linting import lint

    raise typer.Exit(lint())


@app.command()
def lock(
    *, upgrade: Annotated[bool, typer.Option("--upgrade", help="Take the newest.")] = False
) -> None:
    """Make the lock files again (for maintainers)."""
    from pdu_local.locking import lock

    lock(upgrade=upgrade)


@app.command("help", hidden=True)
def show_help(context: typer.Context) -> None:
    """Show this."""
    print(context.parent.get_help() if context.parent else "")
