"""The commands of ./pdu: a table of contents."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from pdu_local.demo_code import code
from pdu_local.mail_commands import mail
from pdu_local.maintainer_commands import bench, generate, lint, lock, pictures, test
from pdu_local.message_commands import journal, ledgers, parked, rebuild, replay
from pdu_local.outside_commands import client, reader
from pdu_local.report_commands import report, snapshot, verify

app = typer.Typer(
    name="./pdu",
    help="Run, test and look at the PDU platform on this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(mail, name="mail")
app.command()(code)

PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}

FIGURES = """\b
For example:
  ./pdu figures attendances --by sector,project_year
  ./pdu figures attendance_share sector=statutory period_to=2018-07-31
  ./pdu figures survey_share survey_key=follow_up question_code=fu.action --by option_code
  ./pdu figures hub_registrations as_of=2019-01-31 --by work_field --csv > hub.csv
"""

Only = Annotated[str | None, typer.Option(help="These services only, with commas between.")]
Infra = Annotated[str, typer.Option(help="Which servers: auto, native, containers or external.")]


@app.command()
def up(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Play a made-up year.")] = False,
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


app.command(context_settings=PASSED_ON)(test)
app.command()(lint)
app.command(context_settings=PASSED_ON)(bench)


@app.command()
def token(
    *,
    role: Annotated[str, typer.Option(help="Such as coordinator.")],
    subject: Annotated[UUID | None, typer.Option("--sub", help="A person's id.")] = None,
    hours: Annotated[float, typer.Option(help="How long it is good for.")] = 12,
) -> None:
    """Print an access token for trying things out."""
    from pdu_local.token import token

    print(token(role, subject=subject, hours=hours))


@app.command("rotate-keys")
def rotate_keys(
    *,
    compromised: Annotated[
        bool, typer.Option("--compromised", help="Believe nothing signed before.")
    ] = False,
) -> None:
    """Sign access tokens with the next key; what the old one signed stays good."""
    from pdu_local.token import rotate_keys

    print(rotate_keys(compromised=compromised))


@app.command()
def admin(
    address: Annotated[str, typer.Argument(help="The e-mail address of a member.")],
) -> None:
    """Make a member an administrator, who gives everybody else their roles."""
    from pdu_local.admin import admin

    admin(address)


@app.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the CSV files are.")],
    *,
    problems: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write down every row that is wrong.")
    ] = None,
) -> None:
    """Take records of the past. Safe to repeat, also with a later copy.

    Reads events.csv, attendances.csv, members.csv, activity.csv, survey_invitations.csv and
    survey_answers.csv, as many of them as there are. Nobody is written to. Exit code 1 when rows
    were wrong; all others are taken.

    Example: ./pdu import records/2019 --problems wrong.txt
    """
    from pdu_local.importing import import_history

    raise typer.Exit(import_history(folder, problems=problems))


app.command()(journal)


@app.command(epilog=FIGURES)
def figures(
    name: Annotated[str | None, typer.Argument(help="Such as attendances; else all.")] = None,
    asked: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILTER=VALUE", help="Such as sector=voluntary,statutory."),
    ] = None,
    *,
    by: Annotated[str | None, typer.Option(help="Cut by these, with commas between.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="For spreadsheets.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Show what was counted: a figure, or the list of all."""
    from pdu_local.figures import figures

    form = "json" if as_json else "csv" if as_csv else "table"
    figures(name, asked or [], by=by, form=form)


app.command()(report)
app.command()(verify)
app.command()(snapshot)
app.command()(reader)
app.command()(client)
app.command()(parked)
app.command()(replay)
app.command()(ledgers)
app.command()(rebuild)
app.command()(generate)
app.command()(pictures)
app.command()(lock)


@app.command("help", hidden=True)
def show_help(context: typer.Context) -> None:
    """Show this."""
    print(context.parent.get_help() if context.parent else "")
