"""What passes over the desk: who asks for what, and what they receive."""

from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from pydantic import BaseModel

from pdu_bookings.rules.booking import Given
from pdu_shared.bus import Thread
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import PlaceState
from pdu_shared.forms import EmailAddress, Form, OneLine
from pdu_shared.idempotency import Key
from pdu_shared.identity import organisation_id
from pdu_shared.sealing import Sealer

Claim: TypeAlias = tuple[UUID, UUID]
"""A learning event and a person: at most one booking is active for them."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: how to reach them, and who they are at the moment."""

    name: str
    email: str
    sector: str
    work_field: str
    role_level: str
    area: str
    organisation: str | None
    heard_about: str | None

    @property
    def organisation_id(self) -> UUID | None:
        """The organisation, if they named one."""
        return organisation_id(self.organisation) if self.organisation else None

    def as_at_the_time(self) -> dict[str, Any]:
        """What messages and figures need of them: codes and ids, no name."""
        return {
            "organisation_id": self.organisation_id,
            "sector": self.sector,
            "work_field": self.work_field,
            "role_level": self.role_level,
            "area": self.area,
        }


class AsAtTheTime(Form):
    """Who somebody is at the moment, in the words of the lists."""

    sector: Code
    work_field: Code
    role_level: Code
    area: Code
    organisation: OneLine | None = None

    def said(self) -> list[tuple[str, str, str | None]]:
        """The words of lists among it: where they stand, and of which list."""
        fields = ("sector", "work_field", "role_level", "area", "heard_about")
        return [(f"/{field}", field, getattr(self, field, None)) for field in fields]


class AskForPlace(AsAtTheTime):
    """Who wants to come. Asked once, kept as they were at the time."""

    name: OneLine
    email: EmailAddress
    heard_about: Code | None = None

    def person(self) -> Person:
        """The person as bookings keeps them."""
        return Person(**dict(self))


@dataclass(frozen=True, slots=True)
class Ask:
    """One request for a place, under its idempotency key and in its thread."""

    learning_event_id: UUID
    person: Person
    key: Key
    thread: Thread


@dataclass(frozen=True, slots=True)
class Keys:
    """What bookings signs and seals with."""

    person: bytes
    link: bytes
    sealer: Sealer


@dataclass(frozen=True, slots=True)
class Booked:
    """What one person receives, as it is written down."""

    booking_id: UUID
    learning_event_id: UUID
    person_id: UUID
    person: Person
    thread: Thread
    given: Given


class PlaceGiven(BaseModel):
    """A place in a session, or a position in its waiting list."""

    session_id: UUID
    state: PlaceState
    position: int | None


class BookingAnswer(BaseModel):
    """What a person receives. How to manage it is in the letter only."""

    booking_id: UUID
    learning_event_id: UUID
    state: PlaceState
    places: list[PlaceGiven]
