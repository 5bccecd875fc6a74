"""Whether the journal has what a service says that it told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

LATE_AFTER = timedelta(minutes=15)
"""How long a difference may last before somebody has to look."""
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
)


@dataclass(frozen=True, slots=True)
class Tally:
    """Some messages: how many, and the sum of their bodies' checksums."""

    messages: int
    digest: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not the same of one kind of message; at least so many."""

    key: str
    missing: int
    extra: int


NONE = Tally(0, 0)


def differences(told: Mapping[str, Tally], had: Mapping[str, Tally]) -> list[Difference]:
    """The kinds of messages of which something else was told than we have."""
    return [
        _difference(key, told.get(key, NONE), had.get(key, NONE))
        for key in sorted(told.keys() | had.keys())
        if told.get(key, NONE) != had.get(key, NONE)
    ]


def _difference(key: str, told: Tally, had: Tally) -> Difference:
    short = told.messages - had.messages
    if short == 0:  # as many, but others
        return Difference(key, missing=1, extra=1)
    return Difference(key, missing=max(short, 0), extra=max(-short, 0))


def pause_after(looks: int) -> timedelta:
    """When to look again after so many looks that found a difference."""
    return PAUSES[min(looks, len(PAUSES) - 1)]
