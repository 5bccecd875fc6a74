"""`./pdu import`: records of the past, from a folder of CSV files to the figures."""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from pdu_local.failure import Failure
from pdu_local.generate import services_of
from pdu_local.paths import ROOT
from pdu_local.place import running_place
from pdu_local.records import Complaint, Records, records_in
from pdu_local.secret_files import issuer_keys
from pdu_local.sending import Sent, Target, send, until_journalled
from pdu_shared.access import Caller, Role
from pdu_shared.issuer_keys import signing_key
from pdu_shared.platform import SERVICES
from pdu_shared.tokens import mint

SHOWN = 20
IMPORTER = Caller(
    client_id="pdu-import",
    roles=frozenset({Role.INTEGRATION, Role.COORDINATOR}),
    scope=frozenset({"import"}),
)


def import_history(folder: Path, *, problems: Path | None) -> int:
    """Import what is in a folder, and say what became of it; 1 when rows were wrong, else 0."""
    records = records_in(folder, services_of(ROOT))
    place = running_place()
    issuer = signing_key(issuer_keys(place.state.secrets))
    target = Target(
        urls={name: place.url(name) for name in SERVICES},
        token=mint(issuer, IMPORTER, audiences=[f"pdu-{name}" for name in SERVICES]),
    )
    return report(carry(target, records), problems=problems)


def carry(target: Target, records: Sequence[Records]) -> list[Sent]:
    """Bring files to their owners, and wait until reporting has written down what they gave."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(file=sys.stdout),
    ) as bars:
        try:
            return asyncio.run(_carry(target, records, bars))
        except* Failure as failures:
            raise _first(failures) from None


async def _carry(target: Target, records: Sequence[Records], bars: Progress) -> list[Sent]:
    """Each service has its files one after the other, as one may speak of another."""
    by_owner: dict[str, list[Records]] = defaultdict(list)
    for one in records:
        by_owner[one.owner].append(one)
    async with asyncio.TaskGroup() as group:
        owners = [
            group.create_task(_send_in_order(target, files, bars)) for files in by_owner.values()
        ]
    batches = list(chain.from_iterable(task.result() for task in owners))
    bar = bars.add_task("journal")
    await until_journalled(
        target, batches, lambda done, all_: bars.update(bar, completed=done, total=all_)
    )
    return batches


async def _send_in_order(target: Target, files: Iterable[Records], bars: Progress) -> list[Sent]:
    sent = []
    for records in files:
        bar = bars.add_task(records.path.name, total=records.lines)
        done = await send(target, records, partial(_advance, bars, bar))
        bars.update(bar, total=done.rows, completed=done.rows)
        sent.append(done)
    return sent


def _advance(bars: Progress, bar: TaskID, sent: Sent) -> None:
    bars.update(bar, completed=sent.rows)


def report(batches: Sequence[Sent], *, problems: Path | None) -> int:
    """Print what became of each file; 1 when rows were wrong."""
    print(f"\n{'file':<26}{'rows':>9}{'changed':>9}{'wrong':>7}{'messages':>10}{'seconds':>9}")
    for sent in batches:
        wrong = len({complaint.line for complaint in sent.complaints})
        print(
            f"{sent.records.path.name:<26}{sent.rows:>9}{sent.changed:>9}{wrong:>7}"
            f"{sent.messages:>10}{sent.seconds:>9.1f}"
        )
    complaints = [one for sent in batches for one in sorted(sent.complaints, key=_place)]
    if problems:
        problems.write_text("".join(f"{one}\n" for one in complaints), "utf-8")
    if not complaints:
        return 0
    print()
    for complaint in complaints[:SHOWN]:
        print(complaint)
    if len(complaints) > SHOWN:
        print(f"… and {len(complaints) - SHOWN} more. --problems FILE writes all of them.")
    print("Everything else was taken. Correct these rows, and import it again.")
    return 1


def _place(complaint: Complaint) -> tuple[int, str]:
    return complaint.line, complaint.column


def _first(failures: BaseExceptionGroup[Failure]) -> Failure:
    found: BaseException = failures
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    assert isinstance(found, Failure), "what was asked for"
    return found
