"""Those who come are reminded of what sharing costs, and say what they will do with it."""

import pytest

import a
from asking import link

PLAN = "I will ask differently at the first visit."


@pytest.fixture
def coordinator(token):
    return token("coordinator")


async def form_of(http, event):
    path = f"/learning-events/{event['learning_event_id']}/booking-form"
    return (await http.get(path)).json()


async def test_the_form_reminds_where_people_may_share(bookings_http, coordinator):
    event = await a.published_event(bookings_http, coordinator)
    assert "costs them something" in (await form_of(bookings_http, event))["sharing"]
    without = await a.published_event(
        bookings_http, coordinator, without_lived_experience_because="A talk about law"
    )
    assert (await form_of(bookings_http, without))["sharing"] is None


async def test_what_they_will_do_is_read_without_a_name_and_changed_by_the_link(
    bookings_http, coordinator, house
):
    event = await a.published_event(bookings_http, coordinator)
    booked = (await a.ask_for_place(bookings_http, event, intention=PLAN)).json()
    path = link(house, booked)
    assert (await bookings_http.get(f"{path}/told")).json()["intention"] == PLAN
    answers = f"/learning-events/{event['learning_event_id']}/booking-answers"
    read = (await bookings_http.get(answers, headers=coordinator)).json()
    assert read["texts"] == {"lx.intention": [PLAN]}
    for said in ("Something else.", None):
        told = await bookings_http.patch(path, json={"intention": said})
        assert told.json()["intention"] == said
    read = (await bookings_http.get(answers, headers=coordinator)).json()
    assert read["texts"] == {}


async def test_no_event_asks_it_a_second_time(bookings_http, coordinator):
    event = await a.published_event(bookings_http, coordinator)
    question = {"code": "lx.intention", "wording": "What will you do?", "kind": "text"}
    answer = await bookings_http.put(
        f"/learning-events/{event['learning_event_id']}/booking-questions",
        json={"questions": [question]},
        headers=coordinator,
    )
    assert answer.status_code == 422
