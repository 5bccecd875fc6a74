"""An issue of the bulletin: its sections, its states, and what stands in the way of the next."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

SECOND_PERSON_ABOVE = 500
"""To more people than this nobody writes on their own."""


class Section(StrEnum):
    """The parts of an issue, in their order. One that is empty is dropped."""

    HEADLINE = "headline"
    UPCOMING = "upcoming"
    COMMUNITIES = "communities"
    HUB = "hub"
    LOCAL_NEWS = "local_news"
    NATIONAL_NEWS = "national_news"
    CHANGE = "change"
    HAVE_YOUR_SAY = "have_your_say"

    @property
    def heading(self) -> str | None:
        """What it is called; the headline speaks for itself."""
        return _HEADINGS.get(self)


_HEADINGS = {
    Section.UPCOMING: "Coming up",
    Section.COMMUNITIES: "Communities of Practice",
    Section.HUB: "New in the online hub",
    Section.LOCAL_NEWS: "Local news",
    Section.NATIONAL_NEWS: "National news",
    Section.CHANGE: "You said, we did, and what changed",
    Section.HAVE_YOUR_SAY: "Have your say",
}


class IssueState(StrEnum):
    """Where an issue is on its way."""

    COLLECTING = "collecting"
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"


_S = IssueState
WAYS: Mapping[IssueState, frozenset[IssueState]] = MappingProxyType(
    {
        _S.COLLECTING: frozenset({_S.DRAFT, _S.WITHDRAWN}),
        _S.DRAFT: frozenset({_S.COLLECTING, _S.IN_REVIEW, _S.WITHDRAWN}),
        _S.IN_REVIEW: frozenset({_S.DRAFT, _S.APPROVED, _S.WITHDRAWN}),
        _S.APPROVED: frozenset({_S.DRAFT, _S.SCHEDULED, _S.WITHDRAWN}),
        _S.SCHEDULED: frozenset({_S.DRAFT, _S.APPROVED, _S.WITHDRAWN}),
        _S.SENDING: frozenset({_S.PAUSED, _S.WITHDRAWN}),
        _S.PAUSED: frozenset({_S.SENDING, _S.WITHDRAWN}),
        _S.SENT: frozenset({_S.WITHDRAWN}),
        _S.ARCHIVED: frozenset({_S.WITHDRAWN}),
        _S.WITHDRAWN: frozenset(),
    }
)
"""What people may do. That it begins, is done and is archived comes by itself."""

WRITABLE = frozenset({_S.COLLECTING, _S.DRAFT})
READABLE = frozenset({_S.SENDING, _S.PAUSED, _S.SENT, _S.ARCHIVED})
"""Whoever has it in their letter box can also read it on the web, and so can all others."""
CHECKED = frozenset({_S.IN_REVIEW, _S.APPROVED, _S.SCHEDULED})
"""What nothing goes into that the checks find wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a decision about an issue looks at."""

    state: IssueState
    written_by: Collection[UUID]
    recipients: int
    faults: int
    """How much the checks find that has to be put right."""


def obstacle(issue: Standing, to: IssueState, *, by: UUID | None) -> str | None:
    """Why an issue cannot be brought into this state by this person; nothing when it can."""
    if to not in WAYS[issue.state]:
        possible = ", ".join(sorted(WAYS[issue.state])) or "nothing"
        return f"It is {issue.state}: what can follow is {possible}."
    if to in CHECKED and issue.faults:
        return "The checks found something that has to be put right first."
    # Who takes it out of the calendar again does not approve it anew.
    approves = to is IssueState.APPROVED and issue.state is IssueState.IN_REVIEW
    if approves and by is None:
        return "Only a person can approve it."
    if approves and lacks_second_person(issue, approved_by=by):
        return (
            f"It goes to more than {SECOND_PERSON_ABOVE} people: somebody who did not write it "
            "has to approve it."
        )
    return None


def lacks_second_person(issue: Standing, *, approved_by: UUID | None) -> bool:
    """Whether it goes to so many that somebody else has to look at it first."""
    return issue.recipients > SECOND_PERSON_ABOVE and (
        approved_by is None or approved_by in issue.written_by
    )
