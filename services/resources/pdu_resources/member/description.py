"""Who a member is, in the words of the lists, and what is told of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Protocol
from uuid import UUID

from pydantic import Field, StringConstraints

from pdu_resources.vocabulary import taxonomy
from pdu_shared.contracts.resources.member import (
    ContactPointChanged,
    MemberProfileChanged,
    MemberRegistered,
)
from pdu_shared.contracts.vocabulary import Channel
from pdu_shared.database import Conn
from pdu_shared.forms import Form, OneLine
from pdu_shared.identity import organisation_id
from pdu_shared.problems import Fault

Listed = Annotated[str, StringConstraints(max_length=64)]
"""A word of a list, checked against the list."""
Interests = Annotated[tuple[Listed, ...], Field(max_length=30)]
"""Codes of work streams."""


class Profile(Form):
    """Who a member is, in the words of the lists."""

    sector: Listed
    work_field: Listed
    role_level: Listed
    area: Listed
    organisation: OneLine | None = None


class Described(Protocol):
    """What says who a member is: a form, a row of a file, an account."""

    @property
    def sector(self) -> str: ...  # noqa: D102
    @property
    def work_field(self) -> str: ...  # noqa: D102
    @property
    def role_level(self) -> str: ...  # noqa: D102
    @property
    def area(self) -> str: ...  # noqa: D102
    @property
    def organisation(self) -> str | None: ...  # noqa: D102


def faults_in(profile: Described, lists: Mapping[str, Sequence[str]]) -> list[Fault]:
    """The words of a profile that are in no list."""
    return [
        Fault(f"/{field}", "unknown-code", f"Possible are: {', '.join(codes)}.")
        for field, codes in lists.items()
        if getattr(profile, field) not in codes
    ]


async def faults_in_interests(conn: Conn, interests: Sequence[str]) -> list[Fault]:
    """The interests that are no work stream."""
    possible = await taxonomy.interests(conn) if interests else []
    return [
        Fault(f"/interests/{place}", "unknown-code", f"Possible are: {', '.join(possible)}.")
        for place, code in enumerate(interests)
        if code not in possible
    ]


def once_each(interests: Sequence[str]) -> tuple[str, ...]:
    """Interests without repetition, in one order, so that their order is no difference."""
    return tuple(sorted(set(interests)))


def contact_point_of(person_id: UUID, name: str, address: str) -> ContactPointChanged:
    """How to reach a member, who has shown that they read the mail of this address."""
    return ContactPointChanged(
        person_id=person_id, channel=Channel.EMAIL, address=address, name=name, verified=True
    )


def member_registered(
    profile: Described, person_id: UUID, day: date, interests: Sequence[str] = ()
) -> MemberRegistered:
    """What is told of a new member: who they are, without a name."""
    return MemberRegistered(**_told(profile, person_id, interests), registered_on=day)


def profile_changed(
    profile: Described, person_id: UUID, day: date, interests: Sequence[str]
) -> MemberProfileChanged:
    """What is told of a member who is another than before."""
    return MemberProfileChanged(**_told(profile, person_id, interests), changed_on=day)


def _told(profile: Described, person_id: UUID, interests: Sequence[str]) -> dict[str, Any]:
    name = profile.organisation
    return {
        "person_id": person_id,
        "organisation_id": organisation_id(name) if name else None,
        "sector": profile.sector,
        "work_field": profile.work_field,
        "role_level": profile.role_level,
        "area": profile.area,
        "interests": once_each(interests),
    }
