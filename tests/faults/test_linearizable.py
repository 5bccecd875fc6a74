"""What many clients see of one event at once is what one clerk at one desk would have told them."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from time import monotonic
from uuid import UUID, uuid4

import httpx
import pytest

import a
from linearizable import Op, linearizable
from pdu_bookings.place.link import token_for
from pdu_shared.access import Role

CLIENTS = 6
PEOPLE = 3
"""Each client acts for so many people, one after the other."""


@dataclass(frozen=True)
class Hall:
    """The clerk's book: who is inside, to whom a place is offered, who waits in which order."""

    capacity: int
    inside: frozenset[int] = frozenset()
    offered: frozenset[int] = frozenset()
    queue: tuple[int, ...] = ()

    def standing(self, who):
        if who in self.inside:
            return "confirmed", None
        if who in self.offered:
            return "offered", None
        if who in self.queue:
            return "waitlisted", self.queue.index(who) + 1
        return "over", None

    def booked(self, who):
        if self.standing(who)[0] != "over":
            return self
        if len(self.inside | self.offered) < self.capacity and not self.queue:
            return Hall(self.capacity, self.inside | {who}, self.offered, self.queue)
        return Hall(self.capacity, self.inside, self.offered, (*self.queue, who))

    def without(self, who):
        """A place that is given back is offered to the first who waits."""
        queue = tuple(one for one in self.queue if one != who)
        inside, offered = self.inside - {who}, self.offered - {who}
        free = self.capacity - len(inside | offered)
        return Hall(self.capacity, inside, offered | set(queue[:free]), queue[free:])


def clerk(hall, op):
    match op.name:
        case "book":
            after = hall.booked(op.who)
        case "cancel" | "decline":
            after = hall.without(op.who)
        case "accept" if op.who in hall.offered:
            after = Hall(hall.capacity, hall.inside | {op.who}, hall.offered - {op.who}, hall.queue)
        case _:
            after = hall
    return after, after.standing(op.who)


@pytest.fixture(scope="module")
def coordinator(ruins):
    return ruins.authorised(Role.COORDINATOR)


@dataclass
class Client:
    """Acts for its people in an order of its own, and writes down what it saw."""

    http: httpx.AsyncClient
    event: str
    key: bytes
    chance: random.Random
    answers: Iterator[str]
    """By turns for all clients together: who meets an offer is up to the service's speed."""
    links: dict[int, str | None]
    seen: list[Op] = field(default_factory=list)

    async def act(self, times):
        for _ in range(times):
            who = self.chance.choice(list(self.links))
            if self.links[who] is None:
                await self._note("book", who, self._book(who))
            else:
                await self._do_something(who, self.links[who])

    async def _do_something(self, who, link):
        what = self.chance.choice(["look", "look", "cancel", "answer", "answer"])
        standing = await self._note("look", who, self.http.get(link))
        if what == "cancel":
            await self._note("cancel", who, self.http.post(f"{link}/cancellation"))
            self.links[who] = None
        elif what == "answer" and standing[0] == "offered":
            what = next(self.answers)
            answer = {"accept": what == "accept"}
            after = await self._note(what, who, self.http.post(f"{link}/offer", json=answer))
            if after[0] == "over":
                self.links[who] = None

    async def _book(self, who):
        answer = await a.ask_for_place(self.http, self.event, email=f"{uuid4().hex}@example.org")
        assert answer.status_code == 201, answer.text
        self.links[who] = f"/b/{token_for(self.key, UUID(answer.json()['booking_id']))}"
        return answer

    async def _note(self, name, who, request):
        asked = monotonic()
        answer = await request
        told = answer.json()
        position = told["places"][0]["position"] if "places" in told else told["position"]
        known = {"confirmed", "offered", "waitlisted"}
        result = (told["state"], position) if told["state"] in known else ("over", None)
        self.seen.append(Op(asked, monotonic(), name, who, result))
        return result


async def history_of(copies, coordinator, ruins, *, seed, times):
    """What six clients saw at two copies of the service."""
    event = await a.published_event(copies[0], coordinator, sessions=[a.session(capacity=4)])
    key = ruins.secrets.link_key.encode()
    answers = cycle(["decline", "accept"])
    clients = [
        Client(
            copies[n % len(copies)],
            event,
            key,
            random.Random(seed * 100 + n),  # noqa: S311 - a history told apart by its seed
            answers,
            dict.fromkeys(n * PEOPLE + one for one in range(PEOPLE)),
        )
        for n in range(CLIENTS)
    ]
    await asyncio.gather(*(client.act(times) for client in clients))
    return [op for client in clients for op in client.seen]


async def test_every_history_is_one_that_a_single_clerk_could_have_made(copies, coordinator, ruins):
    history = await history_of(copies, coordinator, ruins, seed=1, times=40)
    assert {op.name for op in history} == {"book", "look", "cancel", "accept", "decline"}
    assert linearizable(history, Hall(4), clerk)


def test_a_hall_of_one_that_two_people_entered_is_noticed():
    first = Op(0, 2, "book", 1, ("confirmed", None))
    assert not linearizable([first, Op(1, 3, "book", 2, ("confirmed", None))], Hall(1), clerk)
    assert linearizable([first, Op(1, 3, "book", 2, ("waitlisted", 1))], Hall(1), clerk)


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(2, 42))
async def test_long_histories(copies, coordinator, ruins, seed):
    history = await history_of(copies, coordinator, ruins, seed=seed, times=150)
    assert linearizable(history, Hall(4), clerk)
