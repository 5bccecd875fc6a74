"""A draft is looked through by somebody else before it is published."""

import json
from uuid import UUID, uuid4

import pytest

import a
import programme
from pdu_bookings.rules.review import Review, why_not_publish

ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture(scope="module")
async def strict(house):
    """Bookings where a second person publishes."""
    async with house.http("bookings", second_person_publishes=True) as http:
        yield http


async def review(http, who, event, method="PUT"):
    path = f"/learning-events/{event['learning_event_id']}/review"
    return await http.request(method, path, headers=who)


async def publish(http, who, event):
    path = f"/learning-events/{event['learning_event_id']}/publish"
    return await http.post(path, headers=who)


@pytest.mark.parametrize(
    ("found", "publisher", "may"),
    [
        (Review(), ONE, False),
        (Review(asked=True, asked_by=ONE), OTHER, True),
        (Review(asked=True, asked_by=ONE), ONE, False),
        (Review(asked=True, asked_by=ONE), None, False),
        (Review(asked=True), ONE, True),
    ],
)
def test_who_may_publish_where_a_second_person_does(found, publisher, may):
    assert (why_not_publish(found, publisher) is None) is may


async def test_a_draft_is_in_review_until_it_is_edited_or_sent_back(
    bookings_http, bookings_database, coordinator
):
    event = await programme.draft(bookings_http, coordinator)
    assert event["stage"] == "draft"
    for _ in range(2):  # twice is once
        event = (await review(bookings_http, coordinator, event)).json()
        assert (event["state"], event["stage"]) == ("draft", "review")
    edited = await programme.edit(bookings_http, coordinator, event, purpose="Another.")
    assert edited.json()["stage"] == "draft"
    await review(bookings_http, coordinator, event)
    moved = await programme.move(bookings_http, coordinator, event, place="Elsewhere")
    assert moved.json()["stage"] == "draft"
    await review(bookings_http, coordinator, event)
    for _ in range(2):
        back = await review(bookings_http, coordinator, event, "DELETE")
        assert back.json()["stage"] == "draft"
    changes = await bookings_database.pool.fetchval(
        "SELECT count(*) FROM learning_event_change"
        " WHERE learning_event_id = $1::text::uuid AND change = 'review'",
        event["learning_event_id"],
    )
    assert changes == 4


async def test_what_lacks_something_is_not_looked_through(bookings_http, coordinator):
    event = await programme.draft(bookings_http, coordinator, purpose=None)
    answer = await review(bookings_http, coordinator, event)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/purpose"]


async def test_what_is_published_is_looked_through_no_more(bookings_http, coordinator):
    event = await a.published_event(bookings_http, coordinator)
    for method in ("PUT", "DELETE"):
        assert (await review(bookings_http, coordinator, event, method)).status_code == 409
    unknown = {"learning_event_id": str(uuid4())}
    assert (await review(bookings_http, coordinator, unknown)).status_code == 404


async def test_where_a_second_person_publishes_one_alone_cannot(strict, token):
    writer, reader = token("coordinator", sub=ONE), token("coordinator", sub=OTHER)
    event = await programme.draft(strict, writer)
    assert (await publish(strict, writer, event)).status_code == 409
    await review(strict, writer, event)
    assert (await publish(strict, writer, event)).status_code == 409
    published = (await publish(strict, reader, event)).json()
    assert (published["state"], published["stage"]) == ("published", "booking_open")
    at_once = await strict.post(
        "/learning-events", json=a.learning_event(publish=True), headers={**writer, **a.key()}
    )
    assert at_once.status_code == 409


async def test_without_that_rule_a_draft_in_review_is_published_by_anybody(
    bookings_http, coordinator
):
    event = await programme.draft(bookings_http, coordinator)
    await review(bookings_http, coordinator, event)
    assert (await publish(bookings_http, coordinator, event)).json()["state"] == "published"


async def test_a_draft_is_told_without_its_words(bookings_http, bookings_database, coordinator):
    event = await programme.draft(bookings_http, coordinator, title="About foxes")
    [fact] = await programme.facts(bookings_database, "EventDrafted", event["learning_event_id"])
    assert "foxes" not in fact
    assert json.loads(fact)["data"]["event_type"] == "workshop"
    at_once = await programme.draft(bookings_http, coordinator, publish=True)
    drafted = await programme.facts(bookings_database, "EventDrafted", at_once["learning_event_id"])
    assert drafted == []
