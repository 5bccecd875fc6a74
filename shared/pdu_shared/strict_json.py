"""JSON as everyone reads it alike: no repeated keys, no NaN, no NUL, not too many levels."""

import json
import math
import re
from typing import Any, NoReturn

DEEPEST = 20
LONGEST_WHOLE = 30
BEYOND: int = 10**LONGEST_WHOLE
"""What whole numbers that are longer are read as: more than any field or column takes."""
BRACKET = re.compile(rb"[\[\]{}]")
TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class NotText(ValueError):
    """JSON whose text cannot be written as UTF-8: half of a surrogate pair."""


def loads(body: bytes) -> Any:  # noqa: ANN401 - JSON is anything
    """What this UTF-8 text says; ValueError, in words that repeat none of it, when unfit."""
    # Most bodies have few brackets, and then their depth need not be looked at.
    if body.count(b"[") + body.count(b"{") > DEEPEST and _depth(body) > DEEPEST:
        raise ValueError(f"It is nested more than {DEEPEST} levels deep.")
    if b"\\u0000" in body and ESCAPED_NUL.search(body):
        raise ValueError("It holds a NUL character.")
    try:
        value = _DECODER.decode(body.decode())
    except UnicodeDecodeError:
        raise ValueError("It is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"It is not JSON: line {error.lineno} column {error.colno}.") from None
    if SURROGATE.search(body):
        _check_text(value)
    return value


def _check_text(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise NotText("It holds half a character (a lone surrogate).") from None


def _depth(body: bytes) -> int:
    level = deepest = 0
    for bracket in BRACKET.findall(TEXT.sub(b"", body)):
        level += 1 if bracket in b"[{" else -1
        deepest = max(deepest, level)
    return deepest


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("It has the same key twice.")
    return found


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError("It holds a number that is too large.")
    return value


def _whole(number: str) -> int:
    if len(number) <= LONGEST_WHOLE:
        return int(number)
    # It is JSON: whoever asks for a number with bounds says which they are.
    return -BEYOND if number.startswith("-") else BEYOND


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_each_key_once,
    parse_float=_finite,
    parse_int=_whole,
    parse_constant=_no_constant,
)
