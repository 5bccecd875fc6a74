"""What people at an event meant to do next is written down and followed up."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

import a
from pdu_bookings.community.forgetting import forget_words
from pdu_shared.database import transaction

TODAY = a.local_now().date()


def action(**details):
    return {
        "what": "A network of hoarding leads.\n\nFirst call before the summer.",
        "owner_role": "facilitator_speaker",
        "due_on": (TODAY + timedelta(days=30)).isoformat(),
        **details,
    }


async def record(http, token, event, headers=None, **details):
    return await http.post(
        f"/learning-events/{event['learning_event_id']}/follow-up-actions",
        json=action(**details),
        headers={**token("coordinator"), **(headers or a.key())},
    )


async def listed(http, token, **params):
    answer = await http.get("/follow-up-actions", params=params, headers=token("coordinator"))
    return [one["action_id"] for one in answer.json()["items"]]


async def test_an_action_whose_day_is_over_is_asked_about_until_it_is_settled(bookings_http, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    about = {"learning_event_id": event["learning_event_id"]}
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    late = (await record(bookings_http, token, event, due_on=yesterday)).json()
    later = (await record(bookings_http, token, event)).json()
    assert (late["overdue"], later["overdue"]) == (True, False)
    assert await listed(bookings_http, token, **about) == [late["action_id"], later["action_id"]]
    assert await listed(bookings_http, token, overdue=True, **about) == [late["action_id"]]
    answers = [
        await bookings_http.put(
            f"/follow-up-actions/{late['action_id']}/state",
            json={"state": "done"},
            headers=token("coordinator"),
        )
        for _ in range(2)
    ]
    assert [answer.json()["state"] for answer in answers] == ["done", "done"]
    assert answers[0].json()["settled_at"] == answers[1].json()["settled_at"]
    assert await listed(bookings_http, token, overdue=True, **about) == []


async def test_actions_are_listed_page_by_page(bookings_http, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    about = {"learning_event_id": event["learning_event_id"], "limit": 1}
    first, second = [
        (await record(bookings_http, token, event)).json()["action_id"] for _ in range(2)
    ]
    assert await listed(bookings_http, token, **about) == [first]
    assert await listed(bookings_http, token, after=first, **about) == [second]


async def test_an_action_sent_again_with_its_key_is_one(bookings_http, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    coordinator, key = token("coordinator"), a.key()
    first, again = [
        await record(bookings_http, lambda _role: coordinator, event, headers=key) for _ in range(2)
    ]
    assert (first.status_code, again.text) == (201, first.text)


async def test_the_words_of_an_action_are_forgotten_a_year_after_it_was_settled(
    bookings_http, bookings_database, token
):
    event = await a.published_event(bookings_http, token("coordinator"))
    settled, still_open = [(await record(bookings_http, token, event)).json() for _ in range(2)]
    await bookings_http.put(
        f"/follow-up-actions/{settled['action_id']}/state",
        json={"state": "dropped"},
        headers=token("coordinator"),
    )
    for days, words in ((364, settled["what"]), (365, None)):
        async with transaction(bookings_database) as conn:
            await forget_words(conn, datetime.now(UTC) + timedelta(days=days))
        answer = await bookings_http.get(
            "/follow-up-actions",
            params={"learning_event_id": event["learning_event_id"]},
            headers=token("coordinator"),
        )
        assert [(one["state"], one["what"]) for one in answer.json()["items"]] == [
            ("dropped", words),
            ("open", still_open["what"]),
        ]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"what": " \n "}, "/what"),
        ({"what": "a bell\x07"}, "/what"),
        ({"due_on": "2027-02-30"}, "/due_on"),
        ({"due_on": 1}, "/due_on"),
        ({"owner_role": "The Sheriff"}, "/owner_role"),
    ],
)
async def test_an_action_that_will_not_do(bookings_http, token, wrong, pointer):
    event = await a.published_event(bookings_http, token("coordinator"))
    answer = await record(bookings_http, token, event, **wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert await listed(bookings_http, token, learning_event_id=event["learning_event_id"]) == []


async def test_an_action_of_an_event_that_is_not_there(bookings_http, token):
    answer = await record(bookings_http, token, {"learning_event_id": uuid4()})
    assert answer.status_code == 404
    unknown = await bookings_http.put(
        f"/follow-up-actions/{uuid4()}/state",
        json={"state": "done"},
        headers=token("coordinator"),
    )
    assert unknown.status_code == 404
