"""Answers leave in one piece, and a stream begins before it has anything to say."""

import asyncio

import pytest
import uvicorn
from uvicorn.server import ServerState

from pdu_shared.one_piece import InOnePiece

REQUEST = b"GET / HTTP/1.1\r\nHost: pdu.example.org\r\n%s\r\n"


class Wire(asyncio.Transport):
    """What leaves, write by write."""

    def __init__(self):
        super().__init__()
        self.written, self.too_late, self.closed = [], [], False

    def write(self, data):
        (self.too_late if self.closed else self.written).append(bytes(data))

    def close(self):
        self.closed = True

    def is_closing(self):
        return self.closed


async def answered(app, *, headers=b"", wire=None):
    """The wire, when `app` was asked once and had some turns of the loop to answer."""
    config = uvicorn.Config(app, log_config=None, lifespan="off", server_header=False)
    wire = wire or Wire()
    protocol = InOnePiece(config, ServerState(), {}, asyncio.get_running_loop())
    protocol.connection_made(wire)
    protocol.data_received(REQUEST % headers)
    for _ in range(5):
        await asyncio.sleep(0)
    return wire


def begin(length):
    headers = [] if length is None else [(b"content-length", b"%d" % length)]
    return {"type": "http.response.start", "status": 200, "headers": headers}


async def greet(_scope, _receive, send):
    await send(begin(5))
    await send({"type": "http.response.body", "body": b"hello"})


async def test_head_and_body_are_one_write():
    wire = await answered(greet)
    [whole] = wire.written
    assert whole.startswith(b"HTTP/1.1 200 OK\r\n")
    assert whole.endswith(b"\r\n\r\nhello")


async def test_an_answer_is_whole_when_the_connection_is_closed_after_it():
    wire = await answered(greet, headers=b"Connection: close\r\n")
    assert b"".join(wire.written).endswith(b"\r\n\r\nhello")
    assert wire.closed


async def test_a_stream_begins_before_it_has_anything_to_say():
    more = asyncio.Event()

    async def stream(_scope, _receive, send):
        await send(begin(None))
        await more.wait()
        await send({"type": "http.response.body", "body": b"later", "more_body": True})
        await asyncio.Event().wait()

    wire = await answered(stream)
    [head] = wire.written
    assert head.endswith(b"\r\n\r\n")
    more.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert wire.written[1:] == [b"5\r\nlater\r\n"]


async def test_nothing_is_written_to_whoever_hung_up_meanwhile():
    async def hang_up(_scope, _receive, send):
        await send(begin(5))
        wire.close()

    wire = Wire()
    await answered(hang_up, wire=wire)
    assert (wire.written, wire.too_late) == ([], [])


@pytest.mark.parametrize("failing", [RuntimeError, asyncio.CancelledError])
async def test_a_head_is_told_though_nothing_comes_of_its_body(failing):
    async def fail(_scope, _receive, send):
        await send(begin(5))
        raise failing

    wire = await answered(fail)
    assert wire.written[0].startswith(b"HTTP/1.1 200 OK\r\n")
