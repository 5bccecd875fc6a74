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


class Attending(StrEnum):
    """How one person comes to a hybrid session."""

    IN_PERSON = "in_person"
    ONLINE = "online"


class Level(StrEnum):
    """How much a learning event expects people to know already."""

    INTRODUCTORY = "introductory"
    DEVELOPING = "developing"
    ADVANCED = "advanced"


class Composition(StrEnum):
    """Who is in the room."""

    MIXED = "mixed"
    WORKERS_ONLY = "workers_only"
    WOMEN_ONLY = "women_only"
    LIVED_EXPERIENCE_ONLY = "lived_experience_only"


class AccessTier(StrEnum):
    """Whether local people alone may book, or may book first, or everybody may."""

    LOCAL_ONLY = "local_only"
    LOCAL_FIRST = "local_first"
    OPEN = "open"


class SeriesKind(StrEnum):
    """What binds learning events: a series builds on itself, a programme gathers."""

    SERIES = "series"
    PROGRAMME = "programme"


class PlaceState(StrEnum):
    """How a booking stands: active first, then the ways in which it ends before the event."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    AWAITING_APPROVAL = "awaiting_approval"
    CANCELLED_BY_PERSON = "cancelled_by_person"
    CANCELLED_LATE = "cancelled_late"
    CANCELLED_BY_PDU = "cancelled_by_pdu"
    DECLINED = "declined"
    OFFER_DECLINED = "offer_declined"
    OFFER_EXPIRED = "offer_expired"

    @property
    def active(self) -> bool:
        """Whether it holds a place, or may come to hold one."""
        return self in _ACTIVE

    @property
    def takes_place(self) -> bool:
        """Whether it counts against the capacity."""
        return self in _ACTIVE and self is not PlaceState.WAITLISTED


_ACTIVE = frozenset(
    {
        PlaceState.CONFIRMED,
        PlaceState.WAITLISTED,
        PlaceState.OFFERED,
        PlaceState.AWAITING_APPROVAL,
    }
)


class BookingChannel(StrEnum):
    """How somebody asked for a place."""

    ONLINE = "online"
    TEAM = "team"
    NOMINATION = "nomination"
    TELEPHONE = "telephone"
    EMAIL = "email"
    IN_PERSON = "in_person"

    @property
    def on_behalf(self) -> bool:
        """Whether somebody else asked for the person."""
        return self not in {BookingChannel.ONLINE, BookingChannel.NOMINATION}


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
    SELF_CHECK_IN = "self_check_in"
    TOLD_US = "told_us"
    """By the person, through their link."""
    WEBINAR_REPORT = "webinar_report"
    REGISTER_CLOSED = "register_closed"
    """Not in the register when it was closed."""
    IMPORT = "import"
    LATE_CORRECTION = "late_correction"


class CommunityState(StrEnum):
    """Where a Community of Practice is in its life."""

    PROPOSED = "proposed"
    FORMING = "forming"
    ACTIVE = "active"
    PAUSED = "paused"
    WORKING_GROUP = "working_group"
    CLOSED = "closed"


class MembershipState(StrEnum):
    """How somebody belongs to a Community of Practice."""

    INVITED = "invited"
    ACTIVE = "active"
    ON_BREAK = "on_break"
    LEFT = "left"


class CorrectionReason(StrEnum):
    """Why a register was put right."""

    MISTAKE = "mistake"
    CAME_AFTER_ALL = "came_after_all"
    LEFT_EARLY = "left_early"
    TOLD_US_LATER = "told_us_later"
    WEBINAR_REPORT = "webinar_report"
    RECORDS = "records"
    """Records of the past say something else."""


class MinutesBand(StrEnum):
    """How long somebody was there, as coarsely as figures need it."""

    UNDER_30 = "under_30"
    UNDER_60 = "30_to_59"
    UNDER_120 = "60_to_119"
    UNDER_240 = "120_to_239"
    FROM_240 = "240_and_more"


class QuestionType(StrEnum):
    """What an answer to a question looks like."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    RANKING = "ranking"
    NUMBER = "number"
    TEXT = "text"


class AnswerState(StrEnum):
    """What became of a question that was in the survey."""

    ANSWERED = "answered"
    NOT_ANSWERED = "not_answered"
    NOT_APPLICABLE = "not_applicable"
    FILTERED_OUT = "filtered_out"


class InvitationState(StrEnum):
    """Where an invitation to a survey is on its way."""

    PLANNED = "planned"
    SUPPRESSED = "suppressed"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    OPENED_FORM = "opened_form"
    PARTIAL = "partial"
    SUBMITTED = "submitted"
    EXPIRED = "expired"


class Channel(StrEnum):
    """A way to reach a person."""

    EMAIL = "email"
    SMS = "sms"
    POST = "post"
    PHONE = "phone"
    """Somebody tells them: by telephone, or through whoever sees them."""


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
    BY_HAND = "by_hand"
    """A task of a person, who rings, or sends it by post."""
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class MailingList(StrEnum):
    """What people can be written to about besides what they booked or asked for."""

    BULLETIN = "bulletin"
    OPPORTUNITIES = "opportunities"
    ALERTS = "alerts"
    AFTER_EVENTS = "after_events"
    SURVEYS = "surveys"

    @property
    def must_be_asked_for(self) -> bool:
        """Whether nobody gets it unasked. The others follow from what people came to."""
        return self not in {MailingList.AFTER_EVENTS, MailingList.SURVEYS}


class SubscriptionState(StrEnum):
    """How somebody stands to a list."""

    PENDING_CONFIRMATION = "pending_confirmation"
    ACTIVE = "active"
    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED = "suppressed"


class SubscriptionBasis(StrEnum):
    """Why somebody may be written to."""

    CONSENT = "consent"
    SOFT_OPT_IN = "soft_opt_in"
