"""When people are asked about what they came to, by the clock on the wall; each with its reason."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pdu_shared.local_time import local_day, moment

AT = time(10)
POST_EVENT, FOLLOW_UP, OUTCOME = "post_event", "follow_up", "outcome"
POST_EVENT_DAYS, FOLLOW_UP_DAYS, OUTCOME_DAYS = 14, 90, 180
REMINDER_DAYS = (5, 10)
TOO_LATE_DAYS = 14
"""A survey so long after its day is not asked any more."""
WAVE_MONTHS = (1, 6)
WAVE_NOT_BEFORE_DAYS = FOLLOW_UP_DAYS + 30
TUESDAY = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A survey that somebody will be asked to answer."""

    survey_key: str
    due_at: datetime
    reason: str
    wave: str | None = None
    """Of a wave to all who came in a time; None where it is about one learning event."""


def requests_after(held_on: date, *, now: datetime) -> list[Request]:
    """What is asked of somebody who was at a session on that day.

    A register that is filled in late asks at once, within a fortnight; after that it is too late.
    """
    wave_on = next_wave(held_on + timedelta(days=WAVE_NOT_BEFORE_DAYS))
    planned = (
        _request(POST_EVENT, held_on, POST_EVENT_DAYS),
        _request(FOLLOW_UP, held_on, FOLLOW_UP_DAYS),
        Request(
            survey_key=FOLLOW_UP,
            due_at=at_ten(wave_on),
            reason=f"wave of {wave_on:%B %Y}, to all who came since the one before",
            wave=f"{wave_on:%Y-%m}",
        ),
    )
    return [one for one in planned if now - one.due_at <= timedelta(days=TOO_LATE_DAYS)]


def request_after_intention(said_at: datetime) -> Request:
    """The one question about what became of something that somebody meant to do."""
    return _request(OUTCOME, local_day(said_at), OUTCOME_DAYS, "saying what they want to change")


def reminders_of(invited_at: datetime) -> list[tuple[int, datetime]]:
    """The number and the time of each reminder of an invitation: two at most."""
    invited_on = local_day(invited_at)
    return [
        (number, at_ten(invited_on + timedelta(days=days)))
        for number, days in enumerate(REMINDER_DAYS, start=1)
    ]


def next_wave(earliest: date) -> date:
    """The first Tuesday of January or June from that day on."""
    year, month = earliest.year, earliest.month
    while True:
        first = date(year, month, 1)
        tuesday = first + timedelta(days=(TUESDAY - first.weekday()) % 7)
        if month in WAVE_MONTHS and tuesday >= earliest:
            return tuesday
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004


def at_ten(day: date) -> datetime:
    """Ten o'clock there, summer and winter."""
    return moment(datetime.combine(day, AT))


def _request(survey_key: str, from_day: date, days: int, what: str = "the session") -> Request:
    return Request(
        survey_key=survey_key,
        due_at=at_ten(from_day + timedelta(days=days)),
        reason=f"{days} days after {what}",
    )
