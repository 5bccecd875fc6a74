"""When a letter may go that nobody waits for: not at night, and not too many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.local_time import HOME


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours in which nobody is disturbed, by the clock on the wall; they may span midnight."""

    begins: time
    ends: time

    @classmethod
    def of(cls, text: str) -> "Quiet | None":
        """`20:00-08:00`, or no text for none. ValueError for anything else."""
        if not text:
            return None
        begins, _, ends = text.partition("-")
        return cls(time.fromisoformat(begins), time.fromisoformat(ends))

    def over_at(self, now: datetime, zone: str = HOME) -> datetime:
        """When the letter may go: now, or in the morning."""
        local = now.astimezone(ZoneInfo(zone))
        clock = local.time()
        if self.begins <= self.ends:
            quiet = self.begins <= clock < self.ends
        else:
            quiet = clock >= self.begins or clock < self.ends
        if not quiet:
            return now
        day = local.date() + timedelta(days=self.begins > self.ends and clock >= self.begins)
        return datetime.combine(day, self.ends, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Cap:
    """So many letters in so long a time."""

    most: int
    within: timedelta


A_WEEK, BETWEEN_SURVEYS = 2, 14


@dataclass(frozen=True, slots=True)
class Caps:
    """How many letters a week, and how many days between two that ask something."""

    a_week: int = A_WEEK
    days_between_surveys: int = BETWEEN_SURVEYS

    @property
    def of_letters(self) -> Cap:
        """Of all letters of a list."""
        return Cap(self.a_week, timedelta(days=7))

    @property
    def of_surveys(self) -> Cap:
        """Of those that ask for answers."""
        return Cap(1, timedelta(days=self.days_between_surveys))


USUAL = Caps()
SURVEY_REMINDER = "survey_reminder"
"""Asks for nothing new: it counts as a letter of its week, and not as another survey."""
LONGEST_LOOK_BACK = timedelta(days=366)


def room_at(
    one: MailingList,
    sent: Sequence[tuple[MailingList, datetime]],
    *,
    now: datetime,
    kind: str = "",
    caps: Caps = USUAL,
) -> datetime:
    """When there is room for another letter of this list, after those that were sent lately."""
    free = _free_at(caps.of_letters, [at for _, at in sent], now)
    if one is MailingList.SURVEYS and kind != SURVEY_REMINDER:
        surveys = [at for which, at in sent if which is MailingList.SURVEYS]
        free = max(free, _free_at(caps.of_surveys, surveys, now))
    return free


def goes_at(  # noqa: PLR0913 - all that decides it
    one: MailingList,
    kind: str,
    sent: Sequence[tuple[MailingList, datetime]],
    *,
    due_at: datetime,
    quiet: Quiet | None,
    caps: Caps = USUAL,
) -> datetime:
    """When a letter of a list goes that is due then, if nothing else comes between."""
    at = due_at
    while True:
        before = [(which, when) for which, when in sent if when <= at]
        later = room_at(one, before, now=at, kind=kind, caps=caps)
        later = quiet.over_at(later) if quiet else later
        if later == at:
            return at
        at = later


def _free_at(cap: Cap, sent: Sequence[datetime], now: datetime) -> datetime:
    lately = sorted(at for at in sent if at > now - cap.within)
    return lately[-cap.most] + cap.within if len(lately) >= cap.most else now
