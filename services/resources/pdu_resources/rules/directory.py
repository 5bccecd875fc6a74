"""How long an entry of the directory can be trusted."""

from datetime import date, timedelta
from enum import StrEnum

TRUSTED_FOR = timedelta(days=365)
"""Whoever keeps an entry confirms it once a year."""

REMINDED_BEFORE = timedelta(days=30)
"""From then on it stands in the queue of those who keep it."""


class Standing(StrEnum):
    """How an entry stands."""

    PUBLISHED = "published"
    OUT_OF_DATE = "out_of_date"
    HIDDEN = "hidden"


def standing(*, hidden: bool, review_due_on: date, today: date) -> Standing:
    """How an entry stands today. One that nobody confirmed stays to be seen, and says so."""
    if hidden:
        return Standing.HIDDEN
    return Standing.OUT_OF_DATE if review_due_on < today else Standing.PUBLISHED


def due_after(reviewed_on: date) -> date:
    """The day by which an entry has to be confirmed again."""
    return reviewed_on + TRUSTED_FOR


def reminds(review_due_on: date, today: date) -> bool:
    """Whether an entry stands in the queue of those to be confirmed."""
    return review_due_on - REMINDED_BEFORE <= today
