"""Which messages a service listens to, as its own AsyncAPI document says."""

import re
from time import monotonic
from typing import Any
from uuid import UUID

from pydantic import RootModel

from pdu_portal.journal_shapes import Handled, Inbox
from pdu_portal.neighbours import Away, Neighbour, NotThere, Refused

DOCUMENT_SECONDS = 60
REST_SECONDS = 2
NO_ANSWER = (Away, NotThere, Refused)
NAME = re.compile(r"[A-Z][A-Za-z0-9]+")


class Document(RootModel[dict[str, Any]]):
    """An AsyncAPI document."""


class Listener:
    """One service that deals with messages."""

    def __init__(self, service: Neighbour) -> None:
        self.name = service.name
        self.hears: frozenset[str] | None = None
        self._service = service
        self._read_at = -DOCUMENT_SECONDS
        self._rests_until = 0.0

    async def dealt_with(self, messages: list[UUID]) -> list[Handled]:
        """What the service did with these messages, at most 100; nothing while it is away."""
        if monotonic() < self._rests_until:
            return []
        try:
            await self._learn()
            if not messages:
                return []
            ids = ",".join(str(message) for message in messages)
            return (await self._service.read(f"/inbox?ids={ids}", Inbox)).handled
        except NO_ANSWER:
            # A service that is away costs its readers 800 ms; it is left alone for a moment.
            self._rests_until = monotonic() + REST_SECONDS
            return []

    async def _learn(self) -> None:
        if monotonic() - self._read_at < DOCUMENT_SECONDS:
            return
        document = await self._service.read("/asyncapi.json", Document)
        self.hears = heard(document.root)
        self._read_at = int(monotonic())


def heard(document: dict[str, Any]) -> frozenset[str]:
    """The names of all messages that an AsyncAPI 3 document receives."""
    operations = document.get("operations")
    if not isinstance(operations, dict):
        return frozenset()
    received = [
        operation
        for operation in operations.values()
        if isinstance(operation, dict) and operation.get("action") == "receive"
    ]
    names: set[str] = set()
    _gather(received, document, names, set())
    return frozenset(names)


def _gather(part: object, document: dict[str, Any], names: set[str], seen: set[str]) -> None:
    match part:
        case {"$ref": str(reference)}:
            names |= set(NAME.findall(reference.rpartition("/")[2]))
            if reference not in seen and "/schemas/" not in reference:
                seen.add(reference)
                _gather(_resolve(reference, document), document, names, seen)
        case dict():
            for key in ("name", "title"):
                names |= set(NAME.findall(str(part.get(key, ""))))
            for inner in part.values():
                _gather(inner, document, names, seen)
        case list():
            for inner in part:
                _gather(inner, document, names, seen)


def _resolve(reference: str, document: dict[str, Any]) -> object:
    found: object = document
    for step in reference.removeprefix("#/").split("/"):
        if not isinstance(found, dict):
            return None
        found = found.get(step.replace("~1", "/").replace("~0", "~"))
    return found
