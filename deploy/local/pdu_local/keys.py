"""The passwords and keys of one checkout: made once, in files nobody else may read."""

import json
import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from pdu_local.failure import Failure

PASSWORD = "database_password"  # noqa: S105
AMQP_PASSWORD = "amqp_password"  # noqa: S105
WAY_OUT = "Put it back from a copy, or begin anew without the data: ./pdu up --fresh"


class Keys:
    """The folder `.pdu/secrets`, with one folder for each service and one for the platform."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, owner: str, name: str) -> Path:
        """Where this secret of this owner lies."""
        return self.folder / owner / name

    def password(self, owner: str, name: str) -> str:
        """A password; a lost one is made again, for the servers are told at each start."""
        return self._text(owner, name, lambda: secrets.token_urlsafe(32))

    def key(self, owner: str, name: str, make: Callable[[], str], *, anew: bool) -> str:
        """A key; a lost one is made only `anew`, when no data depends on it."""
        path = self.file(owner, name)
        if not anew and not path.exists():
            raise Failure(f"The key {path} is missing.", WAY_OUT)
        return self._text(owner, name, make)

    def document(
        self, owner: str, name: str, make: Callable[[], Mapping[str, Any]], *, anew: bool
    ) -> dict[str, Any]:
        """A key in JSON."""
        text = self.key(owner, name, lambda: json.dumps(make()), anew=anew)
        try:
            kept = json.loads(text)
        except ValueError:
            kept = None
        if not isinstance(kept, dict):
            raise Failure(f"The key {self.file(owner, name)} is damaged.", WAY_OUT)
        return kept

    def hand_out(self, name: str, text: str, owners: Iterable[str]) -> None:
        """Give each of these owners a copy."""
        for owner in owners:
            path = self.file(owner, name)
            if not path.exists() or path.read_text() != text:
                self._write(path, text)

    def _text(self, owner: str, name: str, make: Callable[[], str]) -> str:
        path = self.file(owner, name)
        if not path.exists():
            self._write(path, make())
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            text = ""
        if not text.strip():
            raise Failure(f"The secret {path} is damaged.", WAY_OUT)
        return text

    def _write(self, path: Path, text: str) -> None:
        for folder in (self.folder, path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
        fresh = path.with_name(f".{path.name}.new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        fresh.replace(path)
