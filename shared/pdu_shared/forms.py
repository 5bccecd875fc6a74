"""What requests are made of: models that refuse what they do not know, and text in one line."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from pdu_shared.mail import address

UNFIT = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode's control characters, halves of characters, line and paragraph separators."""


class Form(BaseModel):
    """What somebody sends. Unknown fields are refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _one_line(text: str) -> str:
    # Printable text has none of them, and needs no look at each of its characters.
    if not text.isprintable() and any(unicodedata.category(char) in UNFIT for char in text):
        msg = "Control characters and line breaks are not allowed here."
        raise ValueError(msg)
    return unicodedata.normalize("NFC", text)


OneLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_one_line),
]
"""A name or a place: one line, without control characters."""


def _deliverable(text: str) -> str:
    return address(text).addr_spec


EmailAddress = Annotated[str, StringConstraints(max_length=320), AfterValidator(_deliverable)]
"""One e-mail address that a letter can be sent to."""
