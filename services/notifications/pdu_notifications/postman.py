"""The postman: takes letters to the mail server, and writes down how that went.

No database connection is held during the conversation with the server: a slow one must not keep
them from the others. The process may die at any moment; what it left is taken up after a lease.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import assert_never

import structlog

from pdu_notifications.delivery import ClaimLostError, PickedUp, mark_of, note_doubt, record
from pdu_notifications.envelope import Stationery
from pdu_notifications.pace import Pace
from pdu_notifications.picking import Custom, pick_up
from pdu_notifications.return_path import ReturnPath
from pdu_notifications.rules.courtesy import Quiet
from pdu_notifications.rules.sending import Later, Never, after_asking, after_deferral
from pdu_shared import mail
from pdu_shared.again import rounds
from pdu_shared.contracts.vocabulary import Channel, LetterState
from pdu_shared.database import Database
from pdu_shared.handover import (
    Accepted,
    Bounced,
    Deferred,
    InDoubt,
    Mark,
    Outcome,
    Rejected,
    Sink,
)
from pdu_shared.note import NoteSink
from pdu_shared.phone import BadNumber
from pdu_shared.runtime import Runtime
from pdu_shared.settings import Settings
from pdu_shared.sinks import paper_of, sink_of, texts_of

log = structlog.get_logger()

LINES = 4
"""Letters under way at the same time: one that hangs does not hold up the others."""
LOOK_EVERY = 0.2


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostOffice:
    """Where letters are taken from and where they are taken to."""

    database: Database
    sink: Sink
    stationery: Stationery
    notes: Mapping[Channel, NoteSink] = field(default_factory=dict)
    """Where text messages and letters on paper are taken to; people do the rest."""
    quiet: Quiet | None = None
    return_path: ReturnPath | None = None
    now: Callable[[], datetime] = _utc_now
    pace: Pace = field(default_factory=Pace)

    @classmethod
    def of(cls, database: Database, settings: Settings) -> "PostOffice":
        """The post office that the settings name."""
        return cls(
            database=database,
            sink=sink_of(settings),
            stationery=Stationery.of(settings),
            notes=note_sinks(settings),
            quiet=Quiet.of(settings.quiet_hours),
            return_path=ReturnPath.of(settings),
            pace=Pace(settings.mail_per_second, settings.mail_per_domain_per_minute),
        )

    @property
    def custom(self) -> Custom:
        """What decides about letters beside themselves."""
        return Custom(
            quiet=self.quiet,
            pace=self.pace,
            can_ask=self.sink.tells,
            machines=frozenset(self.notes),
        )

    async def close(self) -> None:
        """Let go of what is kept open."""
        await self.sink.close()
        for sink in self.notes.values():
            await sink.close()


def note_sinks(settings: Settings) -> dict[Channel, NoteSink]:
    """What takes what leaves otherwise than by e-mail; nothing for what people do."""
    made = {Channel.SMS: texts_of(settings), Channel.POST: paper_of(settings)}
    return {channel: sink for channel, sink in made.items() if sink}


async def deliver(runtime: Runtime) -> None:
    """Deliver letters for ever, several at a time."""
    office = PostOffice.of(runtime.database, runtime.settings)
    try:
        async with asyncio.TaskGroup() as lines:
            for _ in range(LINES):
                lines.create_task(
                    rounds(partial(deliver_next, office), name="postman", rest=LOOK_EVERY)
                )
    finally:
        await office.close()


async def deliver_next(office: PostOffice) -> bool:
    """Deal with the letter that has waited longest; False when none waits or it is break time."""
    now = office.now()
    if office.pace.rests(now):
        return False
    letter = await pick_up(office.database, now=now, custom=office.custom)
    if isinstance(letter, PickedUp):
        try:
            await _deliver(office, letter)
        except ClaimLostError:
            log.warning("claim lost", letter_id=str(letter.letter_id))
        return True
    return letter


async def _deliver(office: PostOffice, letter: PickedUp) -> None:
    try:
        handing = _handing(office, letter)
    except (mail.BadAddress, BadNumber):
        await _record(office, letter, Never(LetterState.FAILED, "bad_address"))
        return
    except ValueError:
        log.exception("cannot be put in an envelope", letter_id=str(letter.letter_id))
        await _record(office, letter, Never(LetterState.FAILED, "unsendable"))
        return

    if letter.in_doubt:
        gone = await handing.has_gone()
        await _record(office, letter, after_asking(letter.attempt, gone=gone, now=office.now()))
        return

    async def before_data() -> None:
        reached = mark_of(office.stationery.link_key, letter.address or "")
        await note_doubt(office.database, letter, reached=reached, now=office.now())

    outcome = await handing.send(before_data)
    now = office.now()
    if letter.channel is Channel.EMAIL:
        office.pace.heed(outcome, letter.domain, now=now)
    if (becomes := _becomes(letter, outcome, now)) is not None:
        await _record(office, letter, becomes)


@dataclass(frozen=True, slots=True)
class _Handing:
    """A letter on its way out: what is asked and done where it is handed over."""

    has_gone: Callable[[], Awaitable[bool | None]]
    send: Callable[[Mark], Awaitable[Outcome]]


def _handing(office: PostOffice, letter: PickedUp) -> _Handing:
    if letter.channel is Channel.EMAIL:
        message = office.stationery.message(letter)
        envelope_sender = _envelope_sender(office, letter)
        return _Handing(
            partial(office.sink.has_gone, message),
            lambda mark: office.sink.send(
                message, envelope_sender=envelope_sender, before_data=mark
            ),
        )
    sink, note = office.notes[letter.channel], office.stationery.note(letter)
    return _Handing(partial(sink.has_gone, note), lambda mark: sink.send(note, before_data=mark))


def _envelope_sender(office: PostOffice, letter: PickedUp) -> str:
    if office.return_path is None:
        return office.stationery.sender.addr_spec
    return office.return_path.of_letter(letter.letter_id, letter.resent)


async def _record(office: PostOffice, letter: PickedUp, becomes: Later | Never) -> None:
    await record(office.database, letter, becomes, now=office.now())
    log.info(
        "letter dealt with",
        letter_id=str(letter.letter_id),
        kind=letter.kind,
        state=becomes.state,
        reason=becomes.reason,
        attempt=letter.attempt,
    )


def _becomes(letter: PickedUp, outcome: Outcome, now: datetime) -> Later | Never | None:
    """What an outcome makes of a letter; nothing of a doubt, which the end of the lease decides."""
    match outcome:
        case Accepted():
            return Never(LetterState.SENT, "accepted")
        case Bounced(code, status):
            return Never(LetterState.BOUNCED, status or f"smtp_{code}")
        case Rejected(code, status):
            return Never(LetterState.FAILED, status or f"smtp_{code}")
        case Deferred(code, status):
            reason = status or (f"smtp_{code}" if code else "no_answer")
            return after_deferral(
                letter.attempt, reason=reason, expires_at=letter.expires_at, now=now
            )
        case InDoubt():
            return None
        case _:
            assert_never(outcome)
