"""What a place costs somebody: nothing, unless the event has a price and they are to pay it."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from pdu_bookings.rules.access import LOCAL_AREAS


class WhoPays(StrEnum):
    """Whom a price is for."""

    EVERYBODY = "everybody"
    OUTSIDE_AREA = "outside_area"


class Waived(StrEnum):
    """Why somebody does not pay the price."""

    LOCAL = "local"
    VOLUNTEER = "volunteer"
    STUDENT = "student"
    EXPERT_BY_EXPERIENCE = "expert_by_experience"
    BY_COORDINATOR = "by_coordinator"


@dataclass(frozen=True, slots=True)
class Price:
    """What an event costs those who pay."""

    pence: int
    who_pays: WhoPays


@dataclass(frozen=True, slots=True)
class Charge:
    """What a place costs one person."""

    pence: int = 0
    waived: Waived | None = None
    """Why it is nothing, where others pay."""


def charge(
    price: Price | None,
    *,
    area: str,
    role_level: str,
    spared: bool = False,
    local_areas: AbstractSet[str] = LOCAL_AREAS,
) -> Charge:
    """What a place costs somebody who works in this area, in this role.

    People from the area do not pay where only others do, and whoever comes without being paid to
    never does.
    """
    if price is None:
        return Charge()
    if spared:
        return Charge(waived=Waived.BY_COORDINATOR)
    if role_level in set(Waived) - {Waived.LOCAL, Waived.BY_COORDINATOR}:
        return Charge(waived=Waived(role_level))
    if price.who_pays is WhoPays.OUTSIDE_AREA and area in local_areas:
        return Charge(waived=Waived.LOCAL)
    return Charge(price.pence)


def dearer(before: Price | None, after: Price | None) -> bool:
    """Whether anybody pays more than before."""
    if after is None:
        return False
    if before is None:
        return True
    for_more = after.who_pays is WhoPays.EVERYBODY and before.who_pays is WhoPays.OUTSIDE_AREA
    return for_more or after.pence > before.pence
