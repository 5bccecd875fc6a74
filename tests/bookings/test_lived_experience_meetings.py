"""Tables for a session, with people who are better kept apart; and the meetings of experts."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

import a
from experts import a_circle
from pdu_bookings.rules.seating import Pair, WhyNot, seating


def people(number):
    return [UUID(int=one + 1) for one in range(number)]


def pairs(apart):
    return [Pair(UUID(int=one + 1), UUID(int=other + 1)) for one, other in apart]


@given(
    st.integers(2, 12),
    st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda it: it[0] < it[1])),
)
def test_everybody_has_one_seat_and_nobody_beside_whom_they_should_not_sit(number, apart):
    tables = seating(people(number), pairs(apart), tables=3, seats=4)
    if tables is WhyNot.TOO_MANY_APART:
        return
    assert sorted(one for table in tables for one in table) == people(number)
    assert all(len(table) <= 4 for table in tables)
    for pair in pairs(apart):
        assert not any({pair.one_id, pair.other_id} <= set(table) for table in tables)


def test_a_way_is_found_where_the_first_choice_leads_nowhere():
    ring = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (0, 5)]
    tables = seating(people(6), pairs(ring), tables=2, seats=3)
    assert sorted(sorted(one.int for one in table) for table in tables) == [[1, 3, 5], [2, 4, 6]]


def test_what_cannot_be_is_said():
    three = [(0, 1), (1, 2), (0, 2)]
    assert seating(people(3), pairs(three), tables=2, seats=3) is WhyNot.TOO_MANY_APART
    assert seating(people(7), [], tables=2, seats=3) is WhyNot.TOO_FEW_SEATS


async def test_an_expert_and_their_support_worker_are_seated_apart(bookings_http, token):
    circle = await a_circle(bookings_http, token)
    engagement_id = await circle.engaged()
    worker = (await a.ask_for_place(bookings_http, circle.event)).json()["booking_id"]
    session = f"/sessions/{circle.event['sessions'][0]['session_id']}"
    form = {"one_id": engagement_id, "other_id": worker}
    for _ in range(2):
        noted = await bookings_http.put(
            f"{session}/keep-apart", json=form, headers=circle.ambassador
        )
        assert noted.status_code == 204, noted.text
    room = {"tables": 2, "seats": 4}
    seated = await bookings_http.get(f"{session}/seating", params=room, headers=circle.coordinator)
    assert sorted(seated.json()["tables"]) == sorted([[engagement_id], [worker]])
    one_table = await bookings_http.get(
        f"{session}/seating", params={"tables": 1, "seats": 4}, headers=circle.coordinator
    )
    assert one_table.status_code == 409
    path = f"{session}/keep-apart/{worker}/{engagement_id}"
    assert (await bookings_http.delete(path, headers=circle.ambassador)).status_code == 204
    together = await bookings_http.get(
        f"{session}/seating", params={"tables": 1, "seats": 4}, headers=circle.ambassador
    )
    assert len(together.json()["tables"][0]) == 2
    reads = await circle.do(token("data_protection_lead"), "GET", "reads")
    assert [one["kind"] for one in reads["items"] if one["of_id"] in session] == ["keep_apart"] * 2


@pytest.mark.parametrize("known", [True, False])
async def test_who_does_not_come_is_not_kept_apart(bookings_http, token, known):
    circle = await a_circle(bookings_http, token)
    one_id = await circle.engaged() if known else str(uuid4())
    session_id = circle.event["sessions"][0]["session_id"]
    answer = await bookings_http.put(
        f"/sessions/{session_id}/keep-apart",
        json={"one_id": one_id, "other_id": str(uuid4())},
        headers=circle.ambassador,
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][-1]["pointer"] == "/other_id"


async def test_what_came_out_of_a_meeting_is_for_those_who_support(bookings_http, token):
    ambassador, expert = token("beneficiary_ambassador"), token("expert_by_experience")
    starts = (a.local_now() + timedelta(days=7)).replace(hour=10, minute=0, second=0, microsecond=0)
    form = {
        "composition": "women_only",
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=2)).isoformat(),
        "place": "Sneinton Hermitage",
    }
    headers = {**ambassador, **a.key()}
    first, again = [
        await bookings_http.post("/lived-experience/meetings", json=form, headers=headers)
        for _ in range(2)
    ]
    assert first.json() == again.json()
    path = f"/lived-experience/meetings/{first.json()['meeting_id']}/outputs"
    assert (await bookings_http.get(path, headers=ambassador)).status_code == 404
    await bookings_http.put(path, json={"text": "Waiting rooms first."}, headers=ambassador)
    read = await bookings_http.get(path, headers=ambassador)
    assert read.json()["text"] == "Waiting rooms first."
    assert (await bookings_http.get(path, headers=expert)).status_code == 403
    seen = await bookings_http.get("/lived-experience/meetings", headers=expert)
    assert "Waiting rooms" not in seen.text


async def test_a_meeting_ends_after_it_starts(bookings_http, token):
    form = {
        "composition": "mixed",
        "starts_at": "2027-05-04T12:00",
        "ends_at": "2027-05-04T10:00",
        "place": "Sneinton Hermitage",
    }
    headers = {**token("beneficiary_ambassador"), **a.key()}
    answer = await bookings_http.post("/lived-experience/meetings", json=form, headers=headers)
    assert answer.status_code == 422
