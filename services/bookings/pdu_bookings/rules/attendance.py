"""What an attendance register says about a person, and what a change to it means."""

from dataclasses import dataclass
from uuid import UUID

from pdu_shared.contracts.vocabulary import AttendanceMethod, AttendanceState

CAME = frozenset({AttendanceState.PRESENT, AttendanceState.PARTIAL})
"""Attended means present or partial. Apologies and no-shows are kept apart."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry that stands for a person in a session."""

    entry_id: UUID
    state: AttendanceState


@dataclass(frozen=True, slots=True)
class Recording:
    """What to write down: a first entry, or one that supersedes another."""

    method: AttendanceMethod
    supersedes: UUID | None


def recording(said: AttendanceState, standing: Entry | None, *, walk_in: bool) -> Recording | None:
    """What to write when the register says this; nothing when it says what stands already."""
    if standing is None:
        method = AttendanceMethod.WALK_IN if walk_in else AttendanceMethod.REGISTER
        return Recording(method, None)
    if standing.state == said:
        return None
    return Recording(AttendanceMethod.LATE_CORRECTION, standing.entry_id)
