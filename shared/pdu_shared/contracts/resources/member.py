"""Members, and ids that are one person."""

from datetime import date
from uuid import UUID

from pdu_shared.contracts.message import Code, Message
from pdu_shared.contracts.vocabulary import Channel


class _Profile(Message):
    about = "person"

    person_id: UUID
    organisation_id: UUID | None = None
    """By the name that they typed; another organisation's where `OrganisationMerged` says so."""
    sector: Code
    work_field: Code
    role_level: Code
    area: Code
    interests: tuple[Code, ...] = ()
    """Work streams."""


class MemberRegistered(_Profile):
    """Somebody has an account of the hub."""

    registered_on: date


class MemberProfileChanged(_Profile):
    """A member is another than before, from this day on: all that is told of them, as it is now."""

    changed_on: date


class MemberClosed(Message):
    """Somebody has left the hub. What they did there still counts."""

    about = "person"

    person_id: UUID
    closed_on: date


class ContactPointChanged(Message):
    """How to reach a person."""

    about = "person"
    sealed_for = "notifications"

    person_id: UUID
    channel: Channel
    address: str
    name: str
    verified: bool


class _SamePerson(Message):
    about = "person"

    kept_id: UUID
    merged_id: UUID
    """What is said about this id is about the kept one."""

    @property
    def subject(self) -> str:
        """The one that is merged: it can be merged into one other only."""
        return f"person/{self.merged_id}"


class PersonMerged(_SamePerson):
    """Two ids are one person."""

    basis: Code


class PersonUnmerged(_SamePerson):
    """Two ids were taken for one person, and are two."""
