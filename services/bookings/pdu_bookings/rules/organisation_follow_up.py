"""When somebody talks with an organisation about what its staff learned, and when no more."""

from datetime import date, timedelta

DUE_AFTER = timedelta(days=14)
"""As the survey: first people try what they learned."""
ASKED_FOR = timedelta(days=180)
"""After that nobody is asked to any more."""


def due_on(held_on: date, next_on: date | None) -> date:
    """By when somebody asks how it went: first, or again as agreed."""
    return next_on or held_on + DUE_AFTER
