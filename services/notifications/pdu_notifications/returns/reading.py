"""Reads what came back: the mailbox, and what the provider knows."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog

from pdu_notifications.return_path import OF_A_COPY, ReturnPath
from pdu_notifications.returns.mailbox import Mailbox, mailbox_of
from pdu_notifications.returns.taking import RETURNS, Notice, Taken, Way, take
from pdu_notifications.rules.report import Aside, Report, What, read
from pdu_shared.again import end_if_cancelled, for_ever
from pdu_shared.database import Database, transaction
from pdu_shared.notify import Fate, Notify
from pdu_shared.runtime import Runtime
from pdu_shared.sinks import sink_of

log = structlog.get_logger()

LOOK_EVERY = 30.0
ASK_EVERY = 300.0
OF_A_PROVIDER = {
    "delivered": (What.DELIVERED, "2.0.0"),
    "permanent-failure": (What.BOUNCED, "5.1.1"),
    "temporary-failure": (What.FAILED, "4.4.7"),
    "technical-failure": (What.FAILED, "5.3.0"),
}


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where notices are dealt with."""

    database: Database
    key: bytes
    return_path: ReturnPath | None
    now: Callable[[], datetime] = _utc_now

    async def take(self, notice: Notice) -> Taken:
        """Have one notice take effect, for good."""
        now = self.now()
        async with transaction(self.database) as conn:
            return await take(conn, notice, key=self.key, now=now)


def desk_of(runtime: Runtime) -> Desk:
    """The one of a running service."""
    return Desk(
        database=runtime.database,
        key=runtime.settings.secret("link_key").encode(),
        return_path=ReturnPath.of(runtime.settings),
    )


async def read_mailbox(runtime: Runtime) -> None:
    """Look into the mailbox for ever, if there is one."""
    box = mailbox_of(runtime.settings)
    if box is None:
        await asyncio.Event().wait()
        return
    desk = desk_of(runtime)

    async def look() -> None:
        while True:
            await empty(box, desk)
            end_if_cancelled()
            await asyncio.sleep(LOOK_EVERY)

    await for_ever(look, name="returns", survives=(Exception,))


async def empty(box: Mailbox, desk: Desk) -> None:
    """Deal with all mail that lies there. Each takes effect before it is taken out."""
    try:
        while (mail := await box.next()) is not None:
            report = await asyncio.to_thread(read, mail.raw)
            taken = await _taken(report, desk)
            if taken is Aside.STRANGE:
                await box.leave(mail)
            else:
                await box.throw_away(mail)
    finally:
        await box.close()


async def _taken(report: Report | Aside, desk: Desk) -> Taken | Aside:
    if isinstance(report, Aside):
        RETURNS.labels(Way.MAILBOX, report).inc()
        return report
    for token in report.tokens:
        if desk.return_path and (opened := desk.return_path.opened(token)):
            letter_id, resent = opened
            return await desk.take(
                Notice(
                    letter_id=letter_id,
                    resent=resent,
                    what=report.what,
                    status=report.status,
                    way=Way.MAILBOX,
                )
            )
    # It has the form of a report, and is about no letter of ours.
    RETURNS.labels(Way.MAILBOX, "forged").inc()
    return Taken.UNKNOWN


async def ask_provider(runtime: Runtime) -> None:
    """Ask the provider for ever what it could not deliver, if letters go through one."""
    sink = sink_of(runtime.settings)
    if not isinstance(sink, Notify):
        await asyncio.Event().wait()
        return
    desk = desk_of(runtime)

    async def ask() -> None:
        while True:
            await ask_once(sink, desk)
            end_if_cancelled()
            await asyncio.sleep(ASK_EVERY)

    await for_ever(ask, name="provider", survives=(Exception,))


async def ask_once(sink: Notify, desk: Desk) -> None:
    """Take what the provider says of the last letters, back to what is known already."""
    page: str | None = None
    while fates := await sink.undelivered(older_than=page):
        taken = [await desk.take(notice) for fate in fates if (notice := notice_of(fate))]
        page = fates[-1].provider_id
        if taken and all(one is Taken.REPEATED for one in taken):
            return


def notice_of(fate: Fate) -> Notice | None:
    """What a provider said, about one of our letters; None for anything else."""
    found = reference(fate.reference)
    if found is None or fate.status not in OF_A_PROVIDER:
        return None
    what, status = OF_A_PROVIDER[fate.status]
    return Notice(letter_id=found[0], resent=found[1], what=what, status=status, way=Way.PROVIDER)


def reference(text: str) -> tuple[UUID, int] | None:
    """A letter, and which time it was sent, by the reference that went with it."""
    letter_id, _, resent = text.partition(".")
    try:
        found = UUID(letter_id), int(resent or 0)
    except ValueError:
        return None
    return found if 0 <= found[1] < OF_A_COPY else None
