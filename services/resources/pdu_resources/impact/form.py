"""What somebody writes down about a change, and how it is seen."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.change import (
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
from pdu_shared.forms import Day, Form, OneLine, Paragraphs

MOST = 20


class Described(Form):
    """What a change is: all but the first two can be left to whoever codes it."""

    level: ChangeLevel
    expectedness: Expectedness = Expectedness.EXPECTED
    kind: ChangeKind | None = None
    depth: ChangeDepth | None = None
    contribution_class: ContributionClass | None = None
    other_factors: Annotated[
        Paragraphs | None, Field(description="What else brought it about. Kept here")
    ] = None
    aims: Annotated[tuple[SystemChangeAim, ...], Field(max_length=MOST)] = ()
    hls: Annotated[tuple[HlsCondition, ...], Field(max_length=MOST)] = ()
    pie: Annotated[tuple[PieElement, ...], Field(max_length=MOST)] = ()
    outcomes: Annotated[tuple[Outcome, ...], Field(max_length=MOST)] = ()
    evidence: Annotated[tuple[EvidenceMethod, ...], Field(max_length=MOST)] = ()
    workstreams: Annotated[tuple[Code, ...], Field(max_length=MOST)] = ()


class RecordImpact(Described):
    """A change, as whoever saw it tells it. A minute is enough: what, and where it shows."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"what": "The hostel rings us before it evicts.", "level": "organisation"}]
        }
    )

    what: Paragraphs
    organisation: OneLine | None = None
    learning_event_ids: Annotated[tuple[UUID, ...], Field(max_length=MOST)] = ()
    happened_on: Day | None = Field(default=None, description="Today unless given")
    may_publish: Annotated[bool, Field(strict=True)] = False


class CodeImpact(Described):
    """How a change is coded. Whether it was expected is said anew, not taken for granted."""

    expectedness: Expectedness


class PublishImpact(Form):
    """What everybody reads: written for that, without names of people."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "A hostel asks before it evicts",
                    "summary": "Staff ring the team first. Four people kept their room.",
                }
            ]
        }
    )

    title: OneLine
    summary: Paragraphs


class Impact(BaseModel):
    """An impact record."""

    impact_id: UUID
    state: ImpactState
    what: str | None
    other_factors: str | None
    kind: ChangeKind | None
    level: ChangeLevel
    depth: ChangeDepth | None
    contribution_class: ContributionClass | None
    expectedness: Expectedness
    aims: list[SystemChangeAim]
    hls: list[HlsCondition]
    pie: list[PieElement]
    outcomes: list[Outcome]
    evidence: list[EvidenceMethod]
    workstreams: list[str]
    organisation_id: UUID | None
    organisation: str | None
    learning_event_ids: list[UUID]
    happened_on: date
    recorded_at: datetime
    may_publish: bool
    title: str | None
    summary: str | None
    published_at: datetime | None
    version: int
