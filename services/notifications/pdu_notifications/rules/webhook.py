"""When a webhook that failed is called again, and when it is given up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""Two days in all, as the Standard Webhooks specification suggests."""
GONE = 410


@dataclass(frozen=True, slots=True)
class Done:
    """It was taken."""


@dataclass(frozen=True, slots=True)
class Again:
    """It is called again."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Off:
    """It has failed for days, or says that it is gone: nothing more is sent there."""

    reason: str


def after_call(attempt: int, answer: int | str, *, now: datetime) -> Done | Again | Off:
    """What becomes of a call: `answer` is a status, or a word when there was none."""
    if isinstance(answer, int) and answer // 100 == 2:  # noqa: PLR2004 - success
        return Done()
    reason = f"status_{answer}" if isinstance(answer, int) else answer
    if answer == GONE or attempt > len(PAUSES):
        return Off(reason)
    return Again(now + PAUSES[attempt - 1], reason)
