"""Messages for tests: through envelope, reading and inbox as the broker would bring them."""

from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

from pdu_shared.bus import Thread
from pdu_shared.contracts.message import Message, Origin
from pdu_shared.database import Database
from pdu_shared.identity import uuid7
from pdu_shared.outbox import Promise, opened
from pdu_shared.reading import Flaw, Received, read
from pdu_shared.sealing import Sealer
from pdu_shared.service import Service

_sequences: Counter[str] = Counter()


def body_of(  # noqa: PLR0913 - each says one thing of the envelope
    message: Message,
    *,
    origin: Origin = "live",
    batch_id: UUID | None = None,
    sequence: int | None = None,
    sealer: Sealer | None = None,
    message_id: UUID | None = None,
) -> bytes:
    """A message as its owner's outbox would write it; by default the next of its subject."""
    if sequence is None:
        _sequences[message.subject] += 1
        sequence = _sequences[message.subject]
    sealed = None
    if message.sealed_for:
        assert sealer is not None, "a sealed message needs keys"
        sealed = sealer.seal(message.sealed_for, message.model_dump_json().encode())
    thread = Thread(batch_id or uuid7(), origin=origin)
    promise = Promise(message, thread, sealed=sealed)
    head = opened(promise, message_id or uuid7(), datetime.now(UTC))
    return f'{head},"sequence":"{sequence:010d}"}}'.encode()


def arrived(
    message: Message, *, sealer: Sealer | None = None, **details: object
) -> Received | Flaw:
    """A delivery of a message, read as the consumer reads it."""
    body = body_of(message, sealer=sealer, **details)
    return read(body, sent_by=message.service(), sealer=sealer)


async def deliver(
    service: Service,
    database: Database,
    *messages: Message,
    origin: Origin = "live",
    sealer: Sealer | None = None,
) -> None:
    """Let a service take messages, in this order, in one batch."""
    batch = [arrived(message, origin=origin, sealer=sealer) for message in messages]
    await service.take(database, batch)
