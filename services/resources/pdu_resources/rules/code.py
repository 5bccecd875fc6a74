"""When a code may be asked for by letter, and whether the one that was typed is right."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DIGITS = 6
VALID_FOR = timedelta(minutes=10)
MOST_TRIES = 5
LIMITS = ((5, timedelta(hours=1)), (20, timedelta(days=1)))
"""So many codes in so much time are sent to one address, whoever asks for them."""
KEPT_FOR = max(span for _, span in LIMITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A code that was sent: what its digits are, until when they are good, and what came of it."""

    digits: str
    expires_at: datetime
    used: bool


class Verdict(StrEnum):
    """What is to be said of a code that somebody typed; the words are those of the answers."""

    RIGHT = "right"
    WRONG = "wrong-code"
    USED = "used-code"
    EXPIRED = "expired-code"
    GUESSED = "too-many-tries"


def wait_before_another(asked_at: Sequence[datetime], *, now: datetime) -> timedelta | None:
    """How long until this address may be sent one more code; None when it may now."""
    waits = []
    for most, span in LIMITS:
        within = sorted(at for at in asked_at if at > now - span)
        if len(within) >= most:
            waits.append(within[-most] + span - now)
    return max(waits, default=None)


def verdict(kept: Kept | None, typed: str, *, number: int, now: datetime) -> Verdict:
    """Whether this is the code, at try number `number` (the first is 1).

    Whoever has tried too often learns nothing more, not even from the right digits.
    """
    if kept is None or now >= kept.expires_at:
        return Verdict.EXPIRED
    if number > MOST_TRIES:
        return Verdict.GUESSED
    if not hmac.compare_digest(kept.digits, "".join(filter(str.isdigit, typed))):
        return Verdict.WRONG
    return Verdict.USED if kept.used else Verdict.RIGHT
