"""What bookings tells of topics, of those who speak, and of concerns: no words, and no names."""

from uuid import UUID

from pydantic import AwareDatetime

from pdu_shared.contracts.bookings.topic_words import (
    ConcernKind,
    RecordingConsent,
    SpeakerRole,
    TopicSource,
    TopicState,
)
from pdu_shared.contracts.message import Code, Message, Wording
from pdu_shared.contracts.vocabulary import Channel, DeliveryMode


class TopicSuggested(Message):
    """A topic to learn about came in."""

    about = "topic"

    topic_id: UUID
    source: TopicSource
    workstream: Code | None = None


class TopicBacked(Message):
    """One more person stands behind a topic."""

    about = "topic"

    topic_id: UUID
    workstream: Code | None = None
    backers: int


class TopicDecided(Message):
    """What becomes of a topic was decided, or has been answered to who suggested it."""

    about = "topic"

    topic_id: UUID
    decision: TopicState
    merged_into: UUID | None = None
    learning_event_id: UUID | None = None


class TopicAnswered(Message):
    """What whoever suggested a topic is to read, and how to reach them."""

    about = "topic"
    sealed_for = "notifications"

    topic_id: UUID
    person_id: UUID
    channel: Channel
    address: str
    name: str
    wording: str | None = None
    """How the topic is called in public, if it is."""
    answer: str


class SpeakerOffered(Message):
    """Somebody offers to speak or to facilitate."""

    about = "offer"

    offer_id: UUID
    role: SpeakerRole
    organisation_id: UUID | None = None


class SpeakerAnswered(Message):
    """What whoever offered to speak is to read, and how to reach them."""

    about = "offer"
    sealed_for = "notifications"

    offer_id: UUID
    person_id: UUID
    channel: Channel
    address: str
    name: str
    answer: str


class _Speaker(Message):
    about = "assignment"

    assignment_id: UUID
    session_id: UUID
    learning_event_id: UUID
    role: SpeakerRole
    offer_id: UUID | None = None
    organisation_id: UUID | None = None


class SpeakerConfirmed(_Speaker):
    """Somebody will speak at a session, or run it."""


class SpeakerWithdrew(_Speaker):
    """Somebody will not, or not any more."""


class SpeakerInvited(Message):
    """How to reach whoever is asked to speak, and the token with which they answer."""

    about = "assignment"
    sealed_for = "notifications"

    assignment_id: UUID
    session_id: UUID
    learning_event_id: UUID
    person_id: UUID
    role: SpeakerRole
    channel: Channel
    address: str
    name: str
    token: str
    title: Wording
    """Of a learning event that may be a draft, of which nothing else has been told."""
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    tz: Wording
    mode: DeliveryMode
    place: Wording


class RecordingConsentChanged(Message):
    """Whether one of those who speak agrees to a recording of the session, from now on."""

    about = "assignment"

    assignment_id: UUID
    session_id: UUID
    learning_event_id: UUID
    consent: RecordingConsent


class ConcernRaised(Message):
    """Somebody was troubled by something. What it was stays here."""

    about = "concern"

    concern_id: UUID
    kind: ConcernKind


class ConcernClosed(Message):
    """What could be done about a concern has been done."""

    about = "concern"

    concern_id: UUID
    kind: ConcernKind
