"""Lists that everybody uses."""

from datetime import date
from uuid import UUID

from pdu_shared.contracts.message import Code, Message, Wording


class WorkstreamDefined(Message):
    """A work stream has a label for a time."""

    about = "workstream"

    workstream_id: UUID
    code: Code
    label: Wording
    valid_from: date
    valid_to: date | None = None


class ProjectYearDefined(Message):
    """A project year of the programme; the first may be shorter than the others."""

    about = "project_year"

    project_year_id: UUID
    code: Code
    label: Wording
    starts_on: date
    ends_on: date
    is_partial: bool


class CategoryDefined(Message):
    """A word of a list that everybody uses: a sector, a work field, a role, an area and so on."""

    about = "category"

    category_id: UUID
    scheme: Code
    code: Code
    label: Wording
    valid_to: date | None = None
    """The last day on which it may be chosen."""


class SettingChanged(Message):
    """Something that one city has otherwise than another is otherwise from now on."""

    about = "setting"

    setting_id: UUID
    key: Code
    number: int | None = None
    """Of a number; 1 and 0 for yes and no."""
    wording: Wording | None = None
    codes: tuple[Code, ...] = ()


class WorkstreamRetired(Message):
    """A work stream has a last day; what was filed under it goes on in others, or in none."""

    about = "workstream"

    workstream_id: UUID
    code: Code
    valid_to: date
    maps_to: tuple[Code, ...] = ()
