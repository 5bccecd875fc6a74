"""A request to the service's own HTTP application, without a socket.

Whatever comes another way passes the same door: limits, access, models, problem details.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.types import ASGIApp, Message

from pdu_shared.conversation import CAUSE
from pdu_shared.guard import JSON


@dataclass(frozen=True, slots=True)
class Answered:
    """What the application said."""

    status: int
    body: bytes


async def ask(
    app: ASGIApp, route: str, headers: Mapping[str, str], body: bytes, *, cause: UUID
) -> Answered:
    """The answer to `POST /some/path`; the messages that it promises name `cause` as theirs."""
    method, _, path = route.partition(" ")
    fields = {"content-type": JSON, "content-length": str(len(body)), **headers}
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "root_path": "",
        "query_string": b"",
        "headers": [(name.lower().encode(), told.encode()) for name, told in fields.items()],
        "client": None,
        "server": None,
        CAUSE: cause,
    }
    told = bytearray()
    status = 500

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        told.extend(message.get("body", b""))

    await app(scope, receive, send)
    return Answered(status, bytes(told))
