"""What a learning event is, and what its description must say before everybody sees it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from pdu_bookings.rules.programme import State
from pdu_shared.contracts.vocabulary import AccessTier, Composition, EventKind, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What a learning event is, as it is written down."""

    learning_event_id: UUID
    title: str
    kind: EventKind
    event_type: str
    purpose: str | None = None
    outcomes: tuple[str, ...] = ()
    level: Level | None = None
    audience: tuple[str, ...] = ()
    composition: Composition = Composition.MIXED
    workstreams: tuple[str, ...] = ()
    aims: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    topic_source: str | None = None
    series: str | None = None
    series_order: int | None = None
    programme: str | None = None
    co_delivery: tuple[str, ...] = ()
    ask: str | None = None
    content_note: str | None = None
    support_name: str | None = None
    support_reach: str | None = None
    access_tier: AccessTier = AccessTier.OPEN
    opens_wider_at: datetime | None = None
    without_lived_experience_because: str | None = None
    cpd_hours: float | None = None
    refresher_after_months: int | None = None
    template_id: UUID | None = None
    follow_up_of: UUID | None = None
    follow_up_first_until: datetime | None = None
    members_only: bool = False
    """Whether nobody comes but the members of the community that is its series."""
    state: State

    @property
    def lived_experience_planned(self) -> bool:
        """Whether people with lived experience are invited to take part: so unless told why not."""
        return self.without_lived_experience_because is None


class Lack(NamedTuple):
    """What a description lacks: where (a JSON pointer), a stable code, and words."""

    pointer: str
    code: str
    because: str


def contradictions(event: Announced) -> Iterator[Lack]:
    """What cannot be written down, not even in a draft."""
    if not event.title:
        yield Lack("/title", "missing", "Say what it is called.")
    if not event.event_type:
        yield Lack("/event_type", "missing", "Say what type of event it is.")
    if event.follow_up_first_until and not event.follow_up_of:
        yield Lack("/follow_up_of", "missing", "Say which event it takes up.")
    if (event.access_tier is AccessTier.LOCAL_FIRST) != (event.opens_wider_at is not None):
        yield Lack(
            "/opens_wider_at",
            "local-first",
            "An event is local_first until a time at which it opens wider.",
        )
    if (event.support_name is None) != (event.support_reach is None):
        yield Lack(
            "/support_reach", "support-contact", "Say who gives support, and how to reach them."
        )


def astray(before: Announced, after: Announced) -> Iterator[Lack]:
    """What takes a session that is for the members of a community away from it."""
    if before.members_only and before.series != after.series:
        yield Lack("/series", "members-only", "It is for the members of its community alone.")
    if before.members_only and before.kind is not after.kind:
        yield Lack("/kind", "members-only", "It is for the members of its community alone.")


def missing(event: Announced) -> Iterator[Lack]:
    """What has to be added before it is published."""
    if not event.purpose:
        yield Lack("/purpose", "missing", "Say what it is for.")
    if not event.outcomes:
        yield Lack("/outcomes", "missing", "Say what people will be able to do afterwards.")
    if event.level is None:
        yield Lack("/level", "missing", "Say how much people should know already.")
    if not event.audience:
        yield Lack("/audience", "missing", "Say whom it is meant for.")
    if event.content_note and not event.support_name:
        yield Lack(
            "/support_name", "missing", "What may distress people needs somebody to talk to."
        )
