"""The rules of booking against a model of twenty lines, over many thousands of steps."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pdu_bookings.rules.booking import TurnedAway, offers_to, places_for
from pdu_bookings.rules.hall import Asking, Given, Hall
from pdu_shared.contracts.vocabulary import PlaceState

NOON = datetime(2027, 1, 14, 12, tzinfo=UTC)
ANYBODY = Asking("voluntary", "advocacy")


class BookingRules(RuleBasedStateMachine):
    """People come and go at one event of one to three sessions; the model is two lists."""

    @initialize(capacities=st.lists(st.integers(1, 6), min_size=1, max_size=3))
    def open(self, capacities):
        self.capacities = capacities
        self.inside: list[UUID] = []
        self.queue: list[UUID] = []
        self.taken, self.waiting, self.people = 0, 0, 0
        self.starts_at = NOON + timedelta(days=1)

    def halls(self):
        return [
            Hall(UUID(int=n), capacity, self.taken, self.waiting, self.starts_at)
            for n, capacity in enumerate(self.capacities)
        ]

    def offered(self):
        return list(offers_to(self.halls(), [(one, ANYBODY) for one in self.queue]))

    @rule(asks=st.integers(1, 9))
    def people_ask_together(self, asks):
        answers = places_for(self.halls(), [ANYBODY] * asks, now=NOON)
        assert len(answers) == asks
        for given in answers:
            self.people += 1
            assert isinstance(given, Given)
            assert given.positions.keys() == {UUID(int=n) for n in range(len(self.capacities))}
            if len(self.inside) < min(self.capacities) and not self.queue:
                assert given.state is PlaceState.CONFIRMED
                assert set(given.positions.values()) == {None}
                self.inside.append(UUID(int=self.people))
                self.taken += 1
            else:
                self.queue.append(UUID(int=self.people))
                assert given.state is PlaceState.WAITLISTED
                assert set(given.positions.values()) == {len(self.queue)}
                self.waiting += 1

    @precondition(lambda self: self.inside)
    @rule(data=st.data())
    def somebody_leaves(self, data):
        self.inside.remove(data.draw(st.sampled_from(self.inside)))
        self.taken -= 1
        assert self.offered() == self.queue[:1], "nobody overtakes"
        if self.queue:
            self.inside.append(self.queue.pop(0))
            self.taken += 1
            self.waiting -= 1

    @precondition(lambda self: self.queue)
    @rule(data=st.data())
    def somebody_stops_waiting(self, data):
        self.queue.remove(data.draw(st.sampled_from(self.queue)))
        self.waiting -= 1
        assert self.offered() == [], "no place was freed"

    @rule(asks=st.integers(1, 3), late=st.integers(0, 90))
    def people_ask_too_late(self, asks, late):
        now = self.starts_at + timedelta(minutes=late)
        answers = places_for(self.halls(), [ANYBODY] * asks, now=now)
        assert answers == [TurnedAway("This event has already started.")] * asks

    @rule(asks=st.integers(1, 3))
    def people_ask_at_a_closed_door(self, asks):
        answers = places_for([], [ANYBODY] * asks, now=NOON)
        assert answers == [TurnedAway("This event is not open for booking.")] * asks

    @invariant()
    def never_oversold_and_nobody_waits_before_a_free_place(self):
        assert 0 <= self.taken <= min(self.capacities)
        assert self.waiting >= 0
        assert not self.waiting or self.taken == min(self.capacities)
        assert (self.taken, self.waiting) == (len(self.inside), len(self.queue))


TestBookingRules = BookingRules.TestCase
TestBookingRules.settings = settings(
    derandomize=True, max_examples=150, stateful_step_count=40, deadline=None
)
