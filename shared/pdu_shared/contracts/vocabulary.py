"""The published words: kinds and states that rules depend on.

Lists that another city would fill differently (sectors, work fields, work streams …) are not
here: they are `Code` strings, checked by the service that owns the list.
"""

from enum import StrEnum


class EventKind(StrEnum):
    """What is counted as learning."""

    LEARNING_EVENT = "learning_event"
    COP_SESSION = "cop_session"


class DeliveryMode(StrEnum):
    """How people come to a session."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"


class Level(StrEnum):
    """How much a learning event expects people to know already."""

    INTRODUCTORY = "introductory"
    DEVELOPING = "developing"
    ADVANCED = "advanced"


class PlaceState(StrEnum):
    """What a booking gives in a session."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"


class CancelledBy(StrEnum):
    """Who gave a place back."""

    PERSON = "person"
    PDU = "pdu"


class AttendanceState(StrEnum):
    """What became of a person's place in a session."""

    PRESENT = "present"
    PARTIAL = "partial"
    ABSENT_APOLOGIES = "absent_apologies"
    ABSENT_NO_SHOW = "absent_no_show"


class AttendanceMethod(StrEnum):
    """How an attendance came to be known."""

    REGISTER = "register"
    WALK_IN = "walk_in"
    IMPORT = "import"
    LATE_CORRECTION = "late_correction"


class Channel(StrEnum):
    """A way to reach a person."""

    EMAIL = "email"


class LetterState(StrEnum):
    """Where a letter is on its way."""

    QUEUED = "queued"
    SENDING = "sending"
    IN_DOUBT = "in_doubt"
    SENT = "sent"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    HELD = "held"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
