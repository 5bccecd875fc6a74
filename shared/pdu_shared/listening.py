"""Listeners: plain functions of a connection and a message, typed by what they hear.

    async def confirm_booking(conn: Conn, message: EventBooked) -> None: ...

A listener may hear several messages (`message: EventBooked | BookingCancelled`): then the order
of their subject holds over all of them.
"""

from collections.abc import Awaitable, Callable, Sequence
from inspect import signature
from types import UnionType
from typing import Any, TypeAlias, Union, get_args, get_origin

from pdu_shared.contracts.message import Message
from pdu_shared.database import Conn

Listener: TypeAlias = Callable[[Conn, Any], Awaitable[None]]


class UnknownReferenceError(Exception):
    """A message speaks of something that has not been told yet. It is tried again for a while."""


def heard_by(listener: Listener) -> tuple[type[Message], ...]:
    """The messages that a listener's annotation names. Raises TypeError if there are none."""
    annotation = list(signature(listener).parameters.values())[-1].annotation
    kinds = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    if not all(isinstance(kind, type) and issubclass(kind, Message) for kind in kinds):
        msg = f"{name_of(listener)} does not say which message it hears."
        raise TypeError(msg)
    return tuple(kinds)


def name_of(function: Callable[..., Any]) -> str:
    """`letters.reminder.plan_reminder`: how the inbox knows it, for as long as it is kept."""
    room = function.__module__.partition(".")[2] or function.__module__
    return f"{room}.{function.__name__}"


def by_message(listeners: Sequence[Listener]) -> dict[type[Message], list[Listener]]:
    """Who hears what, in the order of the service's table of contents."""
    heard: dict[type[Message], list[Listener]] = {}
    for listener in listeners:
        for message in heard_by(listener):
            heard.setdefault(message, []).append(listener)
    return heard
