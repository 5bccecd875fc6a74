"""What resources tells: members, and the lists that everybody uses."""

from datetime import date
from uuid import UUID

from pdu_shared.contracts.message import Code, Message, Wording
from pdu_shared.contracts.vocabulary import Channel


class MemberRegistered(Message):
    """Somebody has an account of the hub."""

    about = "person"

    person_id: UUID
    organisation_id: UUID | None = None
    sector: Code
    work_field: Code
    role_level: Code
    area: Code
    registered_on: date


class ContactPointChanged(Message):
    """How to reach a person."""

    about = "person"
    sealed_for = "notifications"

    person_id: UUID
    channel: Channel
    address: str
    name: str
    verified: bool


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
