"""E-learning, pathways and badges."""

from datetime import date
from uuid import UUID

from pdu_shared.contracts.message import Code, Message, Wording
from pdu_shared.contracts.vocabulary import Level


class ModulePublished(Message):
    """A version of an e-learning module can be begun from now on."""

    about = "module"

    module_id: UUID
    """Also the `item_id` of what members do with it."""
    module_key: Code
    group: Code
    title: Wording
    version: int
    level: Level
    minutes: int
    published_on: date


class ModuleRetired(Message):
    """An e-learning module is not begun any more. Whoever has begun may complete it."""

    about = "module"

    module_id: UUID
    module_key: Code


class ModuleReminderSet(Message):
    """A member asked to be reminded of a module on a day, or not any more."""

    about = "reminder"

    reminder_id: UUID
    module_id: UUID
    module_key: Code
    person_id: UUID
    title: Wording
    remind_on: date | None
    """None when they took it back, or completed the module."""


class _OnPathway(Message):
    about = "enrolment"

    enrolment_id: UUID
    pathway_id: UUID
    pathway_key: Code
    person_id: UUID


class PathwayStarted(_OnPathway):
    """A member set out on a pathway."""

    started_on: date


class PathwayCompleted(_OnPathway):
    """A member did everything that belongs to a pathway."""

    completed_on: date


class BadgeIssued(Message):
    """A member has a badge for a pathway that they completed."""

    about = "badge"

    badge_id: UUID
    pathway_id: UUID
    pathway_key: Code
    person_id: UUID
    issued_on: date
