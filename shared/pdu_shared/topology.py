"""The broker as the platform wants it: users, rights, exchanges, the journal and policies."""

import base64
import hashlib
import secrets
from collections.abc import Collection, Mapping
from typing import Any

from pdu_shared.contracts import MESSAGES, PUBLISHERS
from pdu_shared.contracts.message import (
    COMMANDS_EXCHANGE,
    HISTORY,
    JOURNAL_STREAM,
    MESSAGES_EXCHANGE,
    REPLAY_EXCHANGE,
    SEALED_EXCHANGE,
)

SERVICES = PUBLISHERS
VHOST = "pdu"
DEAD_EXCHANGE = "pdu.dead"
COMMANDED = tuple(service for service in SERVICES if f"{service}.CommandRefused" in MESSAGES)
"""The services that take commands: those that can say no to one."""

BROKER_USERS: tuple[str, ...] = (
    *(name for service in SERVICES for name in (service, f"{service}_owner")),
    "platform",
    "monitor",
)
_NOTHING = "^$"
_TOPIC_EXCHANGES = (MESSAGES_EXCHANGE, SEALED_EXCHANGE, REPLAY_EXCHANGE, COMMANDS_EXCHANGE)


def broker_definitions(passwords: Mapping[str, str]) -> dict[str, Any]:
    """The broker as the platform wants it, in the format of RabbitMQ's definitions file.

    `passwords` holds one for each of `BROKER_USERS`; they are written as salted hashes.
    """
    return {
        "vhosts": [{"name": VHOST}],
        "users": [_user(name, passwords[name]) for name in BROKER_USERS],
        "permissions": [_permission(name) for name in BROKER_USERS],
        "topic_permissions": [
            permission for service in SERVICES for permission in _topic_permissions(service)
        ],
        "exchanges": [
            _exchange(name, "direct" if name == DEAD_EXCHANGE else "topic")
            for name in (*_TOPIC_EXCHANGES, DEAD_EXCHANGE)
        ],
        "queues": [
            _queue(JOURNAL_STREAM, "stream"),
            *(_queue(f"{service}.dead", "quorum") for service in SERVICES),
        ],
        "bindings": [
            *(
                _binding(MESSAGES_EXCHANGE, JOURNAL_STREAM, key + ending)
                for key, message in MESSAGES.items()
                if message.public
                for ending in ("", HISTORY)
            ),
            *(_binding(DEAD_EXCHANGE, f"{service}.dead", service) for service in SERVICES),
        ],
        "policies": [_journal_policy(), *(_inbox_policy(service) for service in SERVICES)],
    }


def reader_definitions(name: str, password: str) -> dict[str, Any]:
    """Somebody outside who may read the journal, and nothing else: `reader_<name>`."""
    return _outsider(f"reader_{name}", password, write=_NOTHING)


def client_definitions(name: str, password: str, commands: Collection[str]) -> dict[str, Any]:
    """A front end without HTTP: `client_<name>` sends these commands, and reads the journal.

    `commands` are routing keys, such as `bookings.BookPlace`.
    """
    user = f"client_{name}"
    keys = "|".join(_pattern(key) for key in sorted(commands))
    may_send = {"exchange": COMMANDS_EXCHANGE, "write": f"^({keys})$", "read": _NOTHING}
    return {
        **_outsider(user, password, write=f"^{_pattern(COMMANDS_EXCHANGE)}$"),
        "topic_permissions": [{"user": user, "vhost": VHOST, **may_send}],
    }


def _outsider(user: str, password: str, *, write: str) -> dict[str, Any]:
    rights = {"configure": _NOTHING, "write": write, "read": f"^{_pattern(JOURNAL_STREAM)}$"}
    limits = {"max-connections": 2, "max-channels": 5}
    return {
        "users": [{**_user(user, password), "limits": limits}],
        "permissions": [{"user": user, "vhost": VHOST, **rights}],
    }


def _pattern(name: str) -> str:
    return name.replace(".", "\\.")


def _user(name: str, password: str) -> dict[str, Any]:
    salt = secrets.token_bytes(4)
    digest = hashlib.sha256(salt + password.encode()).digest()
    tags = {"platform": ["administrator"], "monitor": ["monitoring"]}
    return {
        "name": name,
        "password_hash": base64.b64encode(salt + digest).decode(),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": tags.get(name, []),
        "limits": {"max-connections": 20, "max-channels": 200},
    }


def _permission(user: str) -> dict[str, str]:
    match user.split("_"):
        case [service, "owner"]:
            configure, write = f"^{service}\\.", f"^{service}\\."
            read = f"^({service}\\.|pdu\\.)"
        case ["platform"]:
            configure = write = read = ".*"
        case [service] if service in SERVICES:
            configure = _NOTHING
            read = f"^{service}\\.{'(inbox|commands)' if service in COMMANDED else 'inbox'}$"
            write = f"^pdu\\.({'|'.join(_writes(service))})$"
        case _:
            configure = write = read = _NOTHING
    return {"user": user, "vhost": VHOST, "configure": configure, "write": write, "read": read}


def _writes(service: str) -> list[str]:
    """The exchanges a service publishes to: `sealed` only if it seals something."""
    seals = any(message.sealed_for for message in MESSAGES.values() if message.service() == service)
    return ["messages", "replay", *(["sealed"] if seals else [])]


def _topic_permissions(service: str) -> list[dict[str, str]]:
    # One for every topic exchange: where none is defined, RabbitMQ allows everything.
    told = f"{service}\\.[A-Za-z]+({_pattern(HISTORY)})?"
    write = {REPLAY_EXCHANGE: f"^[a-z]+\\.inbox\\.{told}$", COMMANDS_EXCHANGE: _NOTHING}
    return [
        {
            "user": service,
            "vhost": VHOST,
            "exchange": exchange,
            "write": write.get(exchange, f"^{told}$"),
            "read": _NOTHING,
        }
        for exchange in _TOPIC_EXCHANGES
    ]


def _exchange(name: str, kind: str) -> dict[str, Any]:
    return {
        "name": name,
        "vhost": VHOST,
        "type": kind,
        "durable": True,
        "auto_delete": False,
        "internal": False,
        "arguments": {},
    }


def _queue(name: str, kind: str) -> dict[str, Any]:
    return {
        "name": name,
        "vhost": VHOST,
        "durable": True,
        "auto_delete": False,
        "arguments": {"x-queue-type": kind},
    }


def _binding(source: str, queue: str, key: str) -> dict[str, Any]:
    return {
        "source": source,
        "vhost": VHOST,
        "destination": queue,
        "destination_type": "queue",
        "routing_key": key,
        "arguments": {},
    }


def _journal_policy() -> dict[str, Any]:
    return {
        "name": "journal",
        "vhost": VHOST,
        "pattern": f"^{_pattern(JOURNAL_STREAM)}$",
        "apply-to": "queues",
        "priority": 1,
        "definition": {"max-age": "400D"},
    }


def _inbox_policy(service: str) -> dict[str, Any]:
    # No max-length: at the limit the whole publish is refused although other queues took it, so
    # one dead consumer would hold up everybody.
    return {
        "name": f"{service}-inbox",
        "vhost": VHOST,
        "pattern": f"^{service}\\.(inbox|commands)$",
        "apply-to": "queues",
        "priority": 1,
        "definition": {
            "delivery-limit": 100,
            "dead-letter-exchange": DEAD_EXCHANGE,
            "dead-letter-routing-key": service,
            "dead-letter-strategy": "at-least-once",
            "overflow": "reject-publish",
        },
    }
