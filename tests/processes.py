"""Services as processes of their own, which tests kill, starve and cut off."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx

from eventually import until
from pdu_local.ports import free_ports
from pdu_shared.settings import Settings


def environment(settings: Settings, *, code: Sequence[Path] = (), port: int = 0) -> dict[str, str]:
    """What a service process is told; `code` comes before the code under test."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("PDU_")}
    return {
        **others,
        "PYTHONPATH": os.pathsep.join([*map(str, code), *sys.path]),
        "PDU_HTTP_PORT": str(port),
        "PDU_DATABASE_URL": settings.database_url or "",
        "PDU_AMQP_URL": settings.amqp_url or "",
        "PDU_JWKS_FILE": str(settings.jwks_file),
        "PDU_PERSON_KEY": settings.secret("person_key"),
        "PDU_LINK_KEY": settings.secret("link_key"),
        "PDU_SEALING_KEYS": settings.secret("sealing_keys"),
    }


@asynccontextmanager
async def serving(
    name: str, settings: Settings, log: Path, *, code: Sequence[Path] = ()
) -> AsyncIterator[httpx.AsyncClient]:
    """A service in a process of its own, and a client for it."""
    [port] = free_ports(1)
    with log.open("ab") as written:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", f"pdu_{name}"),
            env=environment(settings, code=code, port=port),
            stdout=written,
            stderr=written,
        )
    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", timeout=30, limits=limits
    ) as http:
        try:
            await until(lambda: _answers(http, process, log), within=60)
            yield http
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _answers(http: httpx.AsyncClient, process: asyncio.subprocess.Process, log: Path) -> bool:
    assert process.returncode is None, f"it ended: see {log}"
    with suppress(httpx.TransportError):
        return (await http.get("/livez")).status_code == 200
    return False


class FaultProxy:
    """A TCP proxy that cuts connections: at a word from the client, once the server answered it."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.cut_after: bytes | None = None
        self.refusing = False
        self.cuts = 0
        self._writers: set[asyncio.StreamWriter] = set()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """The port to connect to."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            self.cut()
            server.close()

    def cut(self) -> None:
        """End every connection at once."""
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            writer.transport.abort()
            return
        with suppress(OSError):
            there, back = await asyncio.open_connection(self.host, self.port)
            self._writers |= {writer, back}
            armed = asyncio.Event()
            await asyncio.gather(
                self._forward(reader, back, armed),
                self._back(there, writer, armed),
                return_exceptions=True,
            )
            self._writers -= {writer, back}

    async def _forward(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, armed: asyncio.Event
    ) -> None:
        while data := await reader.read(65_536):
            if self.cut_after and self.cut_after in data:
                armed.set()
            writer.write(data)
            await writer.drain()
        writer.close()

    async def _back(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, armed: asyncio.Event
    ) -> None:
        while data := await reader.read(65_536):
            if armed.is_set():
                # The server has answered, so it has done what was asked; nobody will hear of it.
                self.cuts += 1
                self.cut_after = None
                self.refusing = self.refusing or self.refuses_afterwards
                self.cut()
                return
            writer.write(data)
            await writer.drain()
        writer.close()

    refuses_afterwards = False
