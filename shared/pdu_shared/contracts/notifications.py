"""What notifications tells: letters on their way. Who gets them stays at home."""

from uuid import UUID

from pdu_shared.contracts.message import Code, Message
from pdu_shared.contracts.vocabulary import Channel


class _Letter(Message):
    about = "letter"

    letter_id: UUID
    template: Code
    channel: Channel
    related_id: UUID


class MessageQueued(_Letter):
    """A letter was written and waits to be sent."""


class MessageSent(_Letter):
    """A letter was accepted by the mail server."""


class MessageFailed(_Letter):
    """A letter could not be sent."""

    reason: Code


class MessageSuppressed(_Letter):
    """A letter was not sent, on purpose."""

    reason: Code
