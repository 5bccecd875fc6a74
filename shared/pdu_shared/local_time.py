"""Local time: what people read on a poster, and the moment that it means."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HOME = "Europe/London"


class NoSuchTimeError(ValueError):
    """The clocks went forward over this time: it does not exist."""


def moment(local: datetime, zone: str = HOME) -> datetime:
    """The UTC moment of a local time. An hour that comes twice means the first of the two.

    Raises NoSuchTimeError for a time that the spring change leaves out.
    """
    aware = local.replace(tzinfo=ZoneInfo(zone), fold=0)
    utc = aware.astimezone(UTC)
    if utc.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(fold=0):
        msg = f"On {local:%d %B %Y} the clocks go forward and there is no {local:%H:%M}."
        raise NoSuchTimeError(msg)
    return utc


def local_now(zone: str = HOME) -> datetime:
    """What a clock on a wall there shows."""
    return local_clock(datetime.now(UTC), zone)


def local_clock(at: datetime, zone: str = HOME) -> datetime:
    """What a clock on a wall there shows at this (aware) time."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def local_day(at: datetime, zone: str = HOME) -> date:
    """The day that people there call it."""
    return at.astimezone(ZoneInfo(zone)).date()
