"""The published language: every message, by the service that owns it."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules, walk_packages

from pdu_shared.contracts.message import Message

_GRAMMAR = {"ledger", "message", "protection", "vocabulary"}

PUBLISHERS: tuple[str, ...] = tuple(
    sorted(module.name for module in iter_modules(__path__) if module.name not in _GRAMMAR)
)
"""The services that own messages: one module each, or a package with one for each room."""

for _module in walk_packages(__path__, f"{__name__}."):
    import_module(_module.name)


def _all(kind: type[Message]) -> Iterator[type[Message]]:
    for message in kind.__subclasses__():
        yield from _all(message)
        if message.__module__.startswith(__name__) and not message.__name__.startswith("_"):
            yield message


MESSAGES: dict[str, type[Message]] = {
    message.routing_key(): message
    for message in sorted(_all(Message), key=lambda message: message.routing_key())
}
"""Every message there is, by routing key (`bookings.EventBooked`)."""
