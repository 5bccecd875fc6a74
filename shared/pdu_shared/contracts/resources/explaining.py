"""What resources tells that explains figures: what happened in their time, and what is recoded."""

from datetime import date
from uuid import UUID

from pdu_shared.contracts.message import Code, Message, Wording


class AnnotationAdded(Message):
    """Something happened that figures of its time are to be read with; or it is told otherwise."""

    about = "annotation"
    public = True

    annotation_id: UUID
    code: Code
    label: Wording
    starts_on: date
    ends_on: date | None = None
    withdrawn: bool = False
    """It is shown no more."""


class CategoryRecoded(Message):
    """What was told under one word counts under another; or no more."""

    about = "recoding"
    public = True

    recoding_id: UUID
    code: Code
    scheme: Code
    source_code: Code
    canonical_code: Code
    organisation_id: UUID | None = None
    """Of people from there only."""
    valid_from: date | None = None
    valid_to: date | None = None
    note: Wording
    withdrawn: bool = False
