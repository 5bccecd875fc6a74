"""Times as people read them: by the clock on the wall of the place, summer and winter."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = "Europe/London"


def days_before(starts_at: datetime, *, days: int, zone: str = LONDON) -> datetime:
    """The moment some days earlier when the clock on the wall shows the same time.

    24 hours before ten o'clock on the day the clocks go forward it is nine: we want ten. A time
    that the earlier day does not have is read with the clock as it was before the change; one
    that it has twice is the first of the two.
    """
    local = starts_at.astimezone(ZoneInfo(zone)) - timedelta(days=days)
    return local.replace(fold=0).astimezone(UTC)


def when(starts_at: datetime, ends_at: datetime, *, zone: str = LONDON) -> str:
    """`Thursday 14 January 2027, 1pm to 4:30pm (GMT)`."""
    start, end = (moment.astimezone(ZoneInfo(zone)) for moment in (starts_at, ends_at))
    if start.date() == end.date() and start.tzname() == end.tzname():
        return f"{_day(start)}, {_clock(start)} to {_clock(end)} ({end.tzname()})"
    return (
        f"{_day(start)}, {_clock(start)} ({start.tzname()})"
        f" to {_day(end)}, {_clock(end)} ({end.tzname()})"
    )


def moment_in_words(at: datetime, *, zone: str = LONDON) -> str:
    """`8am (GMT) on Friday 15 January 2027`."""
    return f"{clock(at, zone=zone)} on {day(at, zone=zone)}"


def day_in_words(day: date) -> str:
    """`14 January 2027`."""
    return f"{day.day} {day:%B %Y}"


def day(starts_at: datetime, *, zone: str = LONDON) -> str:
    """`Thursday 14 January 2027`."""
    return _day(starts_at.astimezone(ZoneInfo(zone)))


def clock(at: datetime, *, zone: str = LONDON) -> str:
    """`9:30am (GMT)`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{_clock(local)} ({local.tzname()})"


def _day(local: date) -> str:
    return f"{local:%A} {local.day} {local:%B %Y}"


def _clock(local: datetime) -> str:
    if (local.hour, local.minute) in {(0, 0), (12, 0)}:
        return "noon" if local.hour else "midnight"
    hour = f"{local.hour % 12 or 12}"
    minutes = f":{local:%M}" if local.minute else ""
    return f"{hour}{minutes}{'am' if local.hour < 12 else 'pm'}"  # noqa: PLR2004 - noon
