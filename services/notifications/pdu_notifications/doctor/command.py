"""`mail-doctor` looks whether our letters are taken for ours, and by the mail server at all."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from pdu_notifications.doctor.way_out import look_at_server, send_test_letter
from pdu_notifications.returns.mailbox import mailbox_of
from pdu_notifications.rules.mail_records import Finding, Mark
from pdu_shared import mail
from pdu_shared.database import Database
from pdu_shared.service import Command
from pdu_shared.settings import BadSettings, Settings
from pdu_shared.sinks import sink_of

ALL_FINE, SOMETHING_WRONG, NOT_ALL_SEEN, WRONG_WORDS = 0, 1, 2, 64


def _takes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", metavar="ADDRESS", help="send a test letter there")
    parser.add_argument("--nameserver", metavar="HOST[:PORT]", help="ask this one")
    parser.add_argument("--json", action="store_true", help="a line for each, for programs")


async def _run(database: Database, asked: argparse.Namespace) -> int:
    # A service that looks at no records does without: it weighs as much as a listener.
    from pdu_notifications.doctor.records import Names, look_at_records  # noqa: PLC0415

    del database  # it says nothing about mail
    settings = Settings()
    try:
        to = mail.address(asked.to) if asked.to else None
    except mail.BadAddress as wrong:
        sys.stderr.write(f"--to: {wrong}\n")
        return WRONG_WORDS
    sink, now = sink_of(settings), datetime.now(UTC)
    findings = [
        *await look_at_records(Names(asked.nameserver), settings),
        *await look_at_server(sink, settings, now=now),
        await _of_the_mailbox(settings),
    ]
    if to is not None:
        back = settings.bounce_address or settings.mail_from
        findings.append(await send_test_letter(sink, settings, to, envelope_sender=back))
    _tell(findings, as_json=asked.json)
    return exit_code(findings)


async def _of_the_mailbox(settings: Settings) -> Finding:
    what = "Bounces"
    try:
        box = mailbox_of(settings)
        if box is None:
            words = "Nobody reads what comes back: set PDU_BOUNCE_ADDRESS and PDU_BOUNCE_MAILBOX."
            return Finding(Mark.NOTE, what, words)
        waits = await box.next() is not None
        await box.close()
    except BadSettings as wrong:
        return Finding(Mark.WRONG, what, str(wrong))
    except Exception as error:  # noqa: BLE001 - imaplib raises what it likes
        return Finding(Mark.WRONG, what, f"The mailbox cannot be read ({type(error).__name__}).")
    return Finding(Mark.FINE, what, "The mailbox can be read." + (" Mail waits." if waits else ""))


def exit_code(findings: Sequence[Finding]) -> int:
    """0 when all is fine, 1 when something is wrong, 2 when something could not be seen."""
    marks = {one.mark for one in findings}
    if Mark.WRONG in marks:
        return SOMETHING_WRONG
    return NOT_ALL_SEEN if Mark.UNSURE in marks else ALL_FINE


def _tell(findings: Sequence[Finding], *, as_json: bool) -> None:
    for one in findings:
        if as_json:
            line = json.dumps({"mark": one.mark, "what": one.what, "words": one.words})
        else:
            line = f"{one.mark:<7} {one.what}: {one.words}"
        sys.stdout.write(f"{line}\n")


MAIL_DOCTOR = Command(
    name="mail-doctor",
    does="Look at the records of the domain, the mail server and the mailbox of bounces.",
    takes=_takes,
    run=_run,
)
