"""What the desk remembers of learning events between the people who book them.

Hardly anything changes from one batch to the next but what the desk itself wrote. So it decides
on what it left behind, and whatever writes the decision looks whether all of it is still so.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from pdu_bookings.place.asking import Claim
from pdu_bookings.place.hall import Counts
from pdu_bookings.place.known import Known
from pdu_bookings.rules.access import Access
from pdu_bookings.rules.hall import Hall
from pdu_shared.contracts.vocabulary import AccessTier

MOST = 4096
"""So many learning events; then it begins anew."""
REST = 8
"""So many batches it reads after it remembered what was no longer so: others are at work, too."""


@dataclass(frozen=True, slots=True)
class Unread:
    """What a decision rests on that was not read for it: it has to be so when it is written."""

    versions: Mapping[UUID, int] = field(default_factory=dict)
    """Learning events that anybody may book, and of which version they are."""
    strangers: Collection[UUID] = ()
    """People who were neither erased nor found to be somebody else."""


READ = Unread()


@dataclass(frozen=True, slots=True)
class Ground:
    """What a decision rests on: what is known of those who ask, in their order, and the halls."""

    known: Sequence[Known]
    halls: Mapping[UUID, Sequence[Hall]]
    unread: Unread = READ


@dataclass(frozen=True, slots=True)
class Recalled:
    """As much of such a ground as is remembered: None for who asks for another event."""

    known: Sequence[Known | None]
    halls: Mapping[UUID, Sequence[Hall]]
    unread: Unread

    @property
    def missing(self) -> list[int]:
        """The places of those for whom it has to be read."""
        return [place for place, one in enumerate(self.known) if one is None]

    def completed(self, known: Iterable[Known], halls: Mapping[UUID, Sequence[Hall]]) -> Ground:
        """The ground, with what was read for these."""
        read = iter(known)
        return Ground(
            [one or next(read) for one in self.known], {**self.halls, **halls}, self.unread
        )


@dataclass(frozen=True, slots=True)
class _Event:
    version: int
    access: Access
    approval: bool
    halls: Sequence[Hall]

    def of_a_stranger(self, person_id: UUID) -> Known:
        """What would be known of somebody who has nothing to do with the event yet."""
        return Known(
            answer=None,
            erasures=0,
            stands=False,
            person_id=person_id,
            kept_as=None,
            open=True,
            access=self.access,
            approval=self.approval,
            selective=False,
            outside=None,
            version=self.version,
        )


@dataclass(frozen=True, slots=True)
class _Left:
    known: Mapping[UUID, Known]
    halls: Mapping[UUID, Sequence[Hall]]
    counts: Counts


class Remembered:
    """The learning events that were booked last, as the desk left them."""

    def __init__(self) -> None:
        self._events: dict[UUID, _Event] = {}
        self._rest = 0
        self._left: _Left | None = None
        """What is to be gone through still."""

    def recall(self, claims: Sequence[Claim]) -> Recalled:
        """What to decide on, as far as it need not be read."""
        self.settle()
        self._rest = max(self._rest - 1, 0)
        events = {one: self._events.get(one) for one, _ in claims}
        known = [
            event.of_a_stranger(person) if (event := events[one]) else None
            for one, person in claims
        ]
        remembered = {one: event for one, event in events.items() if event}
        return Recalled(
            known,
            {one: event.halls for one, event in remembered.items()},
            Unread(
                {one: event.version for one, event in remembered.items()},
                [one.person_id for one in known if one],
            ),
        )

    def keep(
        self, known: Mapping[UUID, Known], halls: Mapping[UUID, Sequence[Hall]], counts: Counts
    ) -> None:
        """Remember events as they are now that this was counted, where anybody may book.

        It is gone through when somebody asks again, if nobody had time for it before: `settle`.
        """
        self.settle()
        self._left = _Left(known, halls, counts)

    def settle(self) -> None:
        """Go through what is to be remembered."""
        left, self._left = self._left, None
        if left is None or self._rest:
            return
        if len(self._events) > MOST:
            self._events.clear()
        for learning_event_id, one in left.known.items():
            if one.version is not None and _is_for_anybody(one):
                halls = [left.counts.applied_to(hall) for hall in left.halls[learning_event_id]]
                event = _Event(one.version, one.access, one.approval, halls)
                self._events[learning_event_id] = event

    def forget(self, learning_event_ids: Iterable[UUID]) -> None:
        """Read these again when somebody asks for them."""
        self.settle()
        for one in learning_event_ids:
            self._events.pop(one, None)

    def mistook(self, ground: Ground) -> None:
        """It was no longer so: for some time nothing is remembered."""
        self._rest = REST
        self.forget(ground.unread.versions)


def _is_for_anybody(one: Known) -> bool:
    access = one.access
    return (
        one.open
        and not one.selective
        and access.tier is AccessTier.OPEN
        and access.members is None
        and access.invited_until is None
        and access.opens_wider_at is None
    )
