"""A plan: its aims, objectives, milestones, and what is done for it."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.steering import PlanKind, UndertakingState
from pdu_shared.forms import Day, Form, OneLine, Paragraphs


class PlanState(StrEnum):
    """How a plan stands."""

    DRAFT = "draft"
    AGREED = "agreed"
    CLOSED = "closed"


class ActivityKind(StrEnum):
    """What can be done for a plan."""

    LEARNING_EVENT = "learning_event"
    COMMUNITY = "community"
    ITEM = "item"


class WriteObjective(Form):
    """What is wanted, how it is known, and for which plan of partners it counts."""

    objective_id: UUID | None = Field(default=None, description="Of one that is there already")
    wording: Paragraphs
    measure: Paragraphs | None = Field(default=None, description="By what it is known")
    partner_plan: Code | None = Field(
        default=None, description="The plan of partners that it helps with: changing_futures …"
    )
    due_on: Day | None = None
    state: UndertakingState = UndertakingState.INTENDED


class WriteMilestone(Form):
    """A point on the way."""

    wording: OneLine
    due_on: Day
    reached_on: Day | None = None


class WriteActivity(Form):
    """Something that is done for the plan."""

    kind: ActivityKind
    activity_id: UUID = Field(description="The id of the learning event, community or item")


class WritePlan(Form):
    """A plan as a whole. Objectives that are there have to be in it, with their ids."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "workstream_plan",
                    "workstream": "housing",
                    "title": "Housing first, in every hostel",
                    "aims": "Nobody loses a room because of how they cope.",
                    "starts_on": "2026-04-01",
                    "state": "agreed",
                    "objectives": [
                        {
                            "wording": "Hostels ask before they evict.",
                            "measure": "Evictions without a case meeting",
                            "partner_plan": "changing_futures",
                            "due_on": "2027-03-31",
                        }
                    ],
                    "milestones": [{"wording": "Two hostels agree", "due_on": "2026-12-31"}],
                }
            ]
        }
    )

    kind: PlanKind
    workstream: Code | None = Field(default=None, description="Of a work stream's plan")
    title: OneLine
    aims: Paragraphs
    organisation: OneLine | None = Field(
        default=None, description="Who owns it, if that is not the unit"
    )
    group_id: UUID | None = Field(default=None, description="The working group that owns it")
    starts_on: Day
    ends_on: Day | None = None
    state: PlanState = PlanState.DRAFT
    objectives: Annotated[tuple[WriteObjective, ...], Field(max_length=40)] = ()
    milestones: Annotated[tuple[WriteMilestone, ...], Field(max_length=60)] = ()
    activities: Annotated[tuple[WriteActivity, ...], Field(max_length=200)] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind is PlanKind.WORKSTREAM_PLAN and self.workstream is None:
            msg = "Say which work stream the plan is for."
            raise ValueError(msg)
        if self.ends_on and self.ends_on < self.starts_on:
            msg = "A plan ends after it begins."
            raise ValueError(msg)
        return self


class ObjectiveSeen(BaseModel):
    """An objective, and how far its actions have come."""

    objective_id: UUID
    wording: str
    measure: str | None
    partner_plan: str | None
    due_on: date | None
    state: UndertakingState
    actions: int
    actions_settled: int
    actions_overdue: int


class MilestoneSeen(BaseModel):
    """A point on the way."""

    wording: str
    due_on: date
    reached_on: date | None


class ActivitySeen(BaseModel):
    """Something that is done for the plan."""

    kind: ActivityKind
    activity_id: UUID


class PlanLine(BaseModel):
    """A plan in the list."""

    plan_id: UUID
    kind: PlanKind
    workstream: str | None
    title: str
    organisation: str | None
    group_id: UUID | None
    starts_on: date
    ends_on: date | None
    state: PlanState
    objectives_set: int
    objectives_done: int
    milestones_set: int
    milestones_reached: int
    version: int


class PlanLines(BaseModel):
    """One page of plans. `next` goes into `after` for the following page."""

    items: list[PlanLine]
    next: UUID | None


class Plan(PlanLine):
    """A plan as a whole."""

    aims: str
    objectives: list[ObjectiveSeen]
    milestones: list[MilestoneSeen]
    activities: list[ActivitySeen]
