"""Who has completed a learning event, and for how many hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_FLOOR, Decimal

from pdu_bookings.rules.attendance import CAME
from pdu_shared.contracts.vocabulary import AttendanceState

ALL = 100
PARTIAL_COUNTS = Decimal("0.5")
"""Of a session, where nobody counted the minutes of somebody who came to a part of it."""
_QUARTER = Decimal("0.25")
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """One session of a learning event, and what became of a person in it."""

    length: timedelta
    state: AttendanceState | None
    minutes: int | None


def sessions_needed(sessions: int, share_percent: int) -> int:
    """How many of so many sessions somebody has to come to: at least one."""
    return max(1, -(-sessions * share_percent // ALL))


def completed(sessions: Sequence[Seen], share_percent: int) -> bool:
    """Whether somebody came to as many sessions as it takes."""
    came = sum(one.state in CAME for one in sessions)
    return came >= sessions_needed(len(sessions), share_percent)


def hours_of(sessions: Sequence[Seen], cpd_hours: Decimal | None) -> Decimal:
    """The hours on a certificate: those of accreditation, or of the sessions that somebody saw."""
    if cpd_hours is not None:
        return cpd_hours
    seen = sum((_hours(one) for one in sessions), Decimal())
    return (seen / _QUARTER).to_integral_value(ROUND_FLOOR) * _QUARTER


def _hours(one: Seen) -> Decimal:
    length = Decimal(one.length // timedelta(seconds=1)) / Decimal(_HOUR // timedelta(seconds=1))
    match one.state:
        case AttendanceState.PRESENT:
            return length
        case AttendanceState.PARTIAL if one.minutes is not None:
            return min(Decimal(one.minutes) / 60, length)
        case AttendanceState.PARTIAL:
            return length * PARTIAL_COUNTS
    return Decimal()
