"""Which sessions are parallel, and who waits for whom where people choose."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from pdu_bookings.rules.booking import TurnedAway, offers_to, places_for
from pdu_bookings.rules.hall import Asking, Hall
from pdu_bookings.rules.parallel import Sitting, awry, why_no_choice
from pdu_shared.contracts.vocabulary import EventKind, PlaceState

NOON = datetime(2027, 1, 14, 12, tzinfo=UTC)

PLENARY, ONE, OTHER = (UUID(int=number) for number in (1, 2, 3))


def sitting(parallel, *, after=timedelta(), hybrid=False):
    return Sitting(NOON + after, NOON + after + timedelta(hours=1), parallel, hybrid)


LATER = timedelta(hours=1)


@pytest.mark.parametrize(
    ("sittings", "pointers"),
    [
        ([sitting(None)], []),
        ([sitting("x"), sitting("x"), sitting(None, after=LATER)], []),
        ([sitting("x")], ["/sessions/0/parallel"]),
        ([sitting("x"), sitting("y")], ["/sessions/0/parallel", "/sessions/1/parallel"]),
        (
            [sitting("x"), sitting("x", after=LATER)],
            ["/sessions/0/parallel", "/sessions/1/parallel"],
        ),
        ([sitting("x"), sitting("x"), sitting(None, hybrid=True)], ["/sessions"]),
    ],
)
def test_which_sessions_are_parallel(sittings, pointers):
    assert [lack.pointer for lack in awry(EventKind.LEARNING_EVENT, sittings)] == pointers


def test_members_of_a_community_come_to_all_of_it():
    [lack] = awry(EventKind.COP_SESSION, [sitting("x"), sitting("x")])
    assert lack.code == "community"


@pytest.mark.parametrize(
    ("chosen", "right"),
    [({ONE}, True), ({OTHER}, True), (set(), False), ({ONE, OTHER}, False), ({PLENARY}, False)],
)
def test_one_is_chosen_of_those_at_the_same_time(chosen, right):
    assert (why_no_choice({ONE: "x", OTHER: "x"}, chosen) is None) is right


def test_where_there_is_nothing_to_choose_nobody_chooses():
    assert why_no_choice({}, set()) is None
    assert why_no_choice({}, {ONE})


def halls(**waiting):
    """A plenary with room, and two parallel sessions of which the first is full."""
    full = Hall(ONE, 2, 2, waiting.get("one", 0), NOON + timedelta(days=9), parallel="x")
    free = Hall(OTHER, 2, 0, waiting.get("other", 0), NOON + timedelta(days=9), parallel="x")
    everybody = sum(waiting.values())
    return [Hall(PLENARY, 9, 2, everybody, NOON + timedelta(days=9)), full, free]


def asking(*chosen):
    return Asking("voluntary", "health", chosen=frozenset(chosen))


def test_whoever_waits_for_one_room_holds_up_nobody_who_wants_the_other():
    given = places_for(halls(one=1), [asking(ONE), asking(OTHER), asking(OTHER)], now=NOON)
    assert [one.state for one in given] == [
        PlaceState.WAITLISTED, PlaceState.CONFIRMED, PlaceState.CONFIRMED
    ]  # fmt: skip
    assert given[0].positions == {PLENARY: 2, ONE: 2}
    assert given[1].positions == {PLENARY: None, OTHER: None}


def test_a_choice_that_is_none_is_told():
    [answer] = places_for(halls(), [asking()], now=NOON)
    assert isinstance(answer, TurnedAway)
    assert answer.pointer == "/sessions"


def test_a_place_is_offered_to_the_first_who_wants_that_room():
    first, second = UUID(int=8), UUID(int=9)
    waiting = [(first, asking(ONE)), (second, asking(OTHER))]
    assert list(offers_to(halls(one=1, other=1), waiting)) == [second]
