"""How fast letters may go: to the server, and to each domain behind it.

A server that says "later" gives all of us a break, a domain that does so only its own letters.
Each copy of the service has a pace of its own.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pdu_shared.handover import Deferred, InDoubt, Outcome

SLOW_DOWN = frozenset({421, 429})
NO_ANSWER = 0
SECOND = timedelta(seconds=1)
FIRST_BREAK, LONGEST_BREAK = SECOND, timedelta(minutes=1)
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(minutes=30)
IN_A_ROW = 3
"""So often a domain says "later" before its other letters need not ask."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Break:
    """A time without letters, longer each time until one is taken again."""

    first: timedelta
    longest: timedelta
    lasts: timedelta = timedelta()
    until: datetime = LONG_AGO

    def begin(self, now: datetime) -> None:
        """Rest. Those who were under way when it began do not make it longer."""
        if not self.on(now):
            self.lasts = min(self.lasts * 2 or self.first, self.longest)
            self.until = now + self.lasts

    def on(self, now: datetime) -> bool:
        """Whether it lasts; a clock that was put back does not make it longer."""
        return now < self.until <= now + self.lasts

    def end(self) -> None:
        """A letter was taken: the next break is a short one again."""
        self.lasts, self.until = timedelta(), LONG_AGO


@dataclass(slots=True)
class Rate:
    """So many a second; as many at once after a quiet second."""

    each: timedelta = timedelta()
    due_at: datetime = LONG_AGO

    @classmethod
    def of(cls, count: float, within: timedelta) -> "Rate":
        """So many within such a time; 0 for as many as there are."""
        return cls(within / count if count else timedelta())

    def full_until(self, now: datetime) -> datetime | None:
        """When there is room again; None when there is."""
        if not self.each or self.due_at - now > LONGEST_REST:
            return None
        free_at = self.due_at - max(SECOND, self.each)
        return free_at if free_at > now else None

    def take(self, now: datetime) -> None:
        """Count one."""
        if self.each:
            self.due_at = max(self.due_at if self.due_at - now < LONGEST_REST else now, now)
            self.due_at += self.each


@dataclass(slots=True)
class _Domain:
    rate: Rate
    rest: Break = field(default_factory=lambda: Break(FIRST_REST, LONGEST_REST))
    later_in_a_row: int = 0


@dataclass(slots=True)
class Pace:
    """The pace of one process."""

    per_second: float = 0
    per_domain_per_minute: float = 0
    server: Break = field(default_factory=lambda: Break(FIRST_BREAK, LONGEST_BREAK))
    rate: Rate = field(init=False)
    domains: dict[str, _Domain] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with nothing sent."""
        self.rate = Rate.of(self.per_second, SECOND)

    def heed(self, outcome: Outcome, domain: str, *, now: datetime) -> None:
        """Learn from what became of a letter to this domain."""
        if isinstance(outcome, InDoubt):
            return
        if isinstance(outcome, Deferred) and not outcome.of_recipient:
            if outcome.code in SLOW_DOWN or outcome.code == NO_ANSWER:
                self.server.begin(now)
            return
        self.server.end()
        there = self._at(domain)
        if isinstance(outcome, Deferred):
            there.later_in_a_row += 1
            if there.later_in_a_row >= IN_A_ROW:
                there.rest.begin(now)
        elif there.rate.each:
            there.later_in_a_row = 0
            there.rest.end()
        else:
            del self.domains[domain]  # nothing to remember of it

    def rests(self, now: datetime) -> bool:
        """Whether no letter goes just now."""
        return self.server.on(now) or self.rate.full_until(now) is not None

    def free_at(self, domain: str, now: datetime) -> datetime | None:
        """When the next letter may go to this domain; None when it may go at once."""
        there = self.domains.get(domain)
        if there is None:
            return None
        return there.rest.until if there.rest.on(now) else there.rate.full_until(now)

    def take(self, domain: str, now: datetime) -> None:
        """Count a letter that goes now."""
        self.rate.take(now)
        if self.per_domain_per_minute:
            self._at(domain).rate.take(now)

    def _at(self, domain: str) -> _Domain:
        if domain not in self.domains:
            rate = Rate.of(self.per_domain_per_minute, timedelta(minutes=1))
            self.domains[domain] = _Domain(rate)
        return self.domains[domain]
