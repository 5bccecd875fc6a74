"""The life of a learning event: what was decided, and where it stands because of what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HALF_DAY = timedelta(hours=4)
SHORT = timedelta(hours=2)


class State(StrEnum):
    """What was decided about a learning event."""

    DRAFT = "draft"
    PUBLISHED = "published"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


class Stage(StrEnum):
    """Where a learning event stands: what was decided, and what has happened since."""

    DRAFT = "draft"
    REVIEW = "review"
    BOOKING_OPEN = "booking_open"
    FULL = "full"
    CLOSED = "closed"
    IN_PROGRESS = "in_progress"
    HELD = "held"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


class DurationClass(StrEnum):
    """How much time a learning event asks for."""

    UNDER_2H = "under_2h"
    HALF_DAY = "half_day"
    FULL_DAY = "full_day"
    MULTI_SESSION = "multi_session"


@dataclass(frozen=True, slots=True)
class Sitting:
    """What happened to a session, as far as its learning event cares."""

    starts_at: datetime
    ends_at: datetime
    full: bool
    held: bool
    parallel: str | None = None
    """What it shares with those at the same time, of which people choose one."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a learning event."""

    state: State
    booking_closed_at: datetime | None = None
    in_review: bool = False
    """Whether somebody looks through the draft."""


def stage(decided: Decided, sittings: Sequence[Sitting], *, now: datetime) -> Stage:
    """Where a learning event stands now. It is held by people who came, never by the clock."""
    if decided.in_review:
        return Stage.REVIEW
    if decided.state is not State.PUBLISHED:
        return Stage(decided.state)
    if now >= max(sitting.ends_at for sitting in sittings):
        held = any(sitting.held for sitting in sittings)
        return Stage.HELD if held else Stage.CLOSED
    if now >= min(sitting.starts_at for sitting in sittings):
        return Stage.IN_PROGRESS
    if decided.booking_closed_at and now >= decided.booking_closed_at:
        return Stage.CLOSED
    return Stage.FULL if _full(sittings) else Stage.BOOKING_OPEN


def _full(sittings: Sequence[Sitting]) -> bool:
    """Whether nobody finds a place: one session is full, or all of those at the same time."""
    alone = any(one.full for one in sittings if not one.parallel)
    groups = {one.parallel for one in sittings} - {None}
    together = any(all(one.full for one in sittings if one.parallel == group) for group in groups)
    return alone or together


def duration_class(sittings: Sequence[Sitting]) -> DurationClass:
    """How much time it asks for: a half day is at most four hours."""
    if len(sittings) > 1:
        return DurationClass.MULTI_SESSION
    length = sittings[0].ends_at - sittings[0].starts_at
    if length < SHORT:
        return DurationClass.UNDER_2H
    return DurationClass.HALF_DAY if length <= HALF_DAY else DurationClass.FULL_DAY


def delivered_by(partners: Sequence[str]) -> str:
    """Whose event it is, in the words that stand on every page and certificate."""
    if not partners:
        return "A PDU event"
    *others, last = partners
    names = f"{', '.join(others)} and {last}" if others else last
    return f"A PDU event, delivered with {names}"
