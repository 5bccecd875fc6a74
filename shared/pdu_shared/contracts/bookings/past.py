"""What bookings tells of records of the past."""

from uuid import UUID

from pdu_shared.contracts.message import Code, Message


class HistoryImported(Message):
    """The last message of an import: a file of records has been taken."""

    about = "batch"

    batch_id: UUID
    """The correlation id of every message that the file gave."""
    file: Code
    rows: int
    messages: int
    """How many were told before this one."""
