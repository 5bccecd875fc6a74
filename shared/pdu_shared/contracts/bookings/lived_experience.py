"""What bookings tells of lived experience: that somebody takes part, and never who.

An engagement's id is random and stands for nothing else.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import AwareDatetime

from pdu_shared.contracts.message import Code, Message
from pdu_shared.contracts.vocabulary import Channel


class ContributionRole(StrEnum):
    """What an expert by experience does at a learning event."""

    PRESENTER = "presenter"
    CO_DESIGNER = "co_designer"
    CO_FACILITATOR = "co_facilitator"
    TABLE_DISCUSSANT = "table_discussant"
    PANEL = "panel"
    REVIEWER = "reviewer"
    STEERING_GROUP_MEMBER = "steering_group_member"


class ArnsteinLevel(StrEnum):
    """The rungs of Arnstein's ladder of participation, from the lowest."""

    MANIPULATION = "manipulation"
    THERAPY = "therapy"
    INFORMING = "informing"
    CONSULTATION = "consultation"
    PLACATION = "placation"
    PARTNERSHIP = "partnership"
    DELEGATED_POWER = "delegated_power"
    CITIZEN_CONTROL = "citizen_control"


class ExpertNotice(StrEnum):
    """What an expert by experience is to be told."""

    OPTED_IN = "expert_opted_in"
    PRE_MEETING = "expert_pre_meeting"
    FEEDBACK_GIVEN = "expert_feedback_given"
    WHAT_WAS_DONE = "expert_what_was_done"
    """What somebody did, or will not do, because of what the expert said."""


class ExpertOpportunityOpened(Message):
    """A learning event invites experts by experience, as every learning event does."""

    about = "opportunity"

    opportunity_id: UUID
    learning_event_id: UUID
    roles: tuple[ContributionRole, ...]


class _Engagement(Message):
    about = "engagement"

    engagement_id: UUID
    learning_event_id: UUID


class ExpertOptedIn(_Engagement):
    """An expert would like to take part in a learning event."""

    opportunity_id: UUID
    role: ContributionRole


class ExpertWithdrew(_Engagement):
    """An expert will not take part after all, or no longer. Nobody asks why."""

    opportunity_id: UUID


class ExpertSupported(_Engagement):
    """Who supports an expert: to be asked for what there is to do before the event and after."""

    sealed_for = "notifications"

    ambassador_id: UUID


class ExpertBriefed(_Engagement):
    """An expert knows the event, their role, and who will be there."""

    on_time: bool
    """Before the day of the event."""


class ExpertSupportConfirmed(_Engagement):
    """An expert has a named supporter for the event and for afterwards."""

    on_time: bool
    """Before the day of the event."""


class ExpertContributed(_Engagement):
    """An expert took part in a learning event that others came to."""

    role: ContributionRole
    arnstein_level: ArnsteinLevel


class ExpertDebriefed(_Engagement):
    """Somebody asked the expert afterwards how it was for them."""

    on_time: bool
    """On the day after the contribution at the latest."""


class ContributionFeedbackDue(_Engagement):
    """An expert is owed word of what came of their contribution, within so many days."""

    feedback_id: UUID
    days: int


class ContributionFeedbackGiven(_Engagement):
    """An expert has been told what came of their contribution, so many days after it."""

    feedback_id: UUID
    days: int


class ExpertNoticeIssued(Message):
    """Something that an expert is to be told by letter, as they chose."""

    about = "notice"
    sealed_for = "notifications"

    notice_id: UUID
    person_id: UUID
    channel: Channel
    address: str
    name: str
    template: ExpertNotice
    learning_event_id: UUID
    pre_meeting_at: AwareDatetime | None = None
    pre_meeting_place: str | None = None
    ambassador_id: UUID | None = None
    """Who tells them where no text messages are sent."""


class RetentionApplied(Message):
    """Private data was deleted because its time had come."""

    about = "retention"

    retention_id: UUID
    data_class: Code
    count: int
    cut_off: date
