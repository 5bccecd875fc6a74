"""When one organisation has so many of the places that others may feel left out."""

from collections.abc import Mapping
from dataclasses import dataclass

SHARE = 0.3
AT_LEAST = 4
"""A few colleagues who come together are no reason to worry, however small the event."""


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the places an organisation has."""

    organisation: str
    places: int
    share: float


def too_many(taken: Mapping[str | None, int]) -> list[Share]:
    """The organisations with a large share of the places taken, the largest first.

    Whoever named no organisation counts among all, and is none.
    """
    of = sum(taken.values())
    shares = [
        Share(organisation, places, round(places / of, 3))
        for organisation, places in taken.items()
        if organisation is not None and places >= AT_LEAST and places >= SHARE * of
    ]
    return sorted(shares, key=lambda one: (-one.places, one.organisation))
