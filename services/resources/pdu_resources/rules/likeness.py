"""Why two accounts may be of one person."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

SHARED = frozenset(
    {
        "admin", "bookings", "contact", "enquiries", "hello", "hr", "info", "mail", "manager",
        "office", "reception", "support", "team", "training",
    }
)  # fmt: skip
"""What stands before the @ of addresses that several people read."""
SHORTEST_LOCAL_PART = 4
NEAR = 2
"""So many letters may be another where somebody mistyped an address."""


class Reason(StrEnum):
    """Why two accounts may be of one person."""

    SAME_NAME_AND_ORGANISATION = "same_name_and_organisation"
    SAME_NAME = "same_name"
    SAME_LOCAL_PART = "same_local_part"
    NEARLY_THE_SAME_ADDRESS = "nearly_the_same_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of somebody."""

    name: str
    address: str
    organisation: str | None = None
    """The id of the organisation, or its name: what is the same for the same one."""


def reasons(one: Known, other: Known) -> list[Reason]:
    """Why these may be one person, the strongest reason first; nothing where there is none."""
    found = []
    if _folded(one.name) == _folded(other.name):
        if one.organisation and one.organisation == other.organisation:
            found.append(Reason.SAME_NAME_AND_ORGANISATION)
        else:
            found.append(Reason.SAME_NAME)
    mine, yours = one.address.lower(), other.address.lower()
    local = mine.rpartition("@")[0].replace(".", "")
    if len(local) >= SHORTEST_LOCAL_PART and local not in SHARED:
        if local == yours.rpartition("@")[0].replace(".", ""):
            found.append(Reason.SAME_LOCAL_PART)
        elif is_near(mine, yours):
            found.append(Reason.NEARLY_THE_SAME_ADDRESS)
    return found


def is_near(one: str, other: str, most: int = NEAR) -> bool:
    """Whether at most so many letters have to be added, left out or changed."""
    if abs(len(one) - len(other)) > most:
        return False
    before = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        here = [row]
        for column, other_letter in enumerate(other, start=1):
            changed = before[column - 1] + (letter != other_letter)
            here.append(min(before[column] + 1, here[-1] + 1, changed))
        if min(here) > most:
            return False
        before = here
    return before[-1] <= most


def _folded(name: str) -> str:
    """A name without accents, case, and the order of its words."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(char for char in plain if char.isalnum() or char.isspace())
    return " ".join(sorted(kept.split()))
