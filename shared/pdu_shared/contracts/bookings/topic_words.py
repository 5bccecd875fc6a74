"""The published words of topics, of those who speak, and of concerns."""

from enum import StrEnum


class TopicSource(StrEnum):
    """Where a topic came from."""

    SUGGESTION = "suggestion"
    SURVEY = "survey"
    STEERING_GROUP = "steering_group"
    PARTNER = "partner"
    SECTOR_CONVERSATION = "sector_conversation"
    EXPERT = "expert"


class TopicState(StrEnum):
    """Where a topic that somebody suggested is on its way."""

    RECEIVED = "received"
    MERGED = "merged"
    BACKED = "backed"
    PLANNED = "planned"
    SCHEDULED = "scheduled"
    DECLINED_WITH_REASON = "declined_with_reason"
    ANSWERED = "answered"


class SpeakerRole(StrEnum):
    """What somebody does at a session."""

    SPEAKER = "speaker"
    FACILITATOR = "facilitator"
    CO_FACILITATOR = "co_facilitator"
    PANEL = "panel"
    CHAIR = "chair"


class RecordingConsent(StrEnum):
    """Whether somebody who speaks agrees to be recorded."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ConcernKind(StrEnum):
    """What sort of thing somebody was troubled by."""

    CONCERN = "concern"
    INCIDENT = "incident"
    COMPLAINT = "complaint"
    SAFEGUARDING = "safeguarding"
