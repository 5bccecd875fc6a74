"""When a place is given back so late that hardly anybody else can use it."""

from datetime import datetime, timedelta

from pdu_shared.local_time import local_clock

NOTICE = timedelta(hours=48)
"""Two days by the clock on the wall, also when the clocks change between."""


def is_late(now: datetime, starts_at: datetime) -> bool:
    """Whether it is less than two days to the start."""
    return local_clock(starts_at) - local_clock(now) < NOTICE
