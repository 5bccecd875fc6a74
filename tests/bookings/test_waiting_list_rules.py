"""How long an offer stands, what is late, and to whom a free place is offered."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from pdu_bookings.rules.booking import offers_to, places_for
from pdu_bookings.rules.hall import Asking, Given, Hall, Hold, Terms
from pdu_bookings.rules.late import is_late
from pdu_bookings.rules.waiting_list import offer_until
from pdu_shared.contracts.vocabulary import Attending, PlaceState
from pdu_shared.local_time import local_clock, moment

START = "2027-01-14T13:00"  # a Thursday, in winter


def at(local):
    return moment(datetime.fromisoformat(local))


@pytest.mark.parametrize(
    ("now", "start", "until"),
    [
        ("2027-01-01T10:00", START, "2027-01-03T10:00"),  # far away: two days
        ("2027-01-07T12:59", START, "2027-01-09T12:59"),
        ("2027-01-07T13:00", START, "2027-01-08T08:00"),  # a week: twelve hours, not in the night
        ("2027-01-11T07:30", START, "2027-01-11T19:30"),
        ("2027-01-11T08:00", START, "2027-01-11T20:00"),  # at eight in the evening is by day
        ("2027-01-11T08:01", START, "2027-01-12T08:00"),  # a minute later is not
        ("2027-01-12T13:00", START, "2027-01-13T08:00"),  # two days: still twelve hours
        ("2027-01-12T13:01", START, "2027-01-12T16:01"),  # below: three
        ("2027-01-13T02:00", START, "2027-01-13T08:00"),  # before eight moves to eight
        ("2027-01-13T22:00", START, "2027-01-14T08:00"),
        ("2027-01-13T18:00", "2027-01-14T07:30", "2027-01-14T07:30"),  # never after the start
        ("2027-01-14T09:59", START, "2027-01-14T12:59"),
        ("2027-01-14T10:00", START, None),  # the last three hours: first come
        ("2027-01-14T14:00", START, None),
        ("2027-03-27T10:00", "2027-04-20T10:00", "2027-03-29T10:00"),  # 47 hours: it is spring
        ("2027-10-30T10:00", "2027-11-20T10:00", "2027-11-01T10:00"),  # 49 hours: it is autumn
        ("2027-03-27T22:30", "2027-03-30T10:00", "2027-03-28T10:30"),  # 11 hours of twelve
        ("2027-03-28T00:30", "2027-03-28T04:30", "2027-03-28T04:30"),  # 3 h to go, a clock says 4
        ("2028-02-28T10:00", "2028-03-20T10:00", "2028-03-01T10:00"),  # over a leap day
        ("2027-03-30T21:00", "2027-04-05T10:00", "2027-03-31T09:00"),  # over the year of projects
    ],
)
def test_an_offer_stands_by_distance_and_ends_by_day(now, start, until):
    given = offer_until(at(now), at(start))
    assert given == (until and at(until))


def test_every_offer_ends_by_day_or_at_the_start_and_lies_ahead():
    start = at("2027-04-02T11:00")  # the clocks change five days before
    now = start - timedelta(days=12)
    while now < start:
        until = offer_until(now, start)
        if until is None:
            assert start - now <= timedelta(hours=3)
        else:
            assert now < until <= start
            assert until == start or 8 <= local_clock(until).hour <= 20
        now += timedelta(minutes=17)


@pytest.mark.parametrize(
    ("now", "start", "late"),
    [
        ("2027-01-12T13:00", START, False),
        ("2027-01-12T13:01", START, True),
        ("2027-03-26T10:00", "2027-03-28T10:00", False),  # 47 hours, two days by the clock
        ("2027-10-29T10:01", "2027-10-31T10:00", True),  # 48 hours and 59 minutes
    ],
)
def test_late_is_two_days_by_the_clock_on_the_wall(now, start, late):
    assert is_late(at(now), at(start)) is late


NOON = datetime(2027, 1, 2, 12, tzinfo=UTC)
STATUTORY, VOLUNTARY = Asking("statutory", "mental_health"), Asking("voluntary", "advocacy")


def a_hall(number=1, *, taken=10, waiting=0, held=0, way=None):
    """A session of ten places."""
    return Hall(UUID(int=number), 10, taken, waiting, at(START), held, way)


def kept(left):
    return Terms(holds=(Hold(UUID(int=9), "sector", "statutory", left),))


def line(*people):
    return [(UUID(int=number), person) for number, person in enumerate(people, start=1)]


def test_as_many_as_there_are_places_are_asked_in_their_order():
    offers = offers_to([a_hall(taken=8, waiting=4)], line(*[VOLUNTARY] * 4))
    assert list(offers) == [UUID(int=1), UUID(int=2)]


def test_one_full_session_keeps_all_of_them_waiting():
    halls = [a_hall(1, taken=8, waiting=1), a_hall(2, waiting=1)]
    assert offers_to(halls, line(VOLUNTARY)) == {}


def test_a_place_that_is_kept_goes_to_the_first_whom_it_is_kept_for():
    halls = [a_hall(taken=9, held=1, waiting=3)]
    offers = offers_to(halls, line(VOLUNTARY, STATUTORY, STATUTORY), kept(1))
    assert {key: given.hold_id for key, given in offers.items()} == {UUID(int=2): UUID(int=9)}


def test_others_do_not_get_what_is_kept_and_those_it_is_kept_for_need_not_wait():
    halls = [a_hall(taken=8, held=2)]
    people = [VOLUNTARY, STATUTORY, STATUTORY, STATUTORY]
    given = places_for(halls, people, terms=kept(2), now=NOON)
    states = [one.state.value for one in given]
    assert states == ["waitlisted", "confirmed", "confirmed", "waitlisted"]


def test_each_way_of_attending_has_its_own_places_and_its_own_line():
    room = a_hall(way=Attending.IN_PERSON, waiting=2)
    online = a_hall(way=Attending.ONLINE, taken=9)
    there = Asking("voluntary", "advocacy", Attending.IN_PERSON)
    far = Asking("voluntary", "advocacy", Attending.ONLINE)
    given = places_for([room, online], [there, far, far], now=NOON)
    assert [one.state.value for one in given] == ["waitlisted", "confirmed", "waitlisted"]
    assert [set(one.positions.values()) for one in given] == [{3}, {None}, {1}]
    assert list(offers_to([room, online], line(there, far))) == [UUID(int=2)]


def test_who_comes_to_a_hybrid_session_says_how():
    halls = [a_hall(taken=0, way=Attending.IN_PERSON), a_hall(taken=0, way=Attending.ONLINE)]
    [turned_away] = places_for(halls, [VOLUNTARY], now=NOON)
    assert turned_away.pointer == "/attending"


def test_in_the_last_hours_nobody_is_asked_to_wait_for_others():
    now = at("2027-01-14T11:00")
    [given] = places_for([a_hall(taken=9, waiting=5)], [VOLUNTARY], now=now)
    assert given.state is PlaceState.CONFIRMED


def test_where_somebody_decides_the_place_is_kept_meanwhile():
    first, second = places_for(
        [a_hall(taken=9)], [VOLUNTARY, VOLUNTARY], terms=Terms(approval=True), now=NOON
    )
    assert isinstance(first, Given)
    assert (first.state, second.state) == (PlaceState.AWAITING_APPROVAL, PlaceState.WAITLISTED)
