"""The whole life of bookings in a real database, against a model in plain Python."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from faults.life_model import BEST_FIRST, PLACED, Model
from pdu_bookings.place import (
    approval,
    cancellation,
    capacity,
    expiry,
    first_in_line,
    merged,
    offer,
)
from pdu_bookings.place.asking import Ask, Keys, Person
from pdu_bookings.place.booking import book
from pdu_bookings.rules.waiting_list import first_come
from pdu_shared.bus import Thread
from pdu_shared.contracts.resources.member import PersonMerged
from pdu_shared.contracts.vocabulary import CancelledBy
from pdu_shared.database import open_database, transaction
from pdu_shared.idempotency import Answer, Key
from pdu_shared.identity import person_id
from pdu_shared.problems import Conflict
from pdu_shared.sealing import Sealer
from scratch import scratch

NOON = datetime(2027, 1, 14, 12, tzinfo=UTC)


class PowerCutError(Exception):
    """Everything stops in the middle of something."""


class BookingLife(RuleBasedStateMachine):
    """People, a coordinator, the clock and a power cut, at one learning event."""

    @initialize(
        places=st.integers(1, 4),
        sessions=st.integers(1, 2),
        days=st.sampled_from([20.0, 5.0, 1.0, 0.3]),
        needs_approval=st.booleans(),
    )
    def open(self, places, sessions, days, needs_approval):
        self.now, self.people, self.alias = NOON, [], {}
        self.event, self.ids = uuid4(), []
        self.model = Model(places, NOON + timedelta(days=days), approval=needs_approval)
        self.sessions = [uuid4() for _ in range(sessions)]
        self.run(self._announce())

    def run(self, work):
        return self.loop.run_until_complete(work)

    async def _announce(self):
        await self.database.pool.execute(
            """
            INSERT INTO learning_event (learning_event_id, title, kind, event_type, purpose, level,
                                        workstreams, audience, state, announced_at, published_at,
                                        approval)
            VALUES ($1, 'A', 'learning_event', 'workshop', 'B', 'introductory', '{}', '{}',
                    'published', $2, $2, $3)
            """,
            self.event,
            NOON,
            self.model.approval,
        )
        await self.database.pool.executemany(
            """
            INSERT INTO session (session_id, learning_event_id, starts_at, ends_at, starts_local,
                                 ends_local, tz, mode, place, capacity)
            SELECT $1, $2, starts_at, starts_at + interval '1 hour', starts_at AT TIME ZONE 'UTC',
                   starts_at AT TIME ZONE 'UTC', 'Europe/London', 'in_person', 'C', $4
              FROM (SELECT $3::timestamptz AS starts_at) AS told
            """,
            [
                (one, self.event, self.model.starts_at + timedelta(days=n), self.model.places)
                for n, one in enumerate(self.sessions)
            ],
        )

    def email(self, person):
        return f"{person}.{self.event.hex}@example.org"

    def asking(self, person, key):
        who = Person(
            "Ana", self.email(person), "voluntary", "advocacy", "other", "unknown", None, None
        )
        return Ask(self.event, who, Key("tests", self.event.hex, key, b"1"), Thread())

    async def _book(self, asks):
        async with transaction(self.database) as conn:
            return await book(conn, asks, self.keys, now=self.now)

    async def _do(self, work, *args, **details):
        """Whether the house agreed."""
        try:
            async with transaction(self.database) as conn:
                await work(conn, *args, now=self.now, **details)
        except Conflict:
            return False
        return True

    def some(self, data):
        return data.draw(st.integers(0, len(self.ids) - 1))

    @rule(data=st.data(), newcomers=st.integers(0, 3), twice=st.booleans())
    def people_ask(self, data, newcomers, twice):
        again = st.lists(st.sampled_from(self.people or [0]), min_size=1, max_size=2)
        known = data.draw(again) if self.people and data.draw(st.booleans()) else []
        asking = [*known, *range(len(self.people), len(self.people) + newcomers)]
        self.people += asking[len(known) :]
        asks = [self.asking(person, uuid4().hex) for person in asking]
        answers = self.run(self._book(asks)) if asks else []
        for person, answer in zip(asking, answers, strict=True):
            n = self.model.ask(self.alias.get(person, person), self.now)
            assert isinstance(answer, Answer) is (n is not None)
            if n is not None:
                booking_id = UUID(answer.body.partition('"booking_id":"')[2][:36])
                if n == len(self.ids):
                    self.ids.append(booking_id)
                assert self.ids[n] == booking_id
        if twice and asks and all(isinstance(answer, Answer) for answer in answers):
            assert self.run(self._book(asks)) == answers, "the same key has the same answer"

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), by=st.sampled_from(CancelledBy))
    def somebody_leaves(self, data, by):
        n = self.some(data)
        active = self.model.states[n] in BEST_FIRST
        agreed = self.run(self._do(cancellation.cancel, self.ids[n], by=by))
        assert agreed is (not active or self.now < self.model.starts_at)
        if active and agreed:
            late = self.model.starts_at - self.now < timedelta(days=2)
            confirmed = self.model.states[n] == "confirmed"
            state = "cancelled_late" if late and confirmed else "cancelled_by_person"
            self.model.end(n, state if by is CancelledBy.PERSON else "cancelled_by_pdu", self.now)

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def somebody_says_yes(self, data):
        n = self.some(data)
        assert self.run(self._do(offer.accept, self.ids[n])) is self.model.accept(n, self.now)

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def somebody_says_no(self, data):
        n = self.some(data)
        state = self.model.states[n]
        agreed = self.run(self._do(offer.decline, self.ids[n]))
        assert agreed is (state in {"offered", "offer_declined"})
        if state == "offered":
            self.model.end(n, "offer_declined", self.now)

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), well=st.booleans())
    def a_coordinator_decides(self, data, well):
        n = self.some(data)
        state = self.model.states[n]
        work = approval.approve if well else approval.turn_down
        agreed = self.run(self._do(work, self.ids[n]))
        if state != "awaiting_approval":
            assert agreed is (state == ("confirmed" if well else "declined"))
        elif not well:
            self.model.end(n, "declined", self.now)
        elif agreed:
            self.model.states[n] = "confirmed"

    @precondition(lambda self: self.model.having("waitlisted"))
    @rule(data=st.data())
    def somebody_is_put_first(self, data):
        n = data.draw(st.sampled_from(self.model.having("waitlisted")))
        self.run(self._do(first_in_line.put_first_in_line, self.ids[n], by=None))
        self.model.first.add(n)

    @rule(places=st.integers(1, 6))
    def the_room_changes(self, places):
        form = capacity.SetCapacity(capacity=places)
        agreed = all(self.run(self._do(capacity.resize, one, form)) for one in self.sessions)
        assert agreed is (places >= len(self.model.having(*PLACED)))
        if agreed:
            self.model.places = places
            self.model.serve(self.now)

    @rule(hours=st.sampled_from([1, 3, 13, 30, 60]))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)
        self.run(self._expire())
        self.model.expire(self.now)

    async def _expire(self):
        while await expiry.expire_next(self.database, now=self.now):
            pass

    @precondition(lambda self: len(self.people) > 1 and self.now < self.model.starts_at)
    @rule(data=st.data())
    def two_people_are_one(self, data):
        alone = [one for one in self.people if one not in self.alias]
        kept, gone = data.draw(st.permutations(alone))[:2] if len(alone) > 1 else (None, None)
        if kept is None or gone in self.alias.values():
            return
        ids = [person_id(self.keys.person, self.email(one)) for one in (kept, gone)]
        message = PersonMerged(kept_id=ids[0], merged_id=ids[1], basis="told_us")
        self.run(self._do(merged.merge, message))
        self.alias[gone] = kept
        self.model.merge(kept, gone, self.now)

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def the_power_goes_off(self, data):
        async def half_done(conn, *, now):
            await cancellation.cancel(conn, self.ids[n], by=CancelledBy.PDU, now=now)
            raise PowerCutError

        n = self.some(data)
        with pytest.raises((PowerCutError, Conflict)):
            self.run(self._cut(half_done))

    async def _cut(self, work):
        async with transaction(self.database) as conn:
            await work(conn, now=self.now)

    @invariant()
    def the_house_is_as_the_model_says(self):
        bookings, halls = self.run(self._found())
        expected = [
            (one, state, self.model.until[n] if state == "offered" else None)
            for n, (one, state) in enumerate(zip(self.ids, self.model.states, strict=True))
        ]
        assert bookings == sorted(expected)
        taken, waiting = len(self.model.having(*PLACED)), len(self.model.line)
        assert halls == [(self.model.places, taken, waiting)] * len(self.sessions)
        assert taken <= self.model.places
        near = first_come(self.now, self.model.starts_at)
        assert near or not self.model.line or not self.model.free, "a place is lost"

    async def _found(self):
        pool = self.database.pool
        bookings = await pool.fetch(
            "SELECT booking_id, state, offer_expires_at FROM booking WHERE learning_event_id = $1"
            " ORDER BY booking_id",
            self.event,
        )
        halls = await pool.fetch(
            "SELECT capacity, taken, waiting FROM session WHERE learning_event_id = $1", self.event
        )
        return [tuple(row) for row in bookings], [tuple(row) for row in halls]


@pytest.fixture(scope="module")
async def place(house):
    async with scratch(house, "bookings") as place:
        yield place


def live(place, **how):
    """Run the machine in a loop of its own: what hypothesis calls cannot be awaited."""
    loop = asyncio.new_event_loop()
    opened = open_database(place.database_url("bookings_app"), application="tests")
    sealer = Sealer(place.house.secrets.sealing_keys("bookings"))
    details = {
        "loop": loop,
        "database": loop.run_until_complete(opened.__aenter__()),
        "keys": Keys(person=b"key", link=b"link", sealer=sealer),
    }
    try:
        machine = type("Life", (BookingLife,), details)
        run_state_machine_as_test(machine, settings=settings(deadline=None, **how))
    finally:
        loop.run_until_complete(opened.__aexit__(None, None, None))
        loop.close()


def test_bookings_live_as_the_model_says(place):
    live(place, derandomize=True, max_examples=60, stateful_step_count=30)


@pytest.mark.campaign
def test_bookings_live_long(place):
    live(place, max_examples=400, stateful_step_count=60)
