"""A mail server that does nothing but take letters, as fast as it can: PIPELINING, no checks."""

import asyncio
import contextlib
import sys

OK, GO_ON, BYE = b"250 2.0.0 OK\r\n", b"354 Go on\r\n", b"221 Bye\r\n"
EXTENSIONS = b"250-mail.example.org\r\n250 PIPELINING\r\n"


class RawBox:
    """What came, and how to answer: `refused` by recipient, `breaks_after` so many letters.

    `keep` is "all", "recipients", or nothing.

    A connection that breaks takes the last letter and says nothing.
    """

    def __init__(self, *, pipelining=True, refused=None, breaks_after=None, keep="all"):
        self.extensions = EXTENSIONS if pipelining else b"250 mail.example.org\r\n"
        self.refused = refused or {}
        self.breaks_after = breaks_after
        self.keep = keep
        self.silent = None
        """An event, while it takes letters and never answers; set when two have come."""
        self.copies = []
        self.count = 0
        self.unanswered = 0
        self.connections = 0
        self.turns = 0
        """How often something came."""
        self.lines = set()

    def reached(self):
        return [recipient for recipient, _ in self.copies]

    @contextlib.asynccontextmanager
    async def open(self):
        """The box on a port of this machine, told by `port`."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Session(self), "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for line in list(self.lines):
                line.abort()


class _Session(asyncio.Protocol):
    def __init__(self, box):
        self.box = box
        self.buffer = b""
        self.recipient = None
        self.in_text = False

    def connection_made(self, transport):
        self.transport = transport
        self.box.connections += 1
        self.box.lines.add(transport)
        transport.write(b"220 mail.example.org\r\n")

    def connection_lost(self, _error):
        self.box.lines.discard(self.transport)

    def data_received(self, data):
        self.box.turns += 1
        self.buffer += data
        answers = []
        while not self.transport.is_closing() and (done := self._take(answers)):
            self.buffer = self.buffer[done:]
        if answers and not self.transport.is_closing():
            self.transport.write(b"".join(answers))

    def _take(self, answers):
        """Deal with the next command or letter; how many bytes that were, 0 until it is whole."""
        if self.in_text:
            end = 0 if self.buffer.startswith(b".\r\n") else self.buffer.find(b"\r\n.\r\n") + 2
            if end == 1:
                return 0
            self._keep(self.buffer[:end], answers)
            return end + 3
        line, found, _ = self.buffer.partition(b"\r\n")
        if found:
            answers.append(self._answer(line))
        return len(line) + 2 if found else 0

    def _keep(self, text, answers):
        if self.box.silent is not None:
            self.box.unanswered += 1
            if self.box.unanswered == 2:
                self.box.silent.set()
            return
        self.in_text = False
        self.box.count += 1
        if self.box.keep:
            whole = text.replace(b"\r\n..", b"\r\n.") if self.box.keep == "all" else b""
            self.box.copies.append((self.recipient, whole))
        if self.box.count == self.box.breaks_after:
            self.transport.abort()
        answers.append(OK)

    def _answer(self, line):
        verb = line[:4].upper()
        if verb == b"EHLO":
            return self.box.extensions
        if verb == b"MAIL":
            self.recipient = None
        elif verb == b"RCPT":
            to = line[9:-1].decode()
            if to in self.box.refused:
                return self.box.refused[to]
            self.recipient = to
        elif verb == b"DATA":
            if self.recipient is None:
                return b"503 5.5.1 Nobody to send it to\r\n"
            self.in_text = True
            return GO_ON
        return BYE if verb == b"QUIT" else OK


async def _serve():
    """A box of its own process, for benchmarks: its port on standard output."""
    async with RawBox(keep="").open() as box:
        sys.stdout.write(f"{box.port}\n")
        sys.stdout.flush()
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    import uvloop

    uvloop.run(_serve())
