"""The postman: takes letters to the mail server, and writes down how that went.

No database connection is held during the conversation with the server: a slow one must not keep
them from the others. The process may die at any moment; what it left is taken up after a lease.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from functools import partial
from typing import assert_never
from uuid import UUID

import structlog

from pdu_notifications.calendar_file import calendar_file
from pdu_notifications.delivery import ClaimLostError, PickedUp, mark_of, note_doubt, record
from pdu_notifications.pace import Pace
from pdu_notifications.picking import Custom, pick_up
from pdu_notifications.reader_link import link_key, one_click_path, preferences_path
from pdu_notifications.return_path import ReturnPath
from pdu_notifications.rules.courtesy import Quiet
from pdu_notifications.rules.greeting import greeting
from pdu_notifications.rules.sending import Later, Never, after_asking, after_deferral
from pdu_notifications.wording import PROVIDER, Content, words
from pdu_shared import mail
from pdu_shared.again import rounds
from pdu_shared.contracts.vocabulary import LetterState
from pdu_shared.database import Database
from pdu_shared.handover import Accepted, Bounced, Deferred, InDoubt, Outcome, Rejected, Sink
from pdu_shared.runtime import Runtime
from pdu_shared.settings import Settings
from pdu_shared.sinks import sink_of

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
    sender: Address
    portal_url: str
    link_key: bytes
    quiet: Quiet | None = None
    return_path: ReturnPath | None = None
    now: Callable[[], datetime] = _utc_now
    pace: Pace = field(default_factory=Pace)

    @classmethod
    def of(cls, database: Database, settings: Settings) -> "PostOffice":
        """The post office that the settings name."""
        sender = mail.address(settings.mail_from)
        return cls(
            database=database,
            sink=sink_of(settings),
            sender=Address(PROVIDER, sender.username, sender.domain),
            portal_url=settings.portal_url.rstrip("/"),
            link_key=link_key(settings),
            quiet=Quiet.of(settings.quiet_hours),
            return_path=ReturnPath.of(settings),
            pace=Pace(settings.mail_per_second, settings.mail_per_domain_per_minute),
        )

    @property
    def custom(self) -> Custom:
        """What decides about letters beside themselves."""
        return Custom(quiet=self.quiet, pace=self.pace, can_ask=self.sink.tells)


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
        await office.sink.close()


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
        message = _enclose(office, letter)
    except mail.BadAddress:
        await _record(office, letter, Never(LetterState.FAILED, "bad_address"))
        return
    except ValueError:
        log.exception("cannot be put in an envelope", letter_id=str(letter.letter_id))
        await _record(office, letter, Never(LetterState.FAILED, "unsendable"))
        return

    if letter.in_doubt:
        gone = await office.sink.has_gone(message)
        await _record(office, letter, after_asking(letter.attempt, gone=gone, now=office.now()))
        return

    async def before_data() -> None:
        reached = mark_of(office.link_key, letter.address or "")
        await note_doubt(office.database, letter, reached=reached, now=office.now())

    outcome = await office.sink.send(
        message, envelope_sender=_envelope_sender(office, letter), before_data=before_data
    )
    now = office.now()
    office.pace.heed(outcome, letter.domain, now=now)
    if (becomes := _becomes(letter, outcome, now)) is not None:
        await _record(office, letter, becomes)


def _envelope_sender(office: PostOffice, letter: PickedUp) -> str:
    if office.return_path is None:
        return office.sender.addr_spec
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


def _enclose(office: PostOffice, letter: PickedUp) -> EmailMessage:
    """The message as it travels: the same Message-ID and date at every attempt."""
    content = Content.model_validate_json(letter.content)
    link = f"{office.portal_url}/{letter.link}" if letter.link else None
    said = words(
        content,
        greeting=greeting(letter.name or ""),
        link=link,
        choose=_path(office, preferences_path, letter.subscriber_id),
        portal=office.portal_url,
    )
    diary = content.diary
    return mail.compose(
        mail.Letter(
            message_id=mail.message_id(letter.sent_as, office.sender.domain),
            written_at=letter.posted_at,
            sender=office.sender,
            to=mail.address(letter.address or ""),
            subject=content.subject,
            text=said.text,
            html=said.html,
            calendar=calendar_file(
                diary, organiser=office.sender.addr_spec, written_at=letter.posted_at
            )
            if diary
            else None,
            unsubscribe=_path(office, one_click_path, letter.subscription_id),
            reference=f"{letter.letter_id}.{letter.resent}",
        )
    )


def _path(office: PostOffice, path: Callable[[bytes, UUID], str], about: UUID | None) -> str | None:
    return f"{office.portal_url}/{path(office.link_key, about)}" if about else None
