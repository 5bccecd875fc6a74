"""What a mail that came back says: a delivery report (RFC 3464) or a complaint (RFC 5965)."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

LARGEST = 1024 * 1024
TOKEN = re.compile(r"\+([a-z2-7]{44})@", re.IGNORECASE)
ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
ABOUT_THE_ADDRESS = re.compile(r"5\.(?:1\.\d+|2\.\d+|0\.0)")
"""Bad address, box that takes nothing, and the word of servers that do not say more."""
ADDRESSED = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
MOST_PARTS = 50


class What(StrEnum):
    """What became of a letter after it was taken over."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"
    COMPLAINED = "complained"


class Aside(StrEnum):
    """Mail that says nothing of the kind."""

    PASSING = "passing"
    """Somebody is on holiday, or a server still tries: nothing to do."""
    STRANGE = "strange"
    """For a person to read."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a letter, and what may tell which one it was."""

    what: What
    status: str
    """Such as 5.1.1 (RFC 3463), or the kind of complaint."""
    tokens: tuple[str, ...]
    """From the addresses that it came to, or that the letter came from; any may be forged."""


def is_about_the_address(status: str) -> bool:
    """Whether nothing more should go there; a letter that was refused says little about that."""
    return bool(ABOUT_THE_ADDRESS.fullmatch(status))


def verdict(action: str, status: str) -> What | Aside:
    """What an action and a status of RFC 3464 make of a letter."""
    match action:
        case "failed":
            return What.BOUNCED if status.startswith("5") else What.FAILED
        case "delivered":
            return What.DELIVERED
        case "delayed" | "relayed" | "expanded":
            return Aside.PASSING
    return Aside.STRANGE


def read(raw: bytes) -> Report | Aside:
    """What a mail says. Anything that cannot be read is strange, and never an error."""
    if len(raw) > LARGEST:
        return Aside.STRANGE
    try:
        return _read(email.message_from_bytes(raw, policy=email.policy.compat32))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return Aside.STRANGE  # the parser of the standard library has no class for what it meets


def _read(mail: Message) -> Report | Aside:
    parts = [part for part, _ in zip(mail.walk(), range(MOST_PARTS), strict=False)]
    for part in parts:
        match part.get_content_type():
            case "message/delivery-status":
                return _of_delivery(part, _tokens(mail, ADDRESSED))
            case "message/feedback-report":
                return _of_complaint(part, parts)
            case "message/disposition-notification":
                return Aside.PASSING
    answered = str(mail.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    return Aside.PASSING if answered.startswith("auto-replied") else Aside.STRANGE


def _of_delivery(part: Message, tokens: tuple[str, ...]) -> Report | Aside:
    blocks = part.get_payload()
    found = [block for block in blocks if isinstance(block, Message) and block.get("Action")]
    if not found:
        return Aside.STRANGE
    # We write to one person at a time: of several the worst is theirs.
    block = min(found, key=lambda one: _action(one) != "failed")
    status = _status(block)
    what = verdict(_action(block), status)
    return what if isinstance(what, Aside) else Report(what, status, tokens)


def _of_complaint(part: Message, parts: list[Message]) -> Report | Aside:
    fields = _fields(part)
    if fields is None:
        return Aside.STRANGE
    kind = str(fields.get("Feedback-Type", "")).strip().lower()
    if not re.fullmatch(r"[a-z-]{1,40}", kind):
        return Aside.STRANGE
    if kind == "not-spam":
        return Aside.PASSING
    tokens = [*_tokens(fields, ("Original-Mail-From",))]
    for one in parts:
        tokens += _tokens(one, ("Return-Path",))
    return Report(What.COMPLAINED, kind, tuple(tokens))


def _fields(part: Message) -> Message | None:
    """What a part of this type holds: header fields without a body."""
    inside = part.get_payload()
    first = inside[0] if isinstance(inside, list) and inside else None
    return first if isinstance(first, Message) else None


def _action(block: Message) -> str:
    return str(block.get("Action")).strip().lower()


def _status(block: Message) -> str:
    for name in ("Status", "Diagnostic-Code"):
        if found := ENHANCED.search(str(block.get(name, ""))):
            return found[1]
    return "5.0.0" if re.search(r"\b5\d\d\b", str(block.get("Diagnostic-Code", ""))) else "4.0.0"


def _tokens(message: Message, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_found(str(value) for name in names for value in message.get_all(name, [])))


def _found(values: Iterator[str]) -> Iterator[str]:
    for value in values:
        yield from TOKEN.findall(value[:2000])
