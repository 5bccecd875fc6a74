"""A file that somebody else may write anew while we run, such as a set of keys."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Generic, TypeVar

import structlog
from joserfc.errors import JoseError

T = TypeVar("T")

BETWEEN_LOOKS = timedelta(seconds=5)
UNREADABLE = (OSError, ValueError, TypeError, LookupError, JoseError)

log = structlog.get_logger()


class Watched(Generic[T]):
    """What a file says, read again when it changes; what cannot be read changes nothing.

    The first reading raises what it meets, one of UNREADABLE.
    """

    def __init__(self, path: Path, read: Callable[[str], T]) -> None:
        self.path = path
        self._interpret = read
        self._mark = self._stamp()
        self._held = self._read()
        self._looked_at = datetime.now(UTC)

    def held(self, now: datetime) -> T:
        """What the file says, at most five seconds late."""
        if abs(now - self._looked_at) >= BETWEEN_LOOKS:
            self._looked_at = now
            self._look_again()
        return self._held

    def _look_again(self) -> None:
        try:
            mark = self._stamp()
            if mark != self._mark:
                self._held, self._mark = self._read(), mark
                log.info("file read again", file=self.path.name)
        except UNREADABLE as error:
            log.warning("file not read", file=self.path.name, reason=in_words(error))

    def _stamp(self) -> tuple[int, int, int]:
        stat = self.path.stat()
        return stat.st_mtime_ns, stat.st_ino, stat.st_size

    def _read(self) -> T:
        return self._interpret(self.path.read_text(encoding="utf-8"))


def put_in_place(path: Path, text: str) -> None:
    """Write a file whole, so that nobody ever reads half of it."""
    with NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        file.write(text)
    Path(file.name).replace(path)


def in_words(error: Exception) -> str:
    """Why it cannot be used. The reasons of parsers may repeat what they read: not these."""
    return (error.strerror or "unreadable") if isinstance(error, OSError) else "no usable JWK set"
