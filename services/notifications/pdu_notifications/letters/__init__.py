"""The letters, one module each: what makes us write, and what we say.

A module has its KIND (or KINDS), LISTENERS, and in WHEN_DUE (if it plans ahead) who writes what
was planned. A new letter is a module, its name in LETTERS, and a test.
"""

from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import TypeAlias

from pdu_notifications.due import Due
from pdu_notifications.letter import Letter
from pdu_notifications.letters import (
    ambassador_task,
    approval,
    archive_ready,
    booking_confirmation,
    cancellation,
    certificate,
    community_invitation,
    community_news,
    community_welcome,
    event_briefing,
    first_come,
    follow_up_invitation,
    handouts,
    hub_invitation,
    hub_welcome,
    manager_digest,
    missed,
    module_reminder,
    nomination,
    offer,
    postponed,
    recording,
    related_resources,
    reminder,
    rescheduled,
    speaker_invitation,
    subscription_confirmation,
    suggestion_answer,
    survey_invitation,
    survey_reminder,
    taking_part,
    waiting_list,
    we_did,
)
from pdu_shared.database import Conn

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
    missed,
    handouts,
    hub_invitation,
    related_resources,
    recording,
    survey_invitation,
    survey_reminder,
    we_did,
    taking_part,
    community_invitation,
    community_welcome,
    nomination,
    certificate,
    suggestion_answer,
    speaker_invitation,
    subscription_confirmation,
    community_news,
    ambassador_task,
    hub_welcome,
    module_reminder,
    manager_digest,
    event_briefing,
    archive_ready,
)

Writer: TypeAlias = Callable[[Conn, Due], Awaitable[Letter | None]]
WRITERS: dict[str, Writer] = {
    kind: write for letter in LETTERS for kind, write in getattr(letter, "WHEN_DUE", {}).items()
}
"""Who writes which kind of letter when it is due; nothing when there is no more to say."""
PRIVATE = frozenset(kind for letter in LETTERS for kind in getattr(letter, "PRIVATE", ()))
"""What nobody else is to see that somebody receives: that they do says something about them."""
SHOWN_AS: dict[str, str] = {
    kind: words for letter in LETTERS for kind, words in getattr(letter, "SHOWN_AS", {}).items()
}
"""What a letter is called before others whose subject may say something about its reader."""
