"""The letters, one module each: what makes us write, and what we say.

A module has LISTENERS, and in WHEN_DUE (if it plans ahead) who writes what was planned. A new
letter is a module, its name in LETTERS, and a test.
"""

from types import ModuleType

from pdu_notifications.letters import (
    approval,
    booking_confirmation,
    cancellation,
    certificate,
    community_invitation,
    community_welcome,
    first_come,
    follow_up_invitation,
    nomination,
    offer,
    postponed,
    reminder,
    rescheduled,
    speaker_invitation,
    subscription_confirmation,
    suggestion_answer,
    survey_invitation,
    taking_part,
    waiting_list,
)

LETTERS: tuple[ModuleType, ...] = (
    booking_confirmation,
    waiting_list,
    offer,
    first_come,
    approval,
    cancellation,
    reminder,
    rescheduled,
    postponed,
    follow_up_invitation,
    survey_invitation,
    taking_part,
    community_invitation,
    community_welcome,
    nomination,
    certificate,
    suggestion_answer,
    speaker_invitation,
    subscription_confirmation,
)
