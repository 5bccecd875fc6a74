"""Ties what a request causes to the request: its id becomes the correlation of every message."""

from uuid import UUID

from starlette.types import ASGIApp, Receive, Scope, Send

from pdu_shared.bus import Thread, continuing
from pdu_shared.guard import request_id_of
from pdu_shared.telemetry import current_traceparent

CAUSE = "pdu.cause"
"""Where the scope of a request says which message asked for it, when one did."""


class Conversation:
    """ASGI middleware: messages promised while a request is served belong to its thread."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request in a thread of its own."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        thread = Thread(
            UUID(request_id_of(scope)), scope.get(CAUSE), traceparent=current_traceparent()
        )
        with continuing(thread):
            await self.app(scope, receive, send)
