"""What is to be done for an expert, and by when: it follows from the event and what is done."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from pdu_bookings.rules.engagement import (
    BRIEFING_BEFORE,
    DEBRIEF_AFTER,
    Facts,
    Missing,
    missing,
)
from pdu_shared.local_time import local_day

SUPPORT_BEFORE = timedelta(days=7)


class TaskKind(StrEnum):
    """What an ambassador is asked to do."""

    BRIEF = "brief"
    NAME_SUPPORTER = "name_supporter"
    AGREE_SHARING_PLAN = "agree_sharing_plan"
    RECORD_CONTRIBUTION = "record_contribution"
    DEBRIEF = "debrief"
    FOLLOW_UP_DISTRESS = "follow_up_distress"
    GIVE_FEEDBACK = "give_feedback"
    TELL = "tell"


def tasks(facts: Facts, now: datetime) -> dict[TaskKind, date]:
    """What is to be done for this expert now, each with the day by which it is due."""
    if facts.withdrawn or facts.closed or facts.called_off:
        return {}
    due: dict[TaskKind, date] = {}
    if facts.distress_open:
        due[TaskKind.FOLLOW_UP_DISTRESS] = local_day(now)
    if facts.contributed_on is None:
        return due | _before_the_event(facts, now)
    if facts.debriefed_on is None:
        due[TaskKind.DEBRIEF] = facts.contributed_on + DEBRIEF_AFTER
    if facts.feedback_given_on is None:
        due[TaskKind.GIVE_FEEDBACK] = facts.contributed_on + facts.feedback_within
    return due


def _before_the_event(facts: Facts, now: datetime) -> dict[TaskKind, date]:
    if now >= facts.ends_at:
        return {TaskKind.RECORD_CONTRIBUTION: local_day(facts.ends_at) + DEBRIEF_AFTER}
    lacks = missing(facts)
    last_day = local_day(facts.starts_at) - timedelta(days=1)
    begins = {
        (TaskKind.BRIEF, Missing.BRIEFING): BRIEFING_BEFORE,
        (TaskKind.NAME_SUPPORTER, Missing.SUPPORTER): SUPPORT_BEFORE,
        (TaskKind.AGREE_SHARING_PLAN, Missing.SHARING_PLAN): SUPPORT_BEFORE,
    }
    return {
        kind: last_day
        for (kind, what), ahead in begins.items()
        if what in lacks and now >= facts.starts_at - ahead
    }
