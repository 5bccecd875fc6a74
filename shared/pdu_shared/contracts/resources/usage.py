"""What members do in the hub."""

from datetime import date
from uuid import UUID

from pdu_shared.contracts.message import Code, Message


class _Activity(Message):
    about = "activity"

    activity_id: UUID
    item_id: UUID
    item_key: Code
    person_id: UUID
    happened_on: date


class ResourceViewed(_Activity):
    """A member looked at something in the library."""


class ResourceDownloaded(_Activity):
    """A member took something from the library with them."""


class ModuleStarted(_Activity):
    """A member began an e-learning module."""


class ModuleCompleted(_Activity):
    """A member reached the end of an e-learning module."""
