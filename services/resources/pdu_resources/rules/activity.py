"""What can be done with what: an e-learning module is begun and completed, a paper is not."""

from enum import StrEnum


class Kind(StrEnum):
    """What an item of the hub is."""

    RESOURCE = "resource"
    MODULE = "module"


class Action(StrEnum):
    """What a member does with an item."""

    VIEWED = "viewed"
    DOWNLOADED = "downloaded"
    MODULE_STARTED = "module_started"
    MODULE_COMPLETED = "module_completed"


OF_MODULES = frozenset({Action.MODULE_STARTED, Action.MODULE_COMPLETED})


def kind_by(action: Action) -> Kind:
    """What an item that nobody has described must be, when this is done with it."""
    return Kind.MODULE if action in OF_MODULES else Kind.RESOURCE


def fits(action: Action, kind: Kind) -> bool:
    """Whether this can be done with an item of this kind."""
    return kind is Kind.MODULE or action not in OF_MODULES
