"""An expert's involvement in a learning event: where it stands, and what may happen next.

Kept are facts. The state follows from them and from the time, so none can be forgotten or skipped.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pdu_shared.local_time import local_day

BRIEFING_BEFORE = timedelta(days=14)
DEBRIEF_AFTER = timedelta(days=1)
FEEDBACK_WITHIN = timedelta(days=60)
FEEDBACK_REMINDER = timedelta(days=30)
"""So long before the last day the feedback is due."""


class EngagementState(StrEnum):
    """Where an expert's involvement in a learning event is on its way."""

    OPTED_IN = "opted_in"
    BRIEFING_DUE = "briefing_due"
    BRIEFED = "briefed"
    SUPPORT_CONFIRMED = "support_confirmed"
    READY = "ready"
    CONTRIBUTED = "contributed"
    DEBRIEF_DUE = "debrief_due"
    DEBRIEFED = "debriefed"
    FEEDBACK_DUE = "feedback_due"
    FEEDBACK_GIVEN = "feedback_given"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one expert's involvement."""

    starts_at: datetime
    ends_at: datetime
    briefed: bool = False
    supported: bool = False
    plan_agreed: bool = False
    contributed_on: date | None = None
    debriefed_on: date | None = None
    distress_open: bool = False
    feedback_given_on: date | None = None
    closed: bool = False
    withdrawn: bool = False
    feedback_within: timedelta = FEEDBACK_WITHIN
    called_off: bool = False
    """Whether the event will not take place, or has no new day yet."""

    @property
    def feedback_until(self) -> date | None:
        """The last day on which to tell the expert what came of it."""
        return self.contributed_on + self.feedback_within if self.contributed_on else None


_REACHED: Mapping[EngagementState, Callable[[Facts, datetime], bool]] = {
    EngagementState.WITHDRAWN: lambda it, _: it.withdrawn,
    EngagementState.CLOSED: lambda it, _: it.closed,
    EngagementState.FEEDBACK_GIVEN: lambda it, _: it.feedback_given_on is not None,
    EngagementState.FEEDBACK_DUE: lambda it, now: (
        it.debriefed_on is not None
        and it.feedback_until is not None
        and local_day(now) >= it.feedback_until - FEEDBACK_REMINDER
    ),
    EngagementState.DEBRIEFED: lambda it, _: it.debriefed_on is not None,
    EngagementState.DEBRIEF_DUE: lambda it, now: (
        it.contributed_on is not None and local_day(now) > it.contributed_on
    ),
    EngagementState.CONTRIBUTED: lambda it, _: it.contributed_on is not None,
    EngagementState.READY: lambda it, _: it.briefed and it.supported and it.plan_agreed,
    EngagementState.SUPPORT_CONFIRMED: lambda it, _: it.briefed and it.supported,
    EngagementState.BRIEFED: lambda it, _: it.briefed,
    EngagementState.BRIEFING_DUE: lambda it, now: now >= it.starts_at - BRIEFING_BEFORE,
    EngagementState.OPTED_IN: lambda _, __: True,
}
"""The states, the furthest first: the first whose facts are there is where it stands."""


def state_of(facts: Facts, now: datetime) -> EngagementState:
    """Where an involvement stands."""
    return next(state for state, reached in _REACHED.items() if reached(facts, now))


BEFORE = frozenset(
    {
        EngagementState.OPTED_IN,
        EngagementState.BRIEFING_DUE,
        EngagementState.BRIEFED,
        EngagementState.SUPPORT_CONFIRMED,
        EngagementState.READY,
    }
)
AFTER = frozenset(
    {
        EngagementState.CONTRIBUTED,
        EngagementState.DEBRIEF_DUE,
        EngagementState.DEBRIEFED,
        EngagementState.FEEDBACK_DUE,
        EngagementState.FEEDBACK_GIVEN,
    }
)


class Step(StrEnum):
    """Something that happens in the course of an involvement."""

    CHANGE = "change"
    PREPARE = "prepare"
    CONTRIBUTE = "contribute"
    FOLLOW_UP = "follow_up"
    GIVE_FEEDBACK = "give_feedback"
    CLOSE = "close"
    WITHDRAW = "withdraw"


POSSIBLE: Mapping[Step, frozenset[EngagementState]] = {
    Step.CHANGE: BEFORE,
    Step.PREPARE: BEFORE,
    Step.CONTRIBUTE: BEFORE | AFTER,
    Step.FOLLOW_UP: AFTER,
    Step.GIVE_FEEDBACK: AFTER,
    Step.CLOSE: frozenset({EngagementState.FEEDBACK_GIVEN, EngagementState.CLOSED}),
    Step.WITHDRAW: frozenset(EngagementState),
}
"""From which states each step can be taken. A step that was taken may be taken again."""

_WHY_NOT: Mapping[Step, str] = {
    Step.CHANGE: "This can be changed until the contribution has been written down.",
    Step.PREPARE: "Preparation ends with the contribution, or when the expert withdraws.",
    Step.CONTRIBUTE: "Nobody is waiting for this contribution any more.",
    Step.FOLLOW_UP: "This follows a contribution: write that down first.",
    Step.GIVE_FEEDBACK: "Feedback follows a contribution: write that down first.",
    Step.CLOSE: "It is closed once the expert has heard what came of the contribution.",
}


def why_not(step: Step, facts: Facts, now: datetime) -> str | None:
    """Why this step cannot be taken now, in words; None when it can."""
    if state_of(facts, now) not in POSSIBLE[step]:
        return _WHY_NOT[step]
    if step is Step.CONTRIBUTE and now < facts.starts_at:
        return "The event has not begun yet."
    return None


class Missing(StrEnum):
    """What an expert still needs before an event."""

    BRIEFING = "briefing"
    SUPPORTER = "supporter"
    SHARING_PLAN = "sharing_plan"


def missing(facts: Facts) -> tuple[Missing, ...]:
    """What is still missing before the expert is ready."""
    there = {
        Missing.BRIEFING: facts.briefed,
        Missing.SUPPORTER: facts.supported,
        Missing.SHARING_PLAN: facts.plan_agreed,
    }
    return tuple(what for what, done in there.items() if not done)


def in_time(done_on: date, facts: Facts) -> bool:
    """Whether a preparation was done before the day of the event."""
    return done_on < local_day(facts.starts_at)


def debriefed_in_time(debriefed_on: date, contributed_on: date) -> bool:
    """Whether a debrief was held on the day after the contribution at the latest."""
    return debriefed_on <= contributed_on + DEBRIEF_AFTER
