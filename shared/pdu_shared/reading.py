"""Reading a delivery: a message with its envelope, or the flaw that keeps it from being one."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pydantic import JsonValue, ValidationError
from pydantic_core import from_json

from pdu_shared.contracts import MESSAGES
from pdu_shared.contracts.message import MAX_BYTES, Envelope, Message
from pdu_shared.sealing import CannotOpen, Sealer

MAX_DEPTH = 20
CLOCK_SKEW = timedelta(minutes=5)
SUSPICIOUS = (b"NaN", b"Infinity", rb"\u0000")


@dataclass(frozen=True, slots=True)
class Received:
    """A delivery that can be read."""

    envelope: Envelope
    message: Message | None
    """`None` for a type that this version of the contracts does not know."""
    body: bytes

    @property
    def body_hash(self) -> bytes:
        """What tells a repeated message from another one under its id."""
        return hashlib.sha256(self.body).digest()[:16]

    @property
    def stream(self) -> str:
        """Within it messages have an order: publisher, exchange and subject."""
        sealed = "sealed/" if self.envelope.datacontenttype == "application/jose" else ""
        return f"{self.envelope.source}/{sealed}{self.envelope.subject}"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a delivery cannot be taken. It is parked with this, never dropped."""

    reason: str
    detail: str
    body: bytes
    message_id: UUID | None = None
    routing_key: str | None = None


def read(
    body: bytes, *, sent_by: str | None, sealer: Sealer | None, now: datetime | None = None
) -> Received | Flaw:
    """What a delivery says. `sent_by` is the broker user who published it, as the broker checked.

    `sent_by=None` skips that check: for what an operator lets in again from the parked ones.
    """
    if len(body) > MAX_BYTES:
        return Flaw("too_large", f"{len(body)} bytes", body[:MAX_BYTES])
    # What pydantic lets pass is rare, and so is the second look at the bodies that may hold it.
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH or any(mark in body for mark in SUSPICIOUS):
        flaw = _malformed(body)
        if flaw:
            return flaw
    try:
        envelope = Envelope.model_validate_json(body)
    except ValidationError as error:
        return _malformed(body) or Flaw("bad_envelope", _where(error), body)
    if flaw := _mistrusted(envelope, body, sent_by, now or datetime.now(UTC)):
        return flaw
    return _read_data(envelope, body, sealer)


def _malformed(body: bytes) -> Flaw | None:
    """What keeps a body from being JSON that we read at all."""
    try:
        parsed: JsonValue = from_json(body, allow_inf_nan=False)
    except ValueError:
        return Flaw("malformed", "not JSON in UTF-8", body)
    if _deeper_than(parsed, MAX_DEPTH):
        return Flaw("malformed", f"nested deeper than {MAX_DEPTH}", body)
    if _holds_nul(parsed):  # which PostgreSQL has no place for
        return Flaw("malformed", "a NUL character", body)
    return None


def _mistrusted(envelope: Envelope, body: bytes, sent_by: str | None, now: datetime) -> Flaw | None:
    """Only a service tells its facts: `bookings`, or `bookings_b` while passwords rotate."""
    if sent_by is not None and sent_by.partition("_")[0] != envelope.producer:
        return Flaw("wrong_producer", f"sent by {sent_by}", body, envelope.id, envelope.routing_key)
    if envelope.recordedtime > now + CLOCK_SKEW:
        return Flaw("clock", "recorded in the future", body, envelope.id, envelope.routing_key)
    return None


def _read_data(envelope: Envelope, body: bytes, sealer: Sealer | None) -> Received | Flaw:
    kind = MESSAGES.get(envelope.routing_key)
    if kind is None:
        return Received(envelope, None, body)
    try:
        if not kind.sealed_for:
            message = kind.model_validate(envelope.data)
        elif sealer is None:
            return Flaw("unsealable", "no key", body, envelope.id, envelope.routing_key)
        else:
            message = kind.model_validate_json(sealer.unseal(str(envelope.data)))
    except CannotOpen as error:
        return Flaw("unsealable", error.reason, body, envelope.id, envelope.routing_key)
    except ValidationError as error:
        return Flaw("schema", _where(error), body, envelope.id, envelope.routing_key)
    return Received(envelope, message, body)


def _where(error: ValidationError) -> str:
    """The paths and kinds of what is wrong, without any value."""
    return "; ".join(
        f"/{'/'.join(str(part) for part in one['loc'])}: {one['type']}"
        for one in error.errors(include_input=False, include_url=False, include_context=False)[:5]
    )


def _holds_nul(value: JsonValue) -> bool:
    match value:
        case str():
            return "\0" in value
        case dict():
            return any(_holds_nul(name) or _holds_nul(inner) for name, inner in value.items())
        case list():
            return any(map(_holds_nul, value))
        case _:
            return False


def _deeper_than(value: JsonValue, depth: int) -> bool:
    level: list[JsonValue] = [value]
    for _ in range(depth):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True
