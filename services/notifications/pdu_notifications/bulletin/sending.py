"""Sends an issue to whoever gets it: in small batches, over a few open lines, never twice.

A batch is in doubt from the moment it is taken in hand. Who dies with it in hand leaves copies of
which nobody knows whether they were sent; they are held, because a second copy is worse than none.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from functools import partial
from uuid import UUID

import structlog
from prometheus_client import Counter

from pdu_notifications.bulletin import copies, course, settling
from pdu_notifications.bulletin.copies import Fate, InHand
from pdu_notifications.bulletin.issue import Issue
from pdu_notifications.bulletin.outlet import Outlet
from pdu_notifications.bulletin.printing import Printed, printed
from pdu_notifications.manners import manners
from pdu_notifications.pace import Pace
from pdu_notifications.reader_link import link_key
from pdu_notifications.return_path import ReturnPath
from pdu_notifications.rules.courtesy import Quiet
from pdu_notifications.rules.sending import Later, Never, after_deferral
from pdu_notifications.wording import PROVIDER
from pdu_shared import mail
from pdu_shared.again import rounds
from pdu_shared.contracts.vocabulary import LetterState
from pdu_shared.database import Database
from pdu_shared.handover import Accepted, Bounced, Deferred, InDoubt, Rejected, Sink
from pdu_shared.runtime import Runtime
from pdu_shared.settings import Settings
from pdu_shared.sinks import sink_of
from pdu_shared.smtp_line import Parcel
from pdu_shared.telemetry import REGISTRY

log = structlog.get_logger()

COPIES = Counter(
    "pdu_bulletin_copies", "Copies of bulletins by what became of them.", ["state"],
    registry=REGISTRY,
)  # fmt: skip
PRESSES = 2
"""While one waits for the database, the other one sends."""
LOOK_EVERY = 1.0
IN_A_ROW = 50


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True, kw_only=True)
class Press:
    """What sends: where copies are taken from, and the lines over which they go."""

    database: Database
    sink: Sink
    sender: Address
    portal_url: str
    link_key: bytes
    quiet: Quiet | None = None
    return_path: ReturnPath | None = None
    now: Callable[[], datetime] = _utc_now
    pace: Pace = field(default_factory=Pace)
    outlet: Outlet = field(init=False)
    letter: Printed | None = None
    """Of the issue that is in it."""
    in_a_row: int = 0
    """How many more batches of it go before it is looked at what else there is to do."""
    _printed: tuple[UUID, int, Printed] | None = None

    def __post_init__(self) -> None:
        """Begin with no line open."""
        self.outlet = Outlet(self.sink, self.sender.addr_spec)

    @classmethod
    def of(cls, database: Database, settings: Settings, pace: Pace) -> "Press":
        """A press as the settings say."""
        sender = mail.address(settings.mail_from)
        return cls(
            database=database,
            sink=sink_of(settings),
            sender=Address(PROVIDER, sender.username, sender.domain),
            portal_url=settings.portal_url.rstrip("/"),
            link_key=link_key(settings),
            quiet=Quiet.of(settings.quiet_hours),
            pace=pace,
            return_path=ReturnPath.of(settings),
        )

    def letter_of(self, issue: Issue) -> Printed:
        """The letter of an issue, composed when it is first asked for."""
        if self._printed is None or self._printed[:2] != (issue.issue_id, issue.version):
            assert issue.began_at is not None, "it is being sent"
            letter = printed(
                issue,
                sender=self.sender,
                portal_url=self.portal_url,
                link_key=self.link_key,
                began_at=issue.began_at,
            )
            self._printed = (issue.issue_id, issue.version, letter)
        return self._printed[2]

    def rest(self) -> None:
        """Give the mail server a break."""
        self.in_a_row = 0
        self.pace.server.begin(self.now())

    async def rests(self) -> bool:
        """Whether nothing is sent now: at night, and while the mail server has a break."""
        now = self.now()
        if self.pace.rests(now):
            return True
        async with self.database.pool.acquire(timeout=5) as conn:
            _, quiet = await manners(conn, self.quiet)
        return bool(quiet and quiet.over_at(now) > now)


async def send(runtime: Runtime) -> None:
    """Send what is to be sent, for ever."""
    settings = runtime.settings
    pace = Pace(settings.mail_per_second, settings.mail_per_domain_per_minute)
    async with asyncio.TaskGroup() as presses:
        for _ in range(PRESSES):
            press = Press.of(runtime.database, settings, pace)
            presses.create_task(rounds(partial(send_next, press), name="bulletin", rest=LOOK_EVERY))


async def send_next(press: Press) -> bool:
    """Send one batch, begin an issue or end one; False when there is nothing to do."""
    if press.in_a_row:
        return await _send_batch(press)
    if await press.rests():
        return False
    if await settling.settle_next(press.database, press.outlet, press.letter_of, now=press.now()):
        return True
    if await course.begin_next(press.database, now=press.now()):
        return True
    issue = await course.at_work(press.database, now=press.now())
    if issue is None:
        await press.outlet.leave()
        return await course.finish_next(press.database, now=press.now())
    press.letter = press.letter_of(issue)
    press.in_a_row = IN_A_ROW
    return await _send_batch(press) and bool(press.in_a_row)


async def _send_batch(press: Press) -> bool:
    """Send a batch of the issue in the press; False when it is time for a break."""
    assert press.letter is not None, "there is an issue in it"
    if press.pace.rests(press.now()):
        press.in_a_row = 0
        return False
    press.in_a_row -= 1
    # The lines are open before anything is in doubt.
    if not await press.outlet.ready():
        press.rest()
        return False
    batch = await copies.take(
        press.database, press.letter.issue_id, now=press.now(), pace=press.pace
    )
    if batch:
        await _send(press, press.letter, batch)
    else:
        press.in_a_row = 0
    return True


async def _send(press: Press, letter: Printed, batch: Sequence[InHand]) -> None:
    became: list[tuple[InHand, Fate]] = []
    going: list[tuple[InHand, Parcel]] = []
    for one in batch:
        try:
            back = press.return_path.of_copy(one.copy_id) if press.return_path else None
            going.append((one, Parcel(*letter.copy(one.reader), sender=back)))
        except mail.BadAddress:
            became.append((one, Never(LetterState.FAILED, "bad_address")))
    try:
        await press.outlet.hand_over([parcel for _, parcel in going])
    finally:
        now = press.now()
        for one, parcel in going:
            if parcel.outcome:
                press.pace.heed(parcel.outcome, one.reader.domain, now=now)
        became += [(one, fate) for one, parcel in going if (fate := _fate(one, parcel, now))]
        # Also when this process is told to stop: what is known is written down.
        await asyncio.shield(copies.record(press.database, became, now=now))
        for _, fate in became:
            COPIES.labels(fate.state).inc()


def _fate(one: InHand, parcel: Parcel, now: datetime) -> Fate | None:
    """What an outcome makes of a copy; nothing while it may have been sent or not."""
    match parcel.outcome:
        case Accepted():
            return Never(LetterState.SENT, "accepted")
        case Bounced(code, status) | Rejected(code, status):
            bounced = isinstance(parcel.outcome, Bounced)
            state = LetterState.BOUNCED if bounced else LetterState.FAILED
            return Never(state, status or f"smtp_{code}")
        case Deferred(code, status):
            reason = status or (f"smtp_{code}" if code else "no_answer")
            return after_deferral(one.attempt, reason=reason, expires_at=None, now=now)
        case InDoubt():
            return Never(LetterState.HELD, "in_doubt")
        case None if not parcel.begun:
            return Later(LetterState.QUEUED, "interrupted", now)
    return None
