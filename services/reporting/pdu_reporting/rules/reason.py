"""Why a number is another one today: what kind of message has come in since."""

from enum import StrEnum


class Reason(StrEnum):
    """What a message that came later means for what was frozen before."""

    LATE = "late"
    """It happened before the snapshot, and was told after it."""
    CORRECTED = "corrected"
    MERGED = "merged"
    RECODED = "recoded"
    TAKEN_BACK = "taken_back"
    NEW = "new"


ENDINGS = {
    "Corrected": Reason.CORRECTED,
    "Changed": Reason.CORRECTED,
    "Recoded": Reason.RECODED,
    "Merged": Reason.MERGED,
    "Unmerged": Reason.MERGED,
    "Withdrawn": Reason.TAKEN_BACK,
    "Cancelled": Reason.TAKEN_BACK,
}


def reason(routing_key: str, *, origin: str, happened_before: bool) -> Reason:
    """The reason that a message gives; what it says of itself goes before when it came."""
    for ending, found in ENDINGS.items():
        if routing_key.endswith(ending):
            return found
    if origin == "correction":
        return Reason.CORRECTED
    return Reason.LATE if happened_before else Reason.NEW
