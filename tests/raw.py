"""HTTP/1.1 by hand, for requests that no client library would send."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """What came back, as it came; no status when the connection was closed without an answer."""

    status: int | None
    headers: dict[str, str]
    body: bytes

    def problem(self) -> dict[str, Any]:
        """The problem details that it holds."""
        assert self.headers["content-type"] == "application/problem+json", self
        told: dict[str, Any] = json.loads(self.body)
        return told


def request(method: str, path: str, headers: Fields, body: bytes | None = None) -> bytes:
    """A request as bytes; with a body it has a Content-Length unless it says something else."""
    fields = {"Host": "service.example.org", "Connection": "close", **headers}
    if body is not None and not fields.keys() & {"Content-Length", "Transfer-Encoding"}:
        fields["Content-Length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + (body or b"")


def chunked(body: bytes, size: int = 1000) -> bytes:
    """A body in chunks, which does not say beforehand how long it is."""
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in [*pieces, b""])


async def send(port: int, data: bytes, *, within: float = 20) -> RawAnswer:
    """Send bytes to a service on this machine, and read until it closes or answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(within):
            writer.write(data)
            return await _read(reader)
    except ConnectionError:
        return RawAnswer(None, {}, b"")
    finally:
        writer.close()


async def _read(reader: asyncio.StreamReader) -> RawAnswer:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return RawAnswer(None, {}, b"")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    if "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    else:
        body = await reader.read()
    return RawAnswer(int(first.split()[1]), headers, body)
