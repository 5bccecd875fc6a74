"""A form that somebody filled in: read within bounds, and kept with what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

LARGEST = 64 * 1024
MOST_FIELDS = 50


@dataclass(frozen=True, slots=True)
class Form:
    """What a person typed and what is wrong with it."""

    key: str = field(default_factory=lambda: str(uuid4()))
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    # A sentence above the form, when no single answer is at fault.
    trouble: str = ""

    @property
    def once(self) -> str:
        """The key as services take it: one change, however often it is sent."""
        return self.key.partition(".")[0]

    def value(self, name: str) -> str:
        """What was typed."""
        return self.values.get(name, "")

    def error(self, name: str) -> str | None:
        """What is wrong with it."""
        return self.errors.get(name)

    def links(self) -> list[dict[str, str]]:
        """The error summary: each sentence leads to its field."""
        links = [{"text": text, "href": f"#{name}"} for name, text in self.errors.items()]
        return [*([{"text": self.trouble}] if self.trouble else []), *links]


async def typed(
    request: Request, *, largest: int = LARGEST, most_fields: int = MOST_FIELDS
) -> dict[str, str]:
    """The fields of a posted form, of at most `largest` bytes; raises 413 or 400."""
    sent = bytearray()
    try:
        async for part in request.stream():
            sent += part
            if len(sent) > largest:
                raise HTTPException(413)
    except ClientDisconnect:
        # The line broke amid the form: nobody waits for what we say, and it is no defect.
        raise HTTPException(400) from None
    try:
        return dict(parse_qsl(sent.decode(), keep_blank_values=True, max_num_fields=most_fields))
    except ValueError:
        raise HTTPException(400) from None


def key_of(sent: Mapping[str, str]) -> str:
    """The key that the form was given when it was shown, or a new one."""
    try:
        return str(UUID(sent.get("key", "")))
    except ValueError:
        return str(uuid4())
