"""What every service tells of its own ledger, so that others can see whether they have all of it.

Each service has this fact under its own name: the class here is what theirs have in common.
"""

from uuid import UUID

from pydantic import AwareDatetime

from pdu_shared.contracts.message import Message, Part, RoutingKey


class Counted(Part):
    """The messages of one kind."""

    key: RoutingKey
    messages: int
    digest: int
    """The first 48 bits of the SHA-256 of each body, added up modulo 2 ** 48."""


class _Counted(Message):
    about = "ledger"

    ledger_id: UUID
    """Of the service and the span: a count that is told again is the newer one."""
    starts_at: AwareDatetime
    """Included; the messages are those whose ids (UUIDv7) were given within the span."""
    ends_at: AwareDatetime
    """Not included."""
    counts: tuple[Counted, ...]
