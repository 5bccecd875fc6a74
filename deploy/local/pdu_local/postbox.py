"""The development post box: takes every letter over SMTP, delivers none, and shows them."""

import argparse
import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI

from pdu_local import letters
from pdu_local.postbox_page import page

LARGEST = 10 * 1024 * 1024


class Slot:
    """Where letters are dropped in; aiosmtpd calls it by the names of SMTP's verbs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the letter."""
        del server, session
        content = envelope.original_content or b""
        await asyncio.to_thread(letters.keep, self._folder, content, list(envelope.rcpt_tos))
        return "250 The letter is in the post box"


def box(folder: Path, smtp_port: int) -> FastAPI:
    """The page, with the SMTP server open as long as it is."""

    @asynccontextmanager
    async def open_slot(_: FastAPI) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        slot = Slot(folder)
        server = await loop.create_server(
            lambda: SMTP(slot, hostname="postbox", data_size_limit=LARGEST, enable_SMTPUTF8=True),
            host="127.0.0.1",
            port=smtp_port,
            family=socket.AF_INET,
        )
        async with server:
            yield

    return page(folder, lifespan=open_slot)


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m pdu_local.postbox", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where letters are kept")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    asked = parser.parse_args()
    uvicorn.run(
        box(asked.folder, asked.smtp_port),
        host="127.0.0.1",
        port=asked.http_port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
