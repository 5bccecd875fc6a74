"""Who may read what an expert and those who support them wrote down."""

from collections.abc import Mapping
from enum import StrEnum


class TextKind(StrEnum):
    """A private text."""

    SHARING_PLAN = "sharing_plan"
    DISTRESS = "distress"
    FEEDBACK = "feedback"


class Standing(StrEnum):
    """How somebody stands to an expert."""

    EXPERT = "expert"
    SUPPORTER = "supporter"
    COORDINATOR = "coordinator"


READERS: Mapping[TextKind, frozenset[Standing]] = {
    TextKind.SHARING_PLAN: frozenset({Standing.EXPERT, Standing.SUPPORTER}),
    TextKind.DISTRESS: frozenset({Standing.SUPPORTER, Standing.COORDINATOR}),
    TextKind.FEEDBACK: frozenset(Standing),
}
"""How much an expert will share is between them and their supporter, and nobody else's."""


def is_audited(standing: Standing) -> bool:
    """Whether it is written down that somebody who stands so looked at something private."""
    return standing is Standing.COORDINATOR
