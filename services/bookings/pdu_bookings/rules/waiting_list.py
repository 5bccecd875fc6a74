"""How long an offer of a place stands, and when places are for whoever comes first."""

from datetime import datetime, time, timedelta

from pdu_shared.local_time import local_clock, moment

FIRST_COME = timedelta(hours=3)
"""So shortly before the start nobody is asked any more: who comes first has the place."""

FAR, NEAR = timedelta(days=7), timedelta(days=2)
MORNING, EVENING = time(8), time(20)
"""Nobody has to answer at night."""


def offer_until(now: datetime, starts_at: datetime) -> datetime | None:
    """Until when a place is offered that comes free now; None where the first to come has it.

    Distances and hours are those of the clock on the wall, also when the clocks change.
    """
    here = local_clock(now)
    hours = _hours(local_clock(starts_at) - here)
    return min(moment(_by_day(here + hours)), starts_at) if hours else None


def first_come(now: datetime, starts_at: datetime) -> bool:
    """Whether places are no longer offered, because the event is too near."""
    return _hours(local_clock(starts_at) - local_clock(now)) is None


def _hours(ahead: timedelta) -> timedelta | None:
    if ahead > FAR:
        return timedelta(hours=48)
    if ahead >= NEAR:
        return timedelta(hours=12)
    if ahead > FIRST_COME:
        return timedelta(hours=3)
    return None


def _by_day(end: datetime) -> datetime:
    if end.time() < MORNING:
        return datetime.combine(end, MORNING)
    if end.time() > EVENING:
        return datetime.combine(end + timedelta(days=1), MORNING)
    return end
