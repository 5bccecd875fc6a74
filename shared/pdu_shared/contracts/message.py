"""What a message is: a frozen fact in the past tense, and the envelope it travels in.

The envelope is CloudEvents 1.0 in structured mode. Names are derived from the class, so that
nobody can publish `EventBooked` under another name.
"""

import re
import unicodedata
from functools import cache
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    JsonValue,
    StringConstraints,
)

CONTENT_TYPE = "application/cloudevents+json"
MESSAGES_EXCHANGE = "pdu.messages"
SEALED_EXCHANGE = "pdu.sealed"
REPLAY_EXCHANGE = "pdu.replay"
COMMANDS_EXCHANGE = "pdu.commands"
JOURNAL_STREAM = "pdu.journal"
HISTORY = ".import"
"""Ends the routing key of what is told of the past, which nobody gets who did not ask for it."""
MAX_BYTES = 64 * 1024

_PERSONAL = re.compile(
    r"[^\s@]+@[^\s@]+\.[^\s@]+"  # an e-mail address
    r"|(?:(?:\+|00)\d{1,3}[\s-]?|\b0)(?:\d[\s-]?){9,10}\b"  # a telephone number
    r"|\b[A-CEGHJ-PR-TW-Z]{2}\s?(?:\d{2}\s?){3}[A-D]\b",  # a National Insurance number
    re.IGNORECASE,
)


def _fit_to_publish(text: str) -> str:
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        msg = "Control characters are not allowed here."
        raise ValueError(msg)
    if _PERSONAL.search(text):
        msg = "This text is published, so it may not hold an address, a telephone or an NI number."
        raise ValueError(msg)
    return text


Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
"""A word of a list that its owner keeps: sector, work field, work stream …"""

RoutingKey = Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[A-Za-z]+(\.import)?$")]
"""How a message is addressed: `bookings.EventBooked`, with `.import` behind it if of the past."""

Wording = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, strip_whitespace=True),
    AfterValidator(_fit_to_publish),
]
"""Published text such as a title. Never written by or about a person."""

Origin = Literal["live", "import", "correction"]


class Message(BaseModel):
    """A fact that one service tells the others. Subclasses live in the owner's module."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    about: ClassVar[str]
    """The aggregate it is about: `booking` stands for the field `booking_id`."""
    public: ClassVar[bool] = False
    """Whether readers outside the platform may have it."""
    sealed_for: ClassVar[str | None] = None
    """The only service that can open it, where it holds personal data."""

    @classmethod
    @cache
    def service(cls) -> str:
        """The service that owns the message: the name of its module, or of the package it is in."""
        return cls.__module__.removeprefix("pdu_shared.contracts.").partition(".")[0]

    @classmethod
    @cache
    def routing_key(cls) -> str:
        """`bookings.EventBooked`."""
        return f"{cls.service()}.{cls.__name__}"

    @classmethod
    def exchange(cls) -> str:
        """Where it is published."""
        return SEALED_EXCHANGE if cls.sealed_for else MESSAGES_EXCHANGE

    @property
    def subject(self) -> str:
        """`booking/<uuid>`: messages with one subject have an order, others have none."""
        return f"{self.about}/{getattr(self, f'{self.about}_id')}"


class Part(BaseModel):
    """Fields of a message that belong together and come several times."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Envelope(BaseModel):
    """A message as it travels, in a reader's hands. Unknown attributes are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"]
    id: UUID
    source: str
    type: Annotated[str, StringConstraints(pattern=r"^pdu\.[a-z]+\.[A-Za-z]+$")]
    subject: str
    time: AwareDatetime
    recordedtime: AwareDatetime
    sequence: Annotated[str, StringConstraints(pattern=r"^\d{10}$")]
    correlationid: UUID
    causationid: UUID | None = None
    traceparent: str | None = None
    origin: Origin = "live"
    datacontenttype: Literal["application/json", "application/jose"] = "application/json"
    data: JsonValue

    @property
    def routing_key(self) -> str:
        """`bookings.EventBooked`."""
        return self.type.removeprefix("pdu.")

    @property
    def producer(self) -> str:
        """The service that the type belongs to."""
        return self.routing_key.partition(".")[0]


def schema(message: type[Message]) -> dict[str, Any]:
    """The JSON Schema of a message's `data`, as it is published under `/schemas/<key>`."""
    described = message.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"/schemas/{message.routing_key()}",
        **described,
    }
