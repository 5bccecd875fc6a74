"""Which part of a file somebody asks for (RFC 9110, 14)."""

import re
from dataclasses import dataclass

ONE_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


@dataclass(frozen=True, slots=True)
class Range:
    """Bytes of a file, from the first to the one before `end`."""

    start: int
    end: int


class UnsatisfiableError(Exception):
    """The file has no such part."""


def range_of(header: str | None, size: int) -> Range | None:
    """The one part that is asked for; None for the whole file.

    What cannot be read, and several parts at once, is the whole file, as the RFC allows. Raises
    UnsatisfiableError for a part that lies behind the end.
    """
    found = ONE_RANGE.fullmatch(header.replace(" ", "")) if header else None
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return _last(int(last), size)
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        raise UnsatisfiableError
    return Range(start, min(int(last) + 1, size) if last else size)


def _last(length: int, size: int) -> Range:
    if length == 0 or size == 0:
        raise UnsatisfiableError
    return Range(max(0, size - length), size)
