"""What resources tells of outcomes: partners, progress markers, influence, indicators, pledges."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pdu_shared.contracts.message import Code, Message
from pdu_shared.contracts.resources.change import EvidenceMethod
from pdu_shared.contracts.resources.steering import UndertakingState


class PartnerKind(StrEnum):
    """Whether the unit works with a partner, or reaches them through others."""

    DIRECT = "direct"
    INDIRECT = "indirect"


class MarkerLevel(StrEnum):
    """How far a progress marker reaches (outcome mapping)."""

    EXPECT_TO_SEE = "expect_to_see"
    LIKE_TO_SEE = "like_to_see"
    LOVE_TO_SEE = "love_to_see"


class IndicatorKind(StrEnum):
    """What organisations count themselves."""

    INCIDENTS = "incidents"
    COMPLETION = "completion"
    BENEFICIARY_OUTCOMES = "beneficiary_outcomes"
    STAFF_SATISFACTION = "staff_satisfaction"
    STAFF_RETENTION = "staff_retention"
    VOLUNTEER_SATISFACTION = "volunteer_satisfaction"
    VOLUNTEER_RETENTION = "volunteer_retention"
    OTHER = "other"


class BoundaryPartnerMapped(Message):
    """A partner is on the outcomes map; also when it stands there otherwise."""

    about = "partner"

    partner_id: UUID
    partner: Code
    kind: PartnerKind
    reached_through: tuple[Code, ...] = ()
    """The partners by whom an indirect one is reached."""
    markers: int
    valid_from: date
    valid_to: date | None = None


class ProgressMarkerObserved(Message):
    """A progress marker of a partner was seen, or seen not to hold."""

    about = "observation"

    observation_id: UUID
    marker_id: UUID
    partner: Code
    level: MarkerLevel
    seen: bool
    evidence: EvidenceMethod
    observed_on: date


class StrategicInfluenceLogged(Message):
    """The unit contributed to a strategy, in a forum."""

    about = "influence"

    influence_id: UUID
    forum: Code
    strategy: Code
    influenced: bool | None = None
    """Whether it made a difference; None while nobody can say."""
    happened_on: date


class IndicatorReported(Message):
    """An organisation reported what it counts, for a period; also when it put it right."""

    about = "report"

    report_id: UUID
    organisation_id: UUID
    indicator: IndicatorKind
    series: Code
    """The code of the series within the organisation."""
    period_from: date
    period_to: date
    numerator: int
    denominator: int | None = None


class PledgeAdopted(Message):
    """An organisation made a pledge its own; also when it has come further with it."""

    about = "adoption"

    adoption_id: UUID
    pledge: Code
    organisation_id: UUID
    state: UndertakingState
    adopted_on: date


class EvaluationActivityLogged(Message):
    """Something was done to learn how well the unit works."""

    about = "evaluation"

    evaluation_id: UUID
    method: EvidenceMethod
    participants_count: int
    starts_on: date
    ends_on: date
