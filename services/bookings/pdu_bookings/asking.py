"""What passes over the desk: who asks for what, and what they receive."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from pydantic import BaseModel

from pdu_bookings.rules.booking import Given
from pdu_shared.bus import Thread
from pdu_shared.contracts.vocabulary import PlaceState
from pdu_shared.idempotency import Key
from pdu_shared.identity import organisation_id
from pdu_shared.sealing import Sealer

Who: TypeAlias = tuple[UUID, UUID]
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
