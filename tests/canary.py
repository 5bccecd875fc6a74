"""Somebody who does not exist, and every form in which they could turn up where they should not."""

import base64
import json
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus
from uuid import uuid4


@dataclass(frozen=True)
class Canary:
    """A name and an address that are found again wherever they went."""

    mark: str = field(default_factory=lambda: f"q{uuid4().hex[:10]}q")

    @property
    def name(self) -> str:
        """A name that has to be escaped in most places."""
        return f"Zoë O'{self.mark} & Sons"

    @property
    def email(self) -> str:
        """An address with a part that has to be escaped in a URL."""
        return f"{self.mark}+pdu@example.org"

    def found_in(self, text: bytes) -> list[str]:
        """The forms of the name or the address that a text holds."""
        low = text.lower()
        return [form for form in self.forms() if form.lower().encode() in low]

    def forms(self) -> set[str]:
        """As it is, escaped for JSON and for URLs, and inside base64 wherever it may begin."""
        plain = (self.mark, self.name, self.email)
        return {
            form
            for text in plain
            for form in (
                text,
                json.dumps(text)[1:-1],
                quote(text),
                quote_plus(text),
                *_inside_base64(text.encode()),
            )
        }


def _inside_base64(text: bytes) -> list[str]:
    """What base64 makes of these bytes behind 0, 1 or 2 others, without the ends that vary."""
    found = []
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + text).decode().rstrip("=")
        core = coded[(0, 2, 3)[before] : len(coded) - 1]
        found += [core, core.replace("+", "-").replace("/", "_")]
    return found
