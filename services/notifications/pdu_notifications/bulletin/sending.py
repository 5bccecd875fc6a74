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
from time import monotonic
from uuid import UUID

import structlog
from prometheus_client import Counter

from pdu_notifications.bulletin import copies, course
from pdu_notifications.bulletin.copies import Fate, InHand
from pdu_notifications.bulletin.issue import Issue
from pdu_notifications.bulletin.printing import Printed, printed
from pdu_notifications.reader_link import link_key
from pdu_notifications.rules.courtesy import Quiet
from pdu_notifications.rules.sending import Later, Never, after_deferral
from pdu_notifications.wording import PROVIDER
from pdu_shared import mail
from pdu_shared.again import rounds
from pdu_shared.contracts.vocabulary import LetterState
from pdu_shared.database import Database
from pdu_shared.runtime import Runtime
from pdu_shared.settings import Settings
from pdu_shared.smtp import Accepted, Bounced, Deferred, InDoubt, Rejected, Smtp
from pdu_shared.smtp_line import Line, Parcel
from pdu_shared.telemetry import REGISTRY

log = structlog.get_logger()

COPIES = Counter(
    "pdu_bulletin_copies", "Copies of bulletins by what became of them.", ["state"],
    registry=REGISTRY,
)  # fmt: skip
PRESSES = 2
"""While one waits for the database, the other one sends."""
LINES = 2
LOOK_EVERY = 1.0
BREAK = 10.0


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True, kw_only=True)
class Press:
    """What sends: where copies are taken from, and the lines over which they go."""

    database: Database
    smtp: Smtp
    sender: Address
    portal_url: str
    link_key: bytes
    quiet: Quiet | None = None
    now: Callable[[], datetime] = _utc_now
    lines: list[Line] = field(default_factory=list)
    rests_until: float = 0.0
    _printed: tuple[UUID, int, Printed] | None = None

    @classmethod
    def of(cls, database: Database, settings: Settings) -> "Press":
        """A press as the settings say."""
        password = settings.smtp_password
        sender = mail.address(settings.mail_from)
        return cls(
            database=database,
            smtp=Smtp(settings.smtp_url, password.get_secret_value() if password else None),
            sender=Address(PROVIDER, sender.username, sender.domain),
            portal_url=settings.portal_url.rstrip("/"),
            link_key=link_key(settings),
            quiet=Quiet.of(settings.quiet_hours),
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

    async def ready(self) -> bool:
        """Whether there is a line; where there is none it is time for a break."""
        self.lines = [line for line in self.lines if line.usable]
        while len(self.lines) < LINES:
            line = await Line.open(self.smtp, self.sender.addr_spec)
            if isinstance(line, Deferred):
                break
            self.lines.append(line)
        if not self.lines:
            self.rest()
        return bool(self.lines)

    def rest(self) -> None:
        """Give the mail server a break."""
        self.rests_until = monotonic() + BREAK

    @property
    def rests(self) -> bool:
        """Whether nothing is sent now: at night, and while the mail server has a break."""
        now = self.now()
        return monotonic() < self.rests_until or bool(self.quiet and self.quiet.over_at(now) > now)

    async def leave(self) -> None:
        """Take leave of the mail server."""
        lines, self.lines = self.lines, []
        await asyncio.gather(*(line.leave() for line in lines))


async def send(runtime: Runtime) -> None:
    """Send what is to be sent, for ever."""
    async with asyncio.TaskGroup() as presses:
        for _ in range(PRESSES):
            press = Press.of(runtime.database, runtime.settings)
            presses.create_task(rounds(partial(send_next, press), name="bulletin", rest=LOOK_EVERY))


async def send_next(press: Press) -> bool:
    """Send one batch, begin an issue or end one; False when there is nothing to do."""
    if await copies.hold(press.database, now=press.now()):
        log.warning("copies held in doubt")
    if press.rests:
        return False
    if await course.begin_next(press.database, now=press.now()):
        return True
    issue = await course.at_work(press.database, now=press.now())
    if issue is None:
        await press.leave()
        return await course.finish_next(press.database, now=press.now())
    # The lines are open before anything is in doubt.
    letter = press.letter_of(issue)
    if not await press.ready():
        return False
    batch = await copies.take(press.database, issue.issue_id, now=press.now())
    await _send(press, letter, batch)
    return bool(batch)


async def _send(press: Press, letter: Printed, batch: Sequence[InHand]) -> None:
    became: list[tuple[InHand, Fate]] = []
    going: list[tuple[InHand, Parcel]] = []
    for one in batch:
        try:
            going.append((one, Parcel(*letter.copy(one.reader))))
        except mail.BadAddress:
            became.append((one, Never(LetterState.FAILED, "bad_address")))
    try:
        await _hand_over(press.lines, [parcel for _, parcel in going])
    finally:
        now = press.now()
        became += [(one, fate) for one, parcel in going if (fate := _fate(one, parcel, now))]
        # Also when this process is told to stop: what is known is written down.
        await asyncio.shield(copies.record(press.database, became, now=now))
        for _, fate in became:
            COPIES.labels(fate.state).inc()
    if any(isinstance(fate, Later) and fate.reason == "no_answer" for _, fate in became):
        press.rest()


async def _hand_over(lines: Sequence[Line], parcels: Sequence[Parcel]) -> None:
    async with asyncio.TaskGroup() as work:
        for number, line in enumerate(lines):
            work.create_task(line.hand_over(parcels[number :: len(lines)]))


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
