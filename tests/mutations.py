"""Small accidents that happen to bytes and to JSON, drawn from a seeded source."""

import copy
import json
from collections.abc import Callable
from random import Random
from typing import Any

WEIRD: list[Any] = [
    None, True, 0, -1, 1.5, 10**30, 2**63, "", " ", "\0", "\ud800", "\u2028", "٣" * 10, "x" * 5000,
    "=cmd|' /C calc'!A0", "{{7*7}}", "'; DROP TABLE journal; --", "9999-12-31", "0001-01-01",
    "2027-02-30T25:61:00Z", "0000-00-00", "00000000-0000-0000-0000-000000000000", [], {}, [[]],
    {"": ""}, ["x"] * 300,
]  # fmt: skip
TOKENS = [
    b"\0", b"\xff", b"\xc3\x28", b"\r\n", b"\r\n\r\n", b'"', b"\\", b"\\ud800", b"\\u0000", b"{",
    b"[", b"[" * 3000, b'{"a":' * 2000, b"NaN", b"-Infinity", b"1e999", b"9" * 400, b"%00",
    b"%ff", b"../", b"Transfer-Encoding: chunked\r\n", b"Content-Length: 0\r\n",
    b"Expect: 100-continue\r\n", b"Host: \r\n", b"Upgrade: websocket\r\nConnection: Upgrade\r\n",
    b"\x80" * 50, b"a" * 20_000,
]  # fmt: skip


def drawn_from(seed: int) -> Random:
    """A source that gives the same accidents for the same seed."""
    return Random(seed)  # noqa: S311 - to be predictable is its purpose


def bytes_of(random: Random, data: bytes) -> bytes:
    """The same bytes after one to three accidents."""
    for _ in range(random.randint(1, 3)):
        data = random.choice(ACCIDENTS)(random, data)
    return data


def _flip(random: Random, data: bytes) -> bytes:
    place = random.randrange(len(data)) if data else 0
    return data[:place] + bytes([random.randrange(256)]) + data[place + 1 :]


def _cut(random: Random, data: bytes) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _leave_out(random: Random, data: bytes) -> bytes:
    first, last = sorted(random.randrange(len(data) + 1) for _ in range(2))
    return data[:first] + data[last:]


def _twice(random: Random, data: bytes) -> bytes:
    first, last = sorted(random.randrange(len(data) + 1) for _ in range(2))
    return data[:last] + data[first:]


def _put_in(random: Random, data: bytes) -> bytes:
    place = random.randrange(len(data) + 1)
    return data[:place] + random.choice(TOKENS) + data[place:]


ACCIDENTS: list[Callable[[Random, bytes], bytes]] = [
    _flip,
    _flip,
    _cut,
    _leave_out,
    _twice,
    _put_in,
]


def json_of(random: Random, value: dict[str, Any]) -> bytes:
    """The same object with one field that is another, is gone, or is one more."""
    changed = copy.deepcopy(value)
    inside = random.choice([changed, changed, changed.get("data")])
    where = inside if isinstance(inside, dict) and inside else changed
    name = random.choice(sorted(where))
    match random.randrange(4):
        case 0:
            del where[name]
        case 1:
            where[f"{name}x"] = random.choice(WEIRD)
        case _:
            where[name] = random.choice(WEIRD)
    return json.dumps(changed).encode()
