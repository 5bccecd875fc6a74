"""Whom a learning event is meant for, and who waits behind whom."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from pdu_bookings.rules.audience import EVERYBODY, MeantFor, Outside, Somebody, outside
from pdu_bookings.rules.booking import offers_to, places_for
from pdu_bookings.rules.hall import Asking, Hall, Terms
from pdu_shared.contracts.vocabulary import Attending, PlaceState

NOON = datetime(2027, 1, 14, 12, tzinfo=UTC)
MEANT, OTHER = Asking("statutory", "health"), Asking("private", "health", outside=True)


def somebody(role_level="front_line", **details):
    return Somebody(
        **{"sector": "voluntary", "work_field": "health", "role_level": role_level, **details}
    )


@pytest.mark.parametrize(
    ("meant", "person", "expected"),
    [
        (EVERYBODY, somebody("unknown"), None),
        (MeantFor(audience=["any", "commissioners"]), somebody(), None),
        (MeantFor(audience=["new_starters"]), somebody(), None),
        (MeantFor(audience=["poets_of_another_city"]), somebody(), None),
        (MeantFor(audience=["commissioners"]), somebody("commissioner"), None),
        (MeantFor(audience=["commissioners"]), somebody(), Outside.AUDIENCE),
        (MeantFor(audience=["commissioners"]), somebody("unknown"), Outside.AUDIENCE),
        (MeantFor(audience=["managers", "senior"]), somebody("strategic_executive"), None),
        (MeantFor(audience=["front_line"]), somebody("volunteer"), None),
        (MeantFor(audience=["cop_members"]), somebody(), Outside.AUDIENCE),
        (MeantFor(audience=["cop_members"]), somebody(belongs=True), None),
        (MeantFor(audience=["cop_members", "managers"]), somebody("team_manager"), None),
        (MeantFor(audience=["commissioners"]), somebody("expert_by_experience"), None),
        (
            MeantFor(audience=["commissioners"], with_experts=False),
            somebody("expert_by_experience"),
            Outside.AUDIENCE,
        ),
        (MeantFor(sectors=["statutory"]), somebody(), Outside.AUDIENCE),
        (MeantFor(sectors=["statutory"]), somebody(sector="statutory"), None),
        (MeantFor(work_fields=["health"], sectors=["statutory"]), somebody(), Outside.AUDIENCE),
        (MeantFor(), somebody(prepared=False), Outside.PREREQUISITE),
        (MeantFor(sectors=["statutory"]), somebody(prepared=False), Outside.AUDIENCE),
    ],
)
def test_for_whom_it_is(meant, person, expected):
    assert outside(meant, person) is expected


def test_whoever_is_outside_is_told_kindly():
    for why in Outside:
        assert "You are welcome to ask" in why.words


def hall(**counted):
    return Hall(UUID(int=1), **{"capacity": 2, "taken": 0, "waiting": 0, **counted},
                starts_at=NOON + timedelta(days=9))  # fmt: skip


def test_on_whom_it_is_not_meant_for_somebody_decides_while_a_place_is_kept():
    given = places_for([hall()], [OTHER, MEANT, MEANT], now=NOON)
    assert [one.state for one in given] == [
        PlaceState.AWAITING_APPROVAL,
        PlaceState.CONFIRMED,
        PlaceState.WAITLISTED,
    ]


def test_those_whom_it_is_meant_for_wait_before_the_others():
    full = hall(taken=2, waiting=3, behind=2)
    given = places_for([full], [MEANT, OTHER, MEANT, OTHER], now=NOON)
    assert [list(one.positions.values()) for one in given] == [[2], [5], [3], [7]]


def test_each_way_of_attending_has_its_own_line_of_them():
    room = hall(taken=2, waiting=1, behind=1, way=Attending.IN_PERSON)
    online = hall(taken=2, waiting=4, behind=0, way=Attending.ONLINE)
    person = Asking("statutory", "health", Attending.IN_PERSON)
    [given] = places_for([room, online], [person], now=NOON)
    assert list(given.positions.values()) == [1]


def test_with_approval_for_all_an_offer_goes_to_the_first_in_line_all_the_same():
    one, two = UUID(int=1), UUID(int=2)
    offered = offers_to([hall(taken=1, waiting=2)], [(one, OTHER), (two, MEANT)], Terms())
    assert list(offered) == [one]  # the order of the line is not decided here
