"""What is told on the bus, and who has dealt with it, as far as the live board needs it."""

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel


class Envelope(BaseModel):
    """A message on the bus, as its journal keeps it."""

    id: UUID
    source: str
    type: str
    subject: str = ""
    time: AwareDatetime
    recordedtime: AwareDatetime | None = None
    correlationid: UUID | None = None
    data: dict[str, Any] = {}

    @property
    def name(self) -> str:
        """The message's own name: EventBooked of pdu.bookings.EventBooked."""
        return self.type.rpartition(".")[2]

    @property
    def speaker(self) -> str:
        """The service that said it."""
        return self.source.strip("/")


class JournalEntry(BaseModel):
    """A message and its place in the journal."""

    position: int
    message: Envelope
    received_at: AwareDatetime


class Journal(BaseModel):
    """A page of the journal; `next` moves on over messages that are not for everybody."""

    items: list[JournalEntry]
    next: int


class Handled(BaseModel):
    """What a service did with one message."""

    message_id: UUID
    state: Literal["done", "stale", "waiting", "parked"]
    handled_at: AwareDatetime | None = None


class Inbox(BaseModel):
    """What a service did with the messages it was asked about."""

    handled: list[Handled]
