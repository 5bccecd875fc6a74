"""Whether a learning event is ready for the experts by experience who take part in it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pdu_bookings.rules.engagement import Facts, Missing, missing

WARNING_BEFORE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Readiness:
    """How many experts take part, how many of them are ready, and what the others still need."""

    engaged: int
    ready: int
    missing: dict[Missing, int]
    warning: bool
    """Whether it begins within three days and somebody is not ready."""


def readiness(involved: Sequence[Facts], now: datetime) -> Readiness:
    """How ready an event is for these experts. Who withdrew is not counted."""
    there = [facts for facts in involved if not facts.withdrawn]
    lacking = [missing(facts) for facts in there]
    ready = sum(not lacks for lacks in lacking)
    soon = any(now >= facts.starts_at - WARNING_BEFORE for facts in there)
    over = all(now >= facts.ends_at or facts.called_off for facts in there)
    return Readiness(
        engaged=len(there),
        ready=ready,
        missing=dict(Counter(what for lacks in lacking for what in lacks)),
        warning=soon and not over and ready < len(there),
    )
