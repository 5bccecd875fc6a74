"""What a delivery from `pdu.commands` asks, or why it cannot be read."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError

from pdu_shared import strict_json
from pdu_shared.commands import Sent
from pdu_shared.contracts.message import MAX_BYTES
from pdu_shared.reading import Flaw
from pdu_shared.sealing import CannotOpen, Sealer


@dataclass(frozen=True, slots=True)
class Command:
    """What a front end asks: one of the service's routes, with its path and body."""

    command_id: UUID
    correlation_id: UUID
    client: str
    token: str | None
    name: str
    path: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Unfit:
    """A command that can be answered, but not carried out."""

    command_id: UUID
    correlation_id: UUID
    problem: str


class _Envelope(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"]
    id: UUID
    source: str
    type: Annotated[str, StringConstraints(pattern=r"^pdu\.[a-z]+\.[A-Za-z]+$")]
    time: AwareDatetime
    correlationid: UUID | None = None
    datacontenttype: str
    data: str


def reading(sealer: Sealer) -> Callable[[Sent], Command | Unfit | Flaw]:
    """How commands that were sealed for us are read. Nothing that is wrong with one raises."""
    return lambda sent: _read(sent, sealer)


def _read(sent: Sent, sealer: Sealer) -> Command | Unfit | Flaw:
    # What cannot be read may hold what nobody should: it is set aside without its content.
    if sent.client is None:
        return Flaw("nobody", "a command without user_id", b"")
    if len(sent.body) > MAX_BYTES:
        return Flaw("too_large", f"{len(sent.body)} bytes from {sent.client}", b"")
    try:
        envelope = _Envelope.model_validate_json(sent.body)
    except ValidationError:
        return Flaw("bad_envelope", f"a command from {sent.client}", b"")
    correlation_id = envelope.correlationid or envelope.id
    try:
        path, body = _opened(envelope, sent.routing_key, sealer)
    except _UnfitError as unfit:
        return Unfit(envelope.id, correlation_id, unfit.problem)
    name = sent.routing_key.partition(".")[2]
    return Command(envelope.id, correlation_id, sent.client, sent.token, name, path, body)


class _UnfitError(Exception):
    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def _opened(
    envelope: _Envelope, routing_key: str, sealer: Sealer
) -> tuple[Mapping[str, str], bytes]:
    """The path and the body that a command holds."""
    # The broker checks the key against the client's rights; the type must be the same.
    if envelope.type != f"pdu.{routing_key}":
        raise _UnfitError("another-type")
    if envelope.datacontenttype != "application/jose":
        raise _UnfitError("not-sealed")
    try:
        inside = strict_json.loads(sealer.unseal(envelope.data))
    except CannotOpen:
        raise _UnfitError("sealed-for-somebody-else") from None
    except ValueError:
        raise _UnfitError("malformed-json") from None
    if not isinstance(inside, dict) or not inside.keys() <= {"path", "body"}:
        raise _UnfitError("malformed-json")
    path, body = inside.get("path", {}), inside.get("body")
    if not isinstance(path, dict) or not all(isinstance(one, str) for one in path.values()):
        raise _UnfitError("malformed-json")
    return path, b"" if body is None else json.dumps(body).encode()
