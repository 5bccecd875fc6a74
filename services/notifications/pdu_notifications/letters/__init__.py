"""The letters, one module each: what makes us write, and what we say.

A module has LISTENERS, and in WHEN_DUE who writes what was planned. A new letter is a module, its
name in LETTERS, and a test.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from pdu_notifications.due import Due
from pdu_notifications.letters import booking_confirmation, cancellation, reminder, waiting_list
from pdu_shared.database import Conn
from pdu_shared.listening import Listener


class LetterModule(Protocol):
    """What every module of this package has."""

    LISTENERS: Sequence[Listener]
    WHEN_DUE: Mapping[str, Callable[[Conn, Due], Awaitable[None]]]


LETTERS: tuple[LetterModule, ...] = (booking_confirmation, waiting_list, cancellation, reminder)
