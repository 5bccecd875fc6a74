"""Puts letters into a folder (Maildir), each exactly once: for whoever fetches them from there."""

import asyncio
import os
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

from pdu_shared.handover import Accepted, Deferred, Mark, Outcome, only_recipient
from pdu_shared.mail import WIRE


class Maildir:
    """A folder with `tmp`, `new` and `cur`. The name of a file is made of its Message-ID."""

    tells = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(
        self, message: EmailMessage, *, envelope_sender: str, before_data: Mark
    ) -> Outcome:
        """Put the message into the folder; when it lies there already, that is as good."""
        only_recipient(message)
        content = f"Return-Path: <{envelope_sender}>\r\n".encode() + message.as_bytes(policy=WIRE)
        await before_data()
        try:
            await asyncio.to_thread(self._put, _name(message), content)
        except OSError:
            # A full disk, for instance: the letter is not there, or only as a draft.
            return Deferred()
        return Accepted()

    async def has_gone(self, message: EmailMessage) -> bool | None:
        """Whether the letter lies there, read or not: who fetches letters leaves them a while."""
        return await asyncio.to_thread(self._lies_there, _name(message))

    async def close(self) -> None:
        """Nothing is kept open."""

    def _put(self, name: str, content: bytes) -> None:
        for part in ("tmp", "new", "cur"):
            (self._folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._lies_there(name):
            return
        draft = self._folder / "tmp" / f"{name}.{os.getpid()}"
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as f:
                f.write(content)
                f.flush()
                os.fsync(f.fileno())
            try:
                (self._folder / "new" / name).hardlink_to(draft)
            except FileExistsError:
                return
            _keep(self._folder / "new")
        finally:
            draft.unlink(missing_ok=True)

    def _lies_there(self, name: str) -> bool:
        if (self._folder / "new" / name).exists():
            return True
        return any((self._folder / "cur").glob(f"{name}:*"))


def _name(message: EmailMessage) -> str:
    return sha256(str(message["Message-ID"]).encode()).hexdigest()


def _keep(folder: Path) -> None:
    """Have the name survive a power cut, as its content does."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
