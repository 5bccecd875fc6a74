"""What becomes of a letter next: sent now, looked at again later, or never sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pdu_shared.contracts.vocabulary import LetterState

LEASE = timedelta(seconds=120)
"""How long a postman has for a letter before another one may take it over."""
WAIT_FOR_WHAT_LACKS = timedelta(minutes=10)
LOOK_FOR_IT_EVERY = timedelta(seconds=5)
LOOK_AT_TASKS_EVERY = timedelta(minutes=10)
"""Whether what a person is to tell is still true."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
"""After a server said "later"; then hourly, for a day in all."""
MOST_ATTEMPTS = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a letter stands when a postman picks it up."""

    state: LetterState
    attempt: int
    repeatable: bool
    posted_at: datetime
    expires_at: datetime | None
    while_booking: str | None
    booking_state: str | None
    lacks: str | None
    """What it still waits for: `no_booking`, `no_address`, `no_link`, or nothing."""
    unwanted: str | None = None
    """Why nobody wants it: `address_suppressed`, `unsubscribed`, or nothing."""
    not_before: tuple[str, datetime] | None = None
    """Why it is kept back for the moment, `quiet_hours` or `frequency_cap`, and until when."""
    rests_until: datetime | None = None
    """When its domain takes letters again."""
    can_ask: bool = False
    """Whether what took it over can be asked if it did."""
    by_hand: bool = False
    """Whether a person has to go the way that it goes."""


@dataclass(frozen=True, slots=True)
class SendNow:
    """It goes out now."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """A person tells it, or sends it on paper."""


@dataclass(frozen=True, slots=True)
class AskFirst:
    """It may have been sent, and somebody knows."""


@dataclass(frozen=True, slots=True)
class Later:
    """It stays, to be looked at again."""

    state: LetterState
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Never:
    """It does not go out by itself."""

    state: LetterState
    reason: str


def fate(letter: Standing, *, now: datetime) -> SendNow | ByHand | AskFirst | Later | Never:
    """What becomes of a letter that is due, or whose postman was not heard of for a lease.

    A letter in doubt may have been sent. Where nobody can be asked, it is for its kind to say if
    it goes again, under the same Message-ID: a second confirmation is better than none, a second
    bulletin is not.
    """
    if letter.state is LetterState.IN_DOUBT and letter.can_ask and letter.attempt < MOST_ATTEMPTS:
        return AskFirst()
    if obstacle := _obstacle(letter, now):
        return obstacle
    if letter.lacks is None:
        return ByHand() if letter.by_hand else _when_it_suits(letter, now)
    if now < letter.posted_at + WAIT_FOR_WHAT_LACKS:
        return Later(LetterState.QUEUED, letter.lacks, now + LOOK_FOR_IT_EVERY)
    return Never(LetterState.FAILED, letter.lacks)


def _when_it_suits(letter: Standing, now: datetime) -> SendNow | Later | Never:
    reason, at = letter.not_before or ("", now)
    if at > now:
        if letter.expires_at and at >= letter.expires_at:
            return Never(LetterState.SUPPRESSED, reason)
        return Later(LetterState.QUEUED, reason, at)
    if letter.rests_until and letter.rests_until > now:
        if letter.expires_at and letter.rests_until >= letter.expires_at:
            return Never(LetterState.EXPIRED, "too_late")
        return Later(LetterState.QUEUED, "domain_rests", letter.rests_until)
    return SendNow()


def _obstacle(letter: Standing, now: datetime) -> Never | None:
    if letter.state is LetterState.IN_DOUBT and not letter.repeatable:
        return Never(LetterState.HELD, "in_doubt")
    if letter.booking_state and letter.while_booking not in {None, letter.booking_state}:
        return Never(LetterState.CANCELLED, "booking_changed")
    if letter.expires_at and letter.expires_at <= now:
        return Never(LetterState.EXPIRED, "too_late")
    if letter.unwanted:
        return Never(LetterState.SUPPRESSED, letter.unwanted)
    if letter.attempt >= MOST_ATTEMPTS:
        return Never(LetterState.FAILED, "gave_up")
    return None


def after_asking(attempt: int, *, gone: bool | None, now: datetime) -> Later | Never:
    """What becomes of a letter in doubt: None when nobody answered."""
    if gone is None:
        pause = PAUSES[min(attempt, len(PAUSES)) - 1]
        return Later(LetterState.IN_DOUBT, "no_answer", now + pause)
    if gone:
        return Never(LetterState.SENT, "accepted")
    return Later(LetterState.QUEUED, "not_sent", now)


def after_deferral(
    attempt: int, *, reason: str, expires_at: datetime | None, now: datetime
) -> Later | Never:
    """When to try again after attempt number `attempt` (the first is 1) was put off."""
    if attempt >= MOST_ATTEMPTS:
        return Never(LetterState.FAILED, "gave_up")
    again_at = now + PAUSES[min(attempt, len(PAUSES)) - 1]
    if expires_at and again_at >= expires_at:
        return Never(LetterState.EXPIRED, "too_late")
    return Later(LetterState.DEFERRED, reason, again_at)
