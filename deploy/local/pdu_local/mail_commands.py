"""The commands of ./pdu mail."""

import typer

mail = typer.Typer(
    help="Letters, and the way they leave.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


@mail.callback()
def about() -> None:
    """Letters, and the way they leave."""


@mail.command("doctor", context_settings=PASSED_ON)
def doctor(context: typer.Context) -> None:
    """Look at the records of the domain, the mail server and the mailbox of bounces.

    With --to ADDRESS a test letter goes there; --nameserver HOST asks that one; --json is for
    programs. Set PDU_SMTP_URL, PDU_MAIL_FROM and the like to look at other mail than that of this
    checkout. Exit code 0 when all is fine, 1 when something is wrong, 2 when something could not
    be seen.

    Example: PDU_MAIL_FROM=pdu@example.org PDU_DKIM_SELECTOR=s1 ./pdu mail doctor --json
    """
    from pdu_local.place import running_place
    from pdu_local.programs import mail_errand

    raise typer.Exit(mail_errand(["mail-doctor", *context.args], running_place()))
