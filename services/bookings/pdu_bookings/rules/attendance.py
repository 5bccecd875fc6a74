"""What an attendance register says about a person, and what a change to it means."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pdu_shared.contracts.vocabulary import AttendanceMethod, AttendanceState, CorrectionReason

CAME = frozenset({AttendanceState.PRESENT, AttendanceState.PARTIAL})
"""Attended means present or partial. Apologies and no-shows are kept apart."""

OPENS_BEFORE = timedelta(hours=24)
"""A register that is written earlier than this is surely meant for another session."""
FACILITATORS_WRITE_FOR = timedelta(days=14)
"""How long after a session those who held it may write its register; a coordinator always may."""
APOLOGIES_UNTIL = timedelta(hours=24)
"""How long after a session somebody may still tell us that they could not come."""

CHECK_IN_OPENS = timedelta(minutes=30)
"""How long before a session people may check themselves in; they may until its end."""

_NOT_BY_HAND = frozenset(
    {AttendanceMethod.WEBINAR_REPORT, AttendanceMethod.REGISTER_CLOSED, AttendanceMethod.TOLD_US}
)


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry that stands for a person in a session."""

    entry_id: UUID
    state: AttendanceState
    method: AttendanceMethod


@dataclass(frozen=True, slots=True)
class Recording:
    """What to write down: a first entry, or one that supersedes another."""

    method: AttendanceMethod
    supersedes: UUID | None = None
    reason: CorrectionReason | None = None


def why_not_yet(starts_at: datetime, *, now: datetime) -> str | None:
    """Why a register cannot be written yet, in words; None when it can."""
    if now < starts_at - OPENS_BEFORE:
        return "This session is more than a day away."
    return None


def why_no_more(ends_at: datetime, *, now: datetime) -> str | None:
    """Why somebody who is no coordinator cannot write a register any more."""
    if now > ends_at + FACILITATORS_WRITE_FOR:
        return "This session was more than two weeks ago: ask a coordinator to write it down."
    return None


def why_no_apologies(starts_at: datetime, ends_at: datetime, *, now: datetime) -> str | None:
    """Why somebody cannot say now that they will not come, or could not."""
    if now < starts_at - OPENS_BEFORE:
        return "It is more than a day away: give your place back, so that somebody else can come."
    if now > ends_at + APOLOGIES_UNTIL:
        return "Its register has been closed. Thank you for telling us all the same."
    return None


def recording(
    said: AttendanceState, standing: Entry | None, *, walk_in: bool, reason: CorrectionReason
) -> Recording | None:
    """What to write when the register says this; nothing when it says what stands already."""
    if standing is None:
        return Recording(AttendanceMethod.WALK_IN if walk_in else AttendanceMethod.REGISTER)
    if standing.state == said:
        return None
    return Recording(AttendanceMethod.LATE_CORRECTION, standing.entry_id, reason)


def told_us(standing: Entry | None) -> Recording | None:
    """What to write when somebody sends their apologies: also for a no-show, unless corrected."""
    if standing is None:
        return Recording(AttendanceMethod.TOLD_US)
    if (
        standing.state is not AttendanceState.ABSENT_NO_SHOW
        or standing.method is AttendanceMethod.LATE_CORRECTION
    ):
        return None
    return Recording(AttendanceMethod.TOLD_US, standing.entry_id, CorrectionReason.TOLD_US_LATER)


def checked_in(standing: Entry | None) -> Recording | None:
    """What to write when somebody checks themselves in. What was put right stays."""
    if standing is None:
        return Recording(AttendanceMethod.SELF_CHECK_IN)
    if standing.state in CAME or standing.method is AttendanceMethod.LATE_CORRECTION:
        return None
    return Recording(
        AttendanceMethod.SELF_CHECK_IN, standing.entry_id, CorrectionReason.CAME_AFTER_ALL
    )


def reported(said: AttendanceState, standing: Entry | None) -> Recording | None:
    """What to write when a webinar report says this. What was written by hand stays."""
    if standing is None:
        return Recording(AttendanceMethod.WEBINAR_REPORT)
    if standing.state == said or was_by_hand(standing):
        return None
    return Recording(
        AttendanceMethod.WEBINAR_REPORT, standing.entry_id, CorrectionReason.WEBINAR_REPORT
    )


def was_by_hand(standing: Entry) -> bool:
    """Whether somebody who was there wrote it, or records have it."""
    return standing.method not in _NOT_BY_HAND


def imported(
    said: AttendanceState,
    standing: Entry | None,
    *,
    before: AttendanceState | None,
    same: bool,
) -> Recording | None:
    """What to write when records of the past say this.

    `before` is what they said the last time: what was corrected here since stays corrected, until
    they say something else. `same` of people who are as they stand.
    """
    if standing is None:
        return Recording(AttendanceMethod.IMPORT)
    if same and said in (standing.state, before):
        return None
    return Recording(AttendanceMethod.IMPORT, standing.entry_id, CorrectionReason.RECORDS)
