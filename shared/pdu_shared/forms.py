"""What requests are made of: models that refuse what they do not know, and text in one line."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from pdu_shared.contracts.message import Wording
from pdu_shared.local_time import local_now, moment
from pdu_shared.mail import address
from pdu_shared.phone import number

EARLIEST = datetime(2017, 1, 1)  # noqa: DTZ001 - local
LATEST = timedelta(days=3 * 366)
WRITTEN = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$"
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


_NO_TEXT = r"\u0000-\u0008\u000e-\u001b\u001f\u007f-\u0084\u0086-\u009f"
_SOMETHING_IN_LINES = f"^[^{_NO_TEXT}]*[^\\s{_NO_TEXT}][^{_NO_TEXT}]*$"


def _paragraphs(given: object) -> object:
    if not isinstance(given, str):
        return given
    text = "\n".join(line.expandtabs().rstrip() for line in given.splitlines())
    if any(unicodedata.category(char) in UNFIT for char in text.replace("\n", "")):
        msg = "Control characters are not allowed here."
        raise ValueError(msg)
    return unicodedata.normalize("NFC", text)


Paragraphs = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000),
    BeforeValidator(_paragraphs),
    Field(json_schema_extra={"pattern": _SOMETHING_IN_LINES}),
]
"""What somebody writes in several lines, without other control characters."""

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
"""Behind the bounds of an int: no text that looks like a number, and no `true`.

Before them, the bounds would not be in the document of the service.
"""

WholeNumber = Annotated[int, Field(ge=-(2**31), lt=2**31), WRITTEN_AS_NUMBER]
"""A whole number whose bounds only the rules know: no more than a column holds."""

Measure = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False), WRITTEN_AS_NUMBER]
"""A number whose bounds only the rules know: with room for its decimals."""


def _deliverable(text: str) -> str:
    return address(text).addr_spec


EmailAddress = Annotated[
    str,
    StringConstraints(max_length=320),
    AfterValidator(_deliverable),
    Field(json_schema_extra={"format": "email"}),
]
"""One e-mail address that a letter can be sent to."""


PhoneNumber = Annotated[
    str,
    StringConstraints(max_length=30),
    AfterValidator(number),
    Field(json_schema_extra={"pattern": r"^(\+44 ?|0)[1-9][0-9]{2} ?[0-9]{3} ?[0-9]{4}$"}),
]
"""A telephone number as people write it; kept as every network reads it."""

MOST_LINES = 6


def _few_lines(text: str) -> str:
    if text.count("\n") >= MOST_LINES:
        msg = f"A postal address has at most {MOST_LINES} lines, without the name."
        raise ValueError(msg)
    return text


PostalAddress = Annotated[Paragraphs, StringConstraints(max_length=400), AfterValidator(_few_lines)]
"""The lines of a postal address, without the name."""


def _as_on_a_poster(given: object) -> datetime:
    if not isinstance(given, str) or not re.match(WRITTEN, given):
        msg = "Give a local time without an offset, such as 2027-01-14T13:00."
        raise ValueError(msg)
    try:
        return datetime.fromisoformat(given)
    except ValueError:
        msg = "There is no such day or time."
        raise ValueError(msg) from None


def _within_reach(at: datetime) -> datetime:
    if not EARLIEST <= at <= local_now() + LATEST:
        msg = "This date is too far away."
        raise ValueError(msg)
    return at


def _that_exists(at: datetime) -> datetime:
    moment(at)
    return at


_LocalTime = Annotated[
    datetime,
    WithJsonSchema({"type": "string", "pattern": WRITTEN}),
    Field(description="Local time in Europe/London, such as 2027-01-14T13:00"),
    BeforeValidator(_as_on_a_poster),
    AfterValidator(_within_reach),
]
LocalTime = Annotated[_LocalTime, AfterValidator(_that_exists)]
"""What a clock on the wall shows, as it is written on a poster."""

LocalMoment = Annotated[_LocalTime, AfterValidator(moment)]
"""The moment (UTC) that such a time means."""


def _as_in_a_calendar(given: object) -> object:
    if not isinstance(given, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
        msg = "Give a day such as 2027-01-14."
        raise ValueError(msg)
    return given


Day = Annotated[date, BeforeValidator(_as_in_a_calendar)]
"""A day, as ISO 8601 writes it."""

WebAddress = Annotated[
    str,
    StringConstraints(
        max_length=500,
        pattern=r"^https?://[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?(/[!#-&(-;=?-~]*)?$",
    ),
]
"""Where something is on the web, as a browser shows it: host in lower case, nothing hidden."""
