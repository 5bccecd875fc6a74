"""An annual report as it is told: sections of charts, tables and definitions."""

from datetime import date, datetime

from pydantic import BaseModel

from pdu_reporting.asking import Audience


class Number(BaseModel):
    """A single number of the year."""

    name: str
    value: str
    so_far: str
    """Of all years up to the end of this one; empty where that is not counted."""


class Part(BaseModel):
    """A figure: a chart where it can be drawn, and always its table."""

    title: str
    subtitle: str
    svg: str | None
    told: str
    """What the chart shows, in words."""
    headings: list[str]
    rows: list[list[str]]
    apart: list[list[str]]
    """Rows about years that are not whole."""
    notes: list[str]
    figure: str
    address: str
    """Where the same figure is asked for over HTTP."""


class Section(BaseModel):
    """Parts that belong together."""

    title: str
    intro: str
    parts: list[Part]


class Definition(BaseModel):
    """What a figure of the report counts."""

    figure: str
    statement: str
    unit: str


class Checked(BaseModel):
    """A figure that an earlier report printed, and whether it holds."""

    report: str
    id: str
    statement: str
    printed: str
    counted: str
    """Empty where small numbers are withheld: it could be one."""
    verdict: str
    reason: str


class Report(BaseModel):
    """The report on a project year, or a snapshot; all of it from one moment of the journal."""

    title: str
    year: str
    code: str
    starts_on: date | None
    """Null of a snapshot, which is about no single year."""
    ends_on: date | None
    is_partial: bool
    in_progress: bool
    audience: Audience
    as_of: datetime | None
    journal_position: int
    numbers: list[Number]
    reach: Part | None
    sections: list[Section]
    definitions: list[Definition]
    checked: list[Checked]
