"""What a webinar tool's report says about somebody: for how long they were there, and what that is.

This is version `RULE`: whoever changes a number changes the version, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from pdu_shared.contracts.vocabulary import AttendanceState, MinutesBand

RULE = "webinar.1"
PRESENT_FROM = Fraction(2, 3)
"""Of the session's length. Whoever is cut off for a while has still been there."""
PARTIAL_FROM = Fraction(1, 6)
"""Less than this is a look through the door."""

_BANDS = (
    (30, MinutesBand.UNDER_30),
    (60, MinutesBand.UNDER_60),
    (120, MinutesBand.UNDER_120),
    (240, MinutesBand.UNDER_240),
)


@dataclass(frozen=True, slots=True)
class Stay:
    """One row of a report: from when to when, or how long, or both."""

    joined: datetime | None
    left: datetime | None
    lasted: timedelta | None


def minutes_of(stays: Sequence[Stay], starts_at: datetime, ends_at: datetime) -> int:
    """For how many minutes of a session somebody was there, on however many devices at a time.

    What lies before its start or after its end does not count. Where a report gives durations they
    are the most that can be: some tools name the first and the last moment, with a gap between.
    """
    clock = _together([_within(stay, starts_at, ends_at) for stay in stays if stay.joined])
    told = [stay.lasted for stay in stays if stay.lasted is not None]
    loose = [stay.lasted for stay in stays if stay.joined is None and stay.lasted is not None]
    if len(loose) == len(stays):
        clock = sum(loose, timedelta())
    elif len(told) == len(stays):
        clock = min(clock, sum(told, timedelta()))
    return min(clock, ends_at - starts_at) // timedelta(minutes=1)


def state_of(minutes: int, length: timedelta) -> AttendanceState:
    """What so many minutes of a session of this length are."""
    share = Fraction(minutes) / Fraction(length // timedelta(minutes=1) or 1)
    if share >= PRESENT_FROM:
        return AttendanceState.PRESENT
    if share >= PARTIAL_FROM:
        return AttendanceState.PARTIAL
    return AttendanceState.ABSENT_NO_SHOW


def band_of(minutes: int) -> MinutesBand:
    """How long that is, as coarsely as figures need it."""
    return next((band for under, band in _BANDS if minutes < under), MinutesBand.FROM_240)


def _within(stay: Stay, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    assert stay.joined is not None, "only stays with a beginning are asked about"
    left = stay.left or stay.joined + (stay.lasted or timedelta())
    return max(stay.joined, starts_at), min(left, ends_at)


def _together(spans: Sequence[tuple[datetime, datetime]]) -> timedelta:
    """How long at least one of these spans lasts."""
    total, until = timedelta(), None
    for begins, ends in sorted(spans):
        start = begins if until is None else max(begins, until)
        if ends > start:
            total += ends - start
            until = ends
    return total
