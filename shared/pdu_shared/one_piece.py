"""Answers leave in one piece: uvicorn writes the head of an answer apart from its body.

Each write is a call of the operating system, a packet, and something to wake up for at the other
end. So the head waits for what follows it at once, and for nothing else.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD = b"HTTP/1.1 "


class InOnePiece(HttpToolsProtocol):
    """HTTP/1.1 as uvicorn speaks it, over a transport that keeps heads back for a moment."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has connected."""
        super().connection_made(cast("asyncio.Transport", _Transport(transport, self.loop)))


class _Transport:
    """A transport like the one it stands before."""

    __slots__ = ("_head", "_loop", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._head = b""

    def write(self, data: bytes) -> None:
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head + data)
        elif data.startswith(HEAD):
            self._head = data
            self._loop.call_soon(self._let_go)  # a stream may have nothing to say for long
        else:
            self._transport.write(data)

    def close(self) -> None:
        self._let_go()
        self._transport.close()

    def _let_go(self) -> None:
        if self._head and not self._transport.is_closing():  # whoever asked may have hung up
            self._transport.write(self._head)
        self._head = b""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - all else is the other's
        return getattr(self._transport, name)
