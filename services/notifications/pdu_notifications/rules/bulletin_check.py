"""What is wrong with the text of an issue: links that lead nowhere, and what shuts readers out."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from pdu_shared.prose import Outline

EMPTY_WORDS = frozenset(
    {"click here", "here", "more", "read more", "link", "this link", "this", "website", "click"}
)
SCHEMES = frozenset({"https", "http", "mailto", "tel"})
EVENTS = "/events/"


class Severity(StrEnum):
    """Whether something has to be put right, or is to be thought over."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check found: where (a JSON pointer), a stable code, and words."""

    severity: Severity
    pointer: str
    code: str
    detail: str


def findings(
    texts: Mapping[str, Outline], *, portal: str, events: Collection[str]
) -> Iterator[Finding]:
    """What is wrong with these texts, by their pointers; `events` are those that take place."""
    for pointer, text in texts.items():
        yield from _headings(pointer, text)
        yield from _pictures(pointer, text)
        for address, words in text.links:
            yield from _words(pointer, address, words)
            yield from _address(pointer, address, portal, events)


def events_linked(texts: Mapping[str, Outline], *, portal: str) -> set[str]:
    """The learning events of our own that these texts lead to, as they stand in the addresses."""
    return {
        event
        for text in texts.values()
        for address, _ in text.links
        if (event := _event(address, portal)) is not None
    }


def _headings(pointer: str, text: Outline) -> Iterator[Finding]:
    before = 0
    for level, words in text.headings:
        if not words.strip():
            yield Finding(Severity.ERROR, pointer, "heading-empty", "A heading has no words.")
        if level > before + 1:
            detail = "Headings begin with # and go down one step at a time."
            yield Finding(Severity.ERROR, pointer, "heading-order", detail)
        before = level


def _pictures(pointer: str, text: Outline) -> Iterator[Finding]:
    for _, words in text.pictures:
        if words.strip():
            detail = "Pictures are not sent: readers get the words that describe this one."
            yield Finding(Severity.WARNING, pointer, "picture-left-out", detail)
        else:
            detail = "A picture has no words that describe it, and would be nothing."
            yield Finding(Severity.ERROR, pointer, "picture-without-words", detail)


def _words(pointer: str, address: str, words: str) -> Iterator[Finding]:
    said = words.strip().strip(".!…").casefold()
    if not said:
        yield Finding(Severity.ERROR, pointer, "link-without-words", "A link has no words.")
    elif said in EMPTY_WORDS or words.strip() == address:
        detail = "A link says where it leads, also to who hears the links alone."
        yield Finding(Severity.WARNING, pointer, "link-words", detail)


def _address(pointer: str, address: str, portal: str, events: Collection[str]) -> Iterator[Finding]:
    try:
        parts = urlsplit(address)
        usable = parts.scheme in SCHEMES and (
            bool(parts.path) if parts.scheme in {"mailto", "tel"} else _is_out_there(parts)
        )
    except ValueError:
        usable = False
    ours = address.startswith(f"{portal}/")
    if not usable and not ours:
        detail = "A link is a whole web address, such as https://example.org/page."
        yield Finding(Severity.ERROR, pointer, "link-address", detail)
    elif not ours and address.startswith("http:"):
        detail = "This address is not secure: try https."
        yield Finding(Severity.WARNING, pointer, "link-not-secure", detail)
    event = _event(address, portal)
    if event is not None and event not in events:
        detail = "This learning event is not known here, or was called off."
        yield Finding(Severity.ERROR, pointer, "link-unknown", detail)


def _event(address: str, portal: str) -> str | None:
    path = address.removeprefix(portal)
    if path == address or not path.startswith(EVENTS):
        return None
    return path.removeprefix(EVENTS).partition("?")[0].partition("#")[0].partition("/")[0]


def _is_out_there(parts: SplitResult) -> bool:
    """Whether the host is one that readers can reach; a bad port raises ValueError."""
    host, _ = parts.hostname or "", parts.port
    if parts.username is not None or " " in parts.netloc:
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host.strip(".") and ".." not in host
