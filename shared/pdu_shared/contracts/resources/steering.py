"""What resources tells of those who steer: seats, meetings, actions, plans, commitments, funders.

No text and no names; of a seat for lived experience not who sits on it.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pdu_shared.contracts.message import Code, Message, Wording


class SeatKind(StrEnum):
    """What a seat in the steering group is for."""

    ORGANISATION = "organisation"
    LIVED_EXPERIENCE = "lived_experience"
    PDU_STAFF = "pdu_staff"
    INDEPENDENT = "independent"


class UndertakingState(StrEnum):
    """What became of something that somebody took on."""

    INTENDED = "intended"
    REMINDED = "reminded"
    DONE = "done"
    PARTLY = "partly"
    NOT_DONE = "not_done"
    NO_ANSWER = "no_answer"


class ActionOf(StrEnum):
    """Where an action was set."""

    STEERING_GROUP = "steering_group"
    WORKSTREAM_PLAN = "workstream_plan"
    PROGRAMME_OF_CHANGE = "programme_of_change"
    WORKING_GROUP = "working_group"


class PlanKind(StrEnum):
    """What a plan is for."""

    WORKSTREAM_PLAN = "workstream_plan"
    PROGRAMME_OF_CHANGE = "programme_of_change"


class CommitmentKind(StrEnum):
    """What an organisation promises for a year."""

    SEND_STAFF = "send_staff"
    """So many different people come to learning events."""
    NAME_TOPICS = "name_topics"
    """It says what its staff would like to learn about."""


class SteeringMemberAppointed(Message):
    """Somebody has a seat in the steering group; also when its term or sector is another."""

    about = "seat"

    seat_id: UUID
    seat_kind: SeatKind
    person_id: UUID | None = None
    """Never of a seat for lived experience: that it is theirs would say what they have lived."""
    organisation_id: UUID | None = None
    sector: Code | None = None
    role_level: Code | None = None
    starts_on: date
    ends_on: date | None = None


class SteeringMeetingHeld(Message):
    """The steering group met; also when it was put right who was there."""

    about = "meeting"

    meeting_id: UUID
    held_on: date
    members: int
    """How many seats there were on that day."""
    present: int
    apologies: int


class SteeringActionSet(Message):
    """Somebody is to do something by a day; also when they have come further with it."""

    about = "action"

    action_id: UUID
    of: ActionOf
    workstream: Code | None = None
    organisation_id: UUID | None = None
    set_on: date
    due_on: date
    state: UndertakingState


class PlanObjectiveSet(Message):
    """A plan has an objective; also when it is another, or has come further."""

    about = "objective"

    objective_id: UUID
    plan_id: UUID
    plan_kind: PlanKind
    workstream: Code | None = None
    partner_plan: Code | None = None
    """The plan of partners that it helps with, such as `changing_futures`."""
    set_on: date
    due_on: date | None = None
    state: UndertakingState


class _Commitment(Message):
    about = "commitment"

    commitment_id: UUID
    organisation_id: UUID
    kind: CommitmentKind
    project_year: Code
    promised: int
    state: UndertakingState


class CommitmentMade(_Commitment):
    """An organisation promises something for a year; also when it promises more or less."""

    made_on: date


class CommitmentReviewed(_Commitment):
    """It was looked at what became of a promise."""

    kept: int
    """Of what was promised, as counted on that day."""
    reviewed_on: date


class ProgrammePeriodDefined(Message):
    """A programme or funder pays for the unit in this time; also when its days are others."""

    about = "programme_period"

    programme_period_id: UUID
    code: Code
    label: Wording
    starts_on: date
    ends_on: date | None = None
