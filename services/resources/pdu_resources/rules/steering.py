"""Who sits in the steering group: whether its seats are balanced, and how long names are kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pdu_shared.contracts.resources.steering import SeatKind

SENIOR = frozenset({"senior_manager", "strategic_executive", "commissioner", "trustee_governor"})
"""Role levels that decide for a service (a recommendation of the 2019 report, page 649)."""

NOT_A_SECTOR = frozenset({"other", "unknown"})

NAME_KEPT_FOR = timedelta(days=365)
"""After a term has ended: as long as minutes may be asked about."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat, as far as the balance depends on it."""

    kind: SeatKind
    organisation: object = None
    """Anything that tells organisations apart."""
    sector: str | None = None
    role_level: str | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """How many seats there are of what, and which sectors have none."""

    seats: int
    by_kind: dict[str, int]
    by_sector: dict[str, int]
    by_role_level: dict[str, int]
    organisations: int
    senior: int
    sectors_without_seat: list[str]


def balance(seats: Sequence[Seat], sectors: Sequence[str]) -> Balance:
    """The balance of these seats; sectors and kinds that have no seat count 0."""
    by_sector = Counter(seat.sector for seat in seats if seat.sector)
    levels = Counter(seat.role_level for seat in seats if seat.role_level)
    return Balance(
        seats=len(seats),
        by_kind={kind: sum(seat.kind is kind for seat in seats) for kind in SeatKind},
        by_sector={sector: by_sector[sector] for sector in sectors},
        by_role_level=dict(sorted(levels.items())),
        organisations=len({seat.organisation for seat in seats if seat.organisation}),
        senior=sum(count for level, count in levels.items() if level in SENIOR),
        sectors_without_seat=[
            sector for sector in sectors if not by_sector[sector] and sector not in NOT_A_SECTOR
        ],
    )


def in_term(starts_on: date, ends_on: date | None, day: date) -> bool:
    """Whether a seat is taken on a day; the last day is part of the term."""
    return starts_on <= day and (ends_on is None or day <= ends_on)


def name_goes_before(today: date) -> date:
    """Names of those whose term ended before this day are forgotten."""
    return today - NAME_KEPT_FOR
