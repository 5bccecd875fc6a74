"""Whether a draft may be published: somebody else may have to look through it first."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Review:
    """That somebody was asked to look through a draft, and by whom."""

    asked: bool = False
    asked_by: UUID | None = None
    """None when nobody was asked, or by a machine."""


def why_not_publish(review: Review, publisher: UUID | None) -> str | None:
    """Why this person cannot publish where a second person does; None when they can."""
    if not review.asked:
        return "A second person publishes each event here: ask for a review first."
    if publisher is None or publisher == review.asked_by:
        return "You asked for this review, so somebody else looks through it and publishes it."
    return None
