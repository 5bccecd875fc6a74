"""Puts notes into a folder, each exactly once: for a modem, a franking machine, or a demo."""

import asyncio
import json
import os
from hashlib import sha256
from pathlib import Path

from pdu_shared.handover import Accepted, Deferred, Mark, Outcome
from pdu_shared.note import Note


class NoteFolder:
    """A folder of JSON files, named after their references; who fetches them takes them away."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, note: Note, *, before_data: Mark) -> Outcome:
        """Put the note into the folder; when it lies there already, that is as good."""
        await before_data()
        try:
            await asyncio.to_thread(self._put, note)
        except OSError:
            return Deferred()
        return Accepted()

    async def has_gone(self, note: Note) -> bool | None:
        """Whether it lies there: who fetches notes leaves them for three minutes."""
        return await asyncio.to_thread(self._file(note).exists)

    async def close(self) -> None:
        """Nothing is kept open."""

    def _file(self, note: Note) -> Path:
        return self._folder / f"{sha256(note.reference.encode()).hexdigest()}.json"

    def _put(self, note: Note) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._folder / f".{sha256(note.reference.encode()).hexdigest()}.{os.getpid()}"
        said = {"to": note.to, "subject": note.subject, "body": note.body,
                "reference": note.reference}  # fmt: skip
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(said, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._file(note))
