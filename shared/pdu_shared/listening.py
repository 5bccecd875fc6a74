"""Listeners: plain functions of a connection and a message, typed by what they hear.

    async def confirm_booking(conn: Conn, message: EventBooked) -> None: ...

A listener may hear several messages (`message: EventBooked | BookingCancelled`): then the order
of their subject holds over all of them.

What is imported of the past is heard only by a listener that says so:

    async def keep_session(conn: Conn, message: AlsoOfThePast[SessionScheduled]) -> None: ...
"""

from collections.abc import Awaitable, Callable, Sequence
from inspect import signature
from types import UnionType
from typing import Annotated, Any, TypeAlias, TypeVar, Union, get_args, get_origin

from pdu_shared.contracts.message import Message
from pdu_shared.database import Conn

Listener: TypeAlias = Callable[[Conn, Any], Awaitable[None]]

Heard = TypeVar("Heard")
_OF_THE_PAST = "of the past"
AlsoOfThePast = Annotated[Heard, _OF_THE_PAST]
"""What a listener hears, imported history among it. Whoever writes to people does not want that."""


class UnknownReferenceError(Exception):
    """A message speaks of something that has not been told yet. It is tried again for a while."""


def heard_by(listener: Listener) -> tuple[type[Message], ...]:
    """The messages that a listener's annotation names. Raises TypeError if there are none."""
    annotation, _ = _asked_for(listener)
    kinds = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    if not all(isinstance(kind, type) and issubclass(kind, Message) for kind in kinds):
        msg = f"{name_of(listener)} does not say which message it hears."
        raise TypeError(msg)
    return tuple(kinds)


def hears_of_the_past(listener: Listener) -> bool:
    """Whether it wants what is imported, too."""
    _, marks = _asked_for(listener)
    return _OF_THE_PAST in marks


def _asked_for(listener: Listener) -> tuple[Any, tuple[Any, ...]]:
    """The annotation of a listener's message, and what it is marked with."""
    annotation = list(signature(listener).parameters.values())[-1].annotation
    if get_origin(annotation) is Annotated:
        asked, *marks = get_args(annotation)
        return asked, tuple(marks)
    return annotation, ()


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
