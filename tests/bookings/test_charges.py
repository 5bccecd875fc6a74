"""What a place costs: nothing and nobody hears of it, unless a coordinator sets a price."""

import json
from uuid import uuid4

import pytest

import a
import programme
from pdu_bookings.rules.charge import Charge, Price, Waived, WhoPays, charge, dearer

ALL, AWAY = Price(4500, WhoPays.EVERYBODY), Price(4500, WhoPays.OUTSIDE_AREA)
NOTE = "We send your organisation an invoice."


@pytest.mark.parametrize(
    ("price", "area", "role_level", "spared", "expected"),
    [
        (None, "national", "front_line", False, Charge()),
        (None, "national", "front_line", True, Charge()),
        (AWAY, "national", "front_line", False, Charge(4500)),
        (AWAY, "unknown", "front_line", False, Charge(4500)),
        (AWAY, "nottinghamshire", "front_line", False, Charge(0, Waived.LOCAL)),
        (ALL, "nottinghamshire", "front_line", False, Charge(4500)),
        (ALL, "national", "volunteer", False, Charge(0, Waived.VOLUNTEER)),
        (ALL, "national", "student", False, Charge(0, Waived.STUDENT)),
        (
            AWAY, "national", "expert_by_experience", False,
            Charge(0, Waived.EXPERT_BY_EXPERIENCE),
        ),
        (ALL, "national", "by_coordinator", False, Charge(4500)),
        (ALL, "national", "front_line", True, Charge(0, Waived.BY_COORDINATOR)),
    ],
)  # fmt: skip
def test_what_somebody_pays(price, area, role_level, spared, expected):
    assert charge(price, area=area, role_level=role_level, spared=spared) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, AWAY, True),
        (AWAY, None, False),
        (AWAY, AWAY, False),
        (AWAY, ALL, True),
        (ALL, AWAY, False),
        (AWAY, Price(4501, WhoPays.OUTSIDE_AREA), True),
        (ALL, Price(4499, WhoPays.OUTSIDE_AREA), False),
    ],
)
def test_what_is_dearer(before, after, expected):
    assert dearer(before, after) is expected


@pytest.fixture
def coordinator(token):
    return token("coordinator")


async def price(http, coordinator, event, pence, **said):
    path = f"/learning-events/{event['learning_event_id']}/price"
    return await http.put(path, json={"pence": pence, **said}, headers=coordinator)


@pytest.fixture
async def dear(bookings_http, coordinator):
    """A published event that costs people from elsewhere forty-five pounds."""
    event = await programme.draft(bookings_http, coordinator)
    answer = await price(bookings_http, coordinator, event, 4500, note=NOTE)
    assert answer.status_code == 200, answer.text
    return await programme.done(bookings_http, coordinator, event, "publish")


async def cost(http, event, **who):
    path = f"/learning-events/{event['learning_event_id']}/cost"
    answer = await http.get(path, params={"role_level": "front_line", **who})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_without_a_price_nobody_hears_of_money(bookings_http, coordinator, link):
    event = await a.published_event(bookings_http, coordinator)
    booked = (await a.ask_for_place(bookings_http, event, area="national")).json()
    seen = (await bookings_http.get(f"/b/{link(booked)}")).json()
    assert (event["price"], seen["cost"]) == (None, None)
    free = {"pence": 0, "waived": None, "note": None}
    assert await cost(bookings_http, event, area="national") == free


async def test_what_it_costs_is_told_before_and_by_the_link(bookings_http, dear, link):
    assert dear["price"] == {"pence": 4500, "who_pays": "outside_area", "note": NOTE}
    before = await cost(bookings_http, dear, area="national")
    assert before == {"pence": 4500, "waived": None, "note": NOTE}
    here = await cost(bookings_http, dear, area="nottingham_city")
    assert here == {"pence": 0, "waived": "local", "note": None}
    booked = (await a.ask_for_place(bookings_http, dear, area="national")).json()
    assert (await bookings_http.get(f"/b/{link(booked)}")).json()["cost"] == before
    described = await bookings_http.get(f"/learning-events/{dear['learning_event_id']}/schema.json")
    told = json.loads(described.text)
    assert (told["offers"]["price"], told["isAccessibleForFree"]) == ("45.00", False)


async def test_what_people_have_seen_only_becomes_cheaper(bookings_http, coordinator, dear):
    answers = [
        await price(bookings_http, coordinator, dear, 4600),
        await price(bookings_http, coordinator, dear, 4500, who_pays="everybody"),
        await price(bookings_http, coordinator, dear, 3000, note=NOTE),
        await price(bookings_http, coordinator, dear, 0),
        await price(bookings_http, coordinator, dear, 3000),
    ]
    assert [answer.status_code for answer in answers] == [409, 409, 200, 200, 409]


async def test_a_coordinator_sees_who_pays_and_who_not_and_why(
    bookings_http, coordinator, dear, link
):
    away = {"area": "national", "organisation": "Away Trust"}
    booked = [
        (await a.ask_for_place(bookings_http, dear, **who)).json()
        for who in (away, away, {"area": "international"}, {**away, "role_level": "volunteer"}, {})
    ]
    path = f"/bookings/{booked[0]['booking_id']}/charge-waiver"
    for reason in ("hardship", "speaks_there"):
        spared = await bookings_http.put(path, json={"reason_code": reason}, headers=coordinator)
        assert spared.status_code == 204
    seen = (await bookings_http.get(f"/b/{link(booked[0])}")).json()
    assert seen["cost"]["waived"] == "by_coordinator"
    figures = f"/learning-events/{dear['learning_event_id']}/charges"
    told = (await bookings_http.get(figures, headers=coordinator)).json()
    assert (told["people"], told["pay"], told["pence"]) == (5, 2, 9000)
    assert {(one["waived"], one["reason_code"], one["people"]) for one in told["waived"]} == {
        ("by_coordinator", "speaks_there", 1),
        ("volunteer", None, 1),
        ("local", None, 1),
    }
    assert [(one["organisation"], one["pence"]) for one in told["organisations"]] == [
        (None, 4500),
        ("Away Trust", 4500),
    ]
    for _ in range(2):
        assert (await bookings_http.delete(path, headers=coordinator)).status_code == 204
    again = (await bookings_http.get(figures, headers=coordinator)).json()
    assert (again["pay"], again["pence"]) == (3, 13500)


@pytest.mark.parametrize(
    "said",
    [{"pence": -1}, {"pence": 4.5}, {"pence": 100_001}, {"pence": 5, "who_pays": "nobody"},
     {"pence": 0, "note": NOTE}],
)  # fmt: skip
async def test_nonsense_is_no_price(bookings_http, coordinator, said):
    event = await programme.draft(bookings_http, coordinator)
    assert (await price(bookings_http, coordinator, event, **said)).status_code == 422


async def test_what_is_not_there_costs_nothing_to_anybody(bookings_http, coordinator):
    nowhere = {"learning_event_id": str(uuid4())}
    draft = await programme.draft(bookings_http, coordinator)
    path = f"/learning-events/{draft['learning_event_id']}/cost?area=national&role_level=student"
    answers = [
        await price(bookings_http, coordinator, nowhere, 10),
        await bookings_http.get(path),
        await bookings_http.get(
            f"/learning-events/{nowhere['learning_event_id']}/charges", headers=coordinator
        ),
        await bookings_http.put(
            f"/bookings/{uuid4()}/charge-waiver",
            json={"reason_code": "hardship"},
            headers=coordinator,
        ),
    ]
    assert {answer.status_code for answer in answers} == {404}
