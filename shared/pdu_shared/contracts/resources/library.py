"""The library: what is in it, what members bring, and recordings."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pdu_shared.contracts.message import Code, Message, Wording
from pdu_shared.contracts.vocabulary import Level


class ItemType(StrEnum):
    """What kind of thing an item of the library is."""

    ACADEMIC_PAPER = "academic_paper"
    TOOLKIT = "toolkit"
    REPORT = "report"
    BEST_PRACTICE_GUIDE = "best_practice_guide"
    PRACTICE_TOOL = "practice_tool"
    SLIDES = "slides"
    MULTIMEDIA = "multimedia"
    LINK = "link"
    CASE_STUDY = "case_study"
    RECORDING = "recording"


class Scope(StrEnum):
    """Whether an item speaks of the programme's own place or of the country."""

    LOCAL = "local"
    NATIONAL = "national"


class Captions(StrEnum):
    """How somebody who does not hear a recording follows it."""

    CAPTIONED = "captioned"
    TRANSCRIPT = "transcript"
    NONE = "none"


class _Item(Message):
    about = "item"
    public = True

    item_id: UUID
    item_key: Code
    type: ItemType
    workstreams: tuple[Code, ...] = ()
    scope: Scope | None = None
    level: Level | None = None


class ResourceSubmitted(_Item):
    """A member brought something for the library. Nobody but coordinators has seen it."""


class ResourcePublished(_Item):
    """An item of the library can be found by everybody."""

    title: Wording
    learning_event_id: UUID | None = None
    members_only: bool
    published_on: date
    review_due_on: date | None = None


class ResourceReviewed(Message):
    """Somebody looked whether a published item is still right, and it is."""

    about = "item"
    public = True

    item_id: UUID
    item_key: Code
    reviewed_on: date
    review_due_on: date


class ResourceArchived(Message):
    """An item is kept, but offered no more."""

    about = "item"
    public = True

    item_id: UUID
    item_key: Code
    reason_code: Code
    replaced_by: UUID | None = None


class RecordingPublished(Message):
    """Members can play the recording of a session, or of something else."""

    about = "item"

    item_id: UUID
    item_key: Code
    title: Wording
    session_id: UUID | None = None
    learning_event_id: UUID | None = None
    captions: Captions


class RecordingWithdrawn(Message):
    """A recording is played no more."""

    about = "item"

    item_id: UUID
    item_key: Code
    session_id: UUID | None = None
    reason_code: Code
