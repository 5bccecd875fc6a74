"""What requests are made of: models that refuse what they do not know, and text in one line."""

import unicodedata
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from pdu_shared.contracts.message import Wording
from pdu_shared.mail import address

UNFIT = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode's control characters, halves of characters, line and paragraph separators."""
_UNPRINTABLE = r"\u0000-\u001f\u007f-\u009f\u2028\u2029"
_SOMETHING_IN_ONE_LINE = f"^[^{_UNPRINTABLE}]*[^\\s{_UNPRINTABLE}][^{_UNPRINTABLE}]*$"


class Form(BaseModel):
    """What somebody sends. Unknown fields are refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _one_line(given: object) -> object:
    if not isinstance(given, str):
        return given
    # Printable text has none of them, and needs no look at each of its characters.
    if not given.isprintable() and any(unicodedata.category(char) in UNFIT for char in given):
        msg = "Control characters and line breaks are not allowed here."
        raise ValueError(msg)
    return unicodedata.normalize("NFC", given)


OneLine = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    BeforeValidator(_one_line),
    Field(json_schema_extra={"pattern": _SOMETHING_IN_ONE_LINE}),
]
"""A name or a place: one line, without control characters."""

PublishedLine = Annotated[
    Wording,
    BeforeValidator(_one_line),
    Field(json_schema_extra={"pattern": _SOMETHING_IN_ONE_LINE}),
]
"""Wording that somebody sends, in one line."""


def _a_number(given: object) -> object:
    if isinstance(given, str | bytes | bool):
        msg = "Give a number."
        raise ValueError(msg)  # noqa: TRY004 - a fault of the caller, not of ours
    return given


WRITTEN_AS_NUMBER = BeforeValidator(_a_number)
"""Beside the bounds of an int: no text that looks like a number, and no `true`."""


def _deliverable(text: str) -> str:
    return address(text).addr_spec


EmailAddress = Annotated[
    str,
    StringConstraints(max_length=320),
    AfterValidator(_deliverable),
    Field(json_schema_extra={"format": "email"}),
]
"""One e-mail address that a letter can be sent to."""
