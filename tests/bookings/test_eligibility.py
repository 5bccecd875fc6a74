"""An event that is meant for some: others ask, and a coordinator decides."""

from uuid import uuid4

import pytest

import a
import communities
import programme
from pdu_shared.identity import person_id
from places import post, state_of, told

COMMISSIONER = {"role_level": "commissioner"}


@pytest.fixture
def coordinator(token):
    return token("coordinator")


async def say(http, coordinator, event, **whom):
    path = f"/learning-events/{event['learning_event_id']}/eligibility"
    return await http.put(path, json=whom, headers=coordinator)


@pytest.fixture
async def event(bookings_http, coordinator):
    """One place, meant for commissioners."""
    event = await a.published_event(
        bookings_http, coordinator, audience=["commissioners"], sessions=[a.session(capacity=1)]
    )
    answer = await say(bookings_http, coordinator, event, by_audience=True)
    assert answer.json()["role_levels"] == ["commissioner"]
    return event


async def ask(http, event, **person):
    answer = await a.ask_for_place(http, event, **person)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def decide(http, coordinator, booking, decision, **why):
    path = f"/bookings/{booking['booking_id']}/approval"
    answer = await http.post(path, json={"decision": decision, **why}, headers=coordinator)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def admission(database, booking):
    return await database.pool.fetchval(
        "SELECT reason_code FROM admission WHERE booking_id = $1::text::uuid",
        booking["booking_id"],
    )


async def test_the_form_says_whom_it_is_meant_for(bookings_http, coordinator, event):
    path = f"/learning-events/{event['learning_event_id']}/booking-form"
    meant = (await bookings_http.get(path)).json()["meant_for"]
    assert (meant["audience"], meant["sectors"]) == (["commissioners"], [])
    assert "welcome to ask" in meant["words"]
    assert (await say(bookings_http, coordinator, event)).json() is None
    assert (await bookings_http.get(path)).json()["meant_for"] is None


async def test_whoever_is_outside_is_told_and_let_in_by_a_yes(
    bookings_http, bookings_database, coordinator, event, link
):
    person = a.person()
    asked = await ask(bookings_http, event, **person)
    assert asked["state"] == "awaiting_approval"
    assert "meant for others" in asked["note"]
    assert await ask(bookings_http, event, **person) == asked  # also under another key
    seen = (await bookings_http.get(f"/b/{link(asked)}")).json()
    assert seen["note"] == asked["note"]
    answer = await decide(
        bookings_http, coordinator, asked, "approve", reason_code="works_with_them"
    )
    assert (answer["state"], answer["note"]) == ("confirmed", None)
    assert await told(bookings_database, asked) == ["BookingRequested", "EventBooked"]
    assert await admission(bookings_database, asked) == "works_with_them"


async def test_whom_it_is_meant_for_books_as_ever(bookings_http, event):
    booked = await ask(bookings_http, event, **COMMISSIONER)
    assert (booked["state"], booked["note"]) == ("confirmed", None)


async def test_others_wait_behind_and_still_need_a_yes(
    bookings_http, bookings_database, event, link
):
    first = await ask(bookings_http, event, **COMMISSIONER)
    outsider = await ask(bookings_http, event)
    meant = await ask(bookings_http, event, **COMMISSIONER)
    positions = [one["places"][0]["position"] for one in (outsider, meant)]
    assert positions == [1, 1]
    assert (await bookings_http.get(f"/b/{link(outsider)}")).json()["position"] == 2
    await post(bookings_http, f"/b/{link(first)}/cancellation")
    assert await state_of(bookings_database, meant) == "offered"
    await post(bookings_http, f"/b/{link(meant)}/offer", {"accept": False})
    accepted = await post(bookings_http, f"/b/{link(outsider)}/offer", {"accept": True})
    assert accepted["state"] == "awaiting_approval"


async def test_whoever_is_let_in_while_they_wait_waits_among_the_others(
    bookings_http, coordinator, event, link
):
    await ask(bookings_http, event, **COMMISSIONER)
    outsider = await ask(bookings_http, event)
    await ask(bookings_http, event, **COMMISSIONER)
    for _ in range(2):  # the second has nothing to decide any more
        path = f"/bookings/{outsider['booking_id']}/approval"
        await bookings_http.post(path, json={"decision": "approve"}, headers=coordinator)
    seen = (await bookings_http.get(f"/b/{link(outsider)}")).json()
    assert (seen["state"], seen["position"], seen["note"]) == ("waitlisted", 1, None)


async def test_a_coordinator_lets_somebody_in_at_once_and_says_why(
    bookings_http, bookings_database, coordinator, token, event
):
    path = f"/learning-events/{event['learning_event_id']}/bookings/on-behalf"
    form = {**a.person(), "channel": "telephone", "admitted_because": "works_with_them"}
    manager = {**token("manager"), **a.key()}
    refused = await bookings_http.post(path, json=form, headers=manager)
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/admitted_because"]
    booked = await bookings_http.post(path, json=form, headers={**coordinator, **a.key()})
    assert (booked.json()["state"], booked.json()["note"]) == ("confirmed", None)
    assert await admission(bookings_database, booked.json()) == "works_with_them"


async def test_trainers_should_have_been_there_before(
    bookings_http, bookings_database, coordinator
):
    basics = await a.published_event(bookings_http, coordinator, title="Basics")
    prepared = a.person()
    who = str(person_id(b"pdu-test-key", prepared["email"]))
    await programme.over(bookings_database, basics, came=(who,))
    event = await a.published_event(bookings_http, coordinator, event_type="train_the_trainer")
    answer = await say(bookings_http, coordinator, event, after=[basics["template_id"]])
    assert [one["title"] for one in answer.json()["after"]] == ["Basics"]
    assert (await ask(bookings_http, event, **prepared))["state"] == "confirmed"
    another = await ask(bookings_http, event)
    assert another["state"] == "awaiting_approval"
    assert "builds on another" in another["note"]


async def test_members_of_communities_are_known(bookings_http, coordinator, token):
    key = await communities.formed(bookings_http, token)
    person = a.person()
    await communities.joined(bookings_http, token, key, **person)
    event = await a.published_event(bookings_http, coordinator, audience=["cop_members"])
    await say(bookings_http, coordinator, event, by_audience=True)
    assert (await ask(bookings_http, event, **person))["state"] == "confirmed"
    assert (await ask(bookings_http, event))["state"] == "awaiting_approval"
    convenors = await a.published_event(bookings_http, coordinator, audience=["cop_convenors"])
    await say(bookings_http, coordinator, convenors, by_audience=True)
    assert (await ask(bookings_http, convenors, **person))["state"] == "awaiting_approval"


@pytest.mark.parametrize(
    "whom",
    [
        {"after": [str(uuid4())]},
        {"by_audience": "yes"},
        {"sectors": ["No such"]},
        {"roles": ["manager"]},
    ],
)
async def test_nonsense_is_meant_for_nobody(bookings_http, coordinator, event, whom):
    assert (await say(bookings_http, coordinator, event, **whom)).status_code == 422


async def test_what_is_not_there_is_meant_for_nobody(bookings_http, coordinator):
    nowhere = {"learning_event_id": str(uuid4())}
    assert (await say(bookings_http, coordinator, nowhere, by_audience=True)).status_code == 404
