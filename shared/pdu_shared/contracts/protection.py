"""What every service tells about a person's rights and about what it no longer keeps.

Each service has these facts under its own name: the classes here are what theirs have in common.
"""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime

from pdu_shared.contracts.message import Code, Message


class _AboutPerson(Message):
    about = "request"

    request_id: UUID
    person_id: UUID


class _Asked(_AboutPerson):
    person_ids: tuple[UUID, ...]
    """Every id that is this person: theirs, and those merged with it."""


class _Erased(_AboutPerson):
    rows: int
    """How many rows were deleted or emptied."""
    done_at: AwareDatetime


class _Gathered(_AboutPerson):
    sealed_for = "resources"

    part: int
    """From 1 to `parts`: what is long travels in several."""
    parts: int
    content: str
    """Together the parts are one JSON document."""


class _Applied(Message):
    about = "retention"

    retention_id: UUID
    data_class: Code
    count: int
    cut_off: date
