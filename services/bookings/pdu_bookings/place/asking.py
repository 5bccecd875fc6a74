"""What passes over the desk: who asks for what, and what they receive."""

from dataclasses import dataclass
from typing import Annotated, Any, Self, TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from pdu_bookings.place.also_told import NOTHING, Also, AlsoTold
from pdu_bookings.rules.audience import Outside
from pdu_bookings.rules.hall import Asking, Given
from pdu_shared.bus import Thread
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import Attending, BookingChannel, Channel, PlaceState
from pdu_shared.forms import EmailAddress, Form, OneLine
from pdu_shared.idempotency import Key
from pdu_shared.identity import addressless_person_id, organisation_id, person_id
from pdu_shared.runtime import Runtime
from pdu_shared.sealing import Sealer

Claim: TypeAlias = tuple[UUID, UUID]
"""A learning event and a person: at most one booking is active for them."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: how to reach them, and who they are at the moment."""

    name: str
    email: str | None
    sector: str
    work_field: str
    role_level: str
    area: str
    organisation: str | None
    heard_about: str | None
    reach: str | None = None
    """How to reach somebody without an address: a telephone, or through whom."""
    attending: Attending | None = None
    """How they come to a hybrid session."""
    belongs_to: UUID | None = None
    """The organisation in somebody's profile, whatever it is called by now."""
    sessions: frozenset[UUID] = frozenset()
    """What they chose of parallel sessions."""
    phone: str | None = None
    postal_address: str | None = None
    wishes: Channel | None = None
    """How they wish to hear from us; by what there is, if they did not say."""

    @property
    def reach_in_words(self) -> str | None:
        """How whoever is at the door reaches them, where they have no e-mail address."""
        on_paper = self.postal_address and ", ".join(self.postal_address.split("\n"))
        return self.reach or self.phone or on_paper

    @property
    def asking(self) -> Asking:
        """What decides on their place."""
        return Asking(self.sector, self.work_field, self.attending, chosen=self.sessions)

    @property
    def organisation_id(self) -> UUID | None:
        """The organisation, if they named one or are known to belong to one."""
        named = organisation_id(self.organisation) if self.organisation else None
        return self.belongs_to or named

    def as_at_the_time(self) -> dict[str, Any]:
        """What messages and figures need of them: codes and ids, no name."""
        return {
            "organisation_id": self.organisation_id,
            "sector": self.sector,
            "work_field": self.work_field,
            "role_level": self.role_level,
            "area": self.area,
        }


LISTED = tuple(
    (f"/{field}", field) for field in ("sector", "work_field", "role_level", "area", "heard_about")
)


_EXAMPLE: dict[str, JsonValue] = {
    "name": "Alan a Dale",
    "sector": "voluntary",
    "work_field": "housing_homelessness",
    "role_level": "front_line",
    "area": "nottingham_city",
    "heard_about": "word_of_mouth",
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
        return [(pointer, field, getattr(self, field, None)) for pointer, field in LISTED]


class Coming(AlsoTold):
    """Somebody who wants to come, and how."""

    name: OneLine
    heard_about: Code | None = None
    attending: Attending | None = Field(
        None, description="In person or online; asked for where a session is hybrid"
    )
    sessions: Annotated[tuple[UUID, ...], Field(max_length=20)] = Field(
        (), description="The sessions chosen, one of those that share a word in `parallel` each"
    )


class Newcomer(AsAtTheTime, Coming):
    """Who wants to come, but for how to reach them."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    def reached_by(
        self, email: str | None, reach: str | None = None, belongs_to: UUID | None = None
    ) -> Person:
        """The person as bookings keeps them."""
        return Person(
            self.name,
            email,
            self.sector,
            self.work_field,
            self.role_level,
            self.area,
            self.organisation,
            self.heard_about,
            reach,
            self.attending,
            belongs_to,
            frozenset(self.sessions),
        )


class AskForPlace(Newcomer):
    """Who wants to come. Asked once, kept as they were at the time."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_EXAMPLE, "email": "alan@example.org"}]}
    )

    email: EmailAddress

    def person(self, belongs_to: UUID | None = None) -> Person:
        """The person as bookings keeps them."""
        return self.reached_by(self.email, belongs_to=belongs_to)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request for a place, under its idempotency key and in its thread."""

    learning_event_id: UUID
    person: Person
    key: Key
    thread: Thread
    also: Also = NOTHING
    channel: BookingChannel = BookingChannel.ONLINE

    def person_id(self, person_key: bytes, erasures: int = 0) -> UUID:
        """Who that is: by their address, or, without one, whoever this request is for."""
        if self.person.email is None:
            return addressless_person_id(person_key, self.key.client, self.key.route, self.key.key)
        return person_id(person_key, self.person.email, erasures)


@dataclass(frozen=True, slots=True)
class Keys:
    """What bookings signs and seals with."""

    person: bytes
    link: bytes
    sealer: Sealer

    @classmethod
    def of(cls, runtime: Runtime) -> Self:
        """The keys of a running service."""
        return cls(
            person=runtime.person_key,
            link=runtime.settings.secret("link_key").encode(),
            sealer=runtime.sealer,
        )


@dataclass(frozen=True, slots=True)
class Booked:
    """What one person receives, as it is written down."""

    booking_id: UUID
    learning_event_id: UUID
    person_id: UUID
    person: Person
    thread: Thread
    given: Given
    also: Also
    channel: BookingChannel
    kept_as: UUID | None
    """The person that this one turned out to be."""
    outside: Outside | None = None
    """Why somebody decides on them, where the event is meant for others."""

    @property
    def attending(self) -> Attending | None:
        """How they come, where there are two ways."""
        return self.person.attending if any(hall.way for hall in self.given.halls) else None


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
    offer_expires_at: AwareDatetime | None = Field(
        description="Until when a place is kept for them, where one is offered"
    )
    note: str | None = Field(
        None, description="Words for the person, where the event is meant for others"
    )


def note(outside: str | None) -> str | None:
    """What somebody is told on whom somebody decides, because the event is meant for others."""
    return Outside(outside).words if outside else None
