"""What resources tells of change: what people meant to do, and what came of it.

Codes and ids alone. What people wrote about it stays with resources.
"""

from datetime import date
from uuid import UUID

from pdu_shared.contracts.message import Code, Message
from pdu_shared.contracts.resources.change import (
    ActionState,
    ChangeDepth,
    ChangeKind,
    ChangeLevel,
    ContributionClass,
    EvidenceMethod,
    Expectedness,
    HlsCondition,
    ImpactState,
    Outcome,
    PieElement,
    SystemChangeAim,
)


class _Action(Message):
    about = "action"

    action_id: UUID
    person_id: UUID | None = None
    """Only of those who agreed that their answers are linked."""
    learning_event_id: UUID | None = None
    state: ActionState


class ActionIntended(_Action):
    """Somebody means to change something because of a learning event."""

    intended_on: date


class ActionReported(_Action):
    """Somebody said what became of what they meant to do."""

    outcome_code: Code | None = None
    """Whether people who use services are better off: `yes`, `not_sure` or `no`."""
    intended_on: date
    reported_on: date


class ActionWithdrawn(_Action):
    """Somebody did not mean that after all, or took their answers back: it counts no more."""

    withdrawn_on: date


class _Impact(Message):
    about = "impact"
    public = True

    impact_id: UUID
    state: ImpactState
    kind: ChangeKind | None = None
    level: ChangeLevel
    depth: ChangeDepth | None = None
    contribution_class: ContributionClass | None = None
    expectedness: Expectedness
    aims: tuple[SystemChangeAim, ...] = ()
    hls: tuple[HlsCondition, ...] = ()
    pie: tuple[PieElement, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    evidence: tuple[EvidenceMethod, ...] = ()
    workstreams: tuple[Code, ...] = ()
    organisation_id: UUID | None = None
    learning_event_ids: tuple[UUID, ...] = ()
    happened_on: date
    recorded_on: date


class ImpactRecorded(_Impact):
    """Something changed; also when it is described or coded anew."""


class ImpactVerified(_Impact):
    """Somebody other than whoever wrote it down has seen the evidence."""


class ImpactPublished(_Impact):
    """A change may be read by everybody, with the consent of those it is about."""


class ImpactWithdrawn(_Impact):
    """A change is not told any more."""
