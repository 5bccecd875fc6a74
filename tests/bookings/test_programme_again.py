"""The same again and what belongs together: copies, templates, series, programmes, follow-ups."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

import a
import programme


@pytest.fixture
def coordinator(token):
    return token("coordinator")


async def defined(http, coordinator, key, **details):
    body = {"title": "Hoarding in depth", **details}
    answer = await http.put(f"/series/{key}", json=body, headers=coordinator)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_copy_takes_everything_over_but_the_dates(bookings_http, coordinator):
    event = await a.published_event(bookings_http, coordinator, topics=["hoarding"], ask="An hour")
    again = await programme.done(
        bookings_http,
        coordinator,
        event,
        "copies",
        {"sessions": [a.session(starts_in=timedelta(days=90))], "publish": True},
    )
    assert again["learning_event_id"] != event["learning_event_id"]
    assert again["template_id"] == event["template_id"] == event["learning_event_id"]
    assert again["state"] == "published"
    same = ("title", "purpose", "outcomes", "level", "audience", "topics", "ask", "workstreams")
    assert {name: again[name] for name in same} == {name: event[name] for name in same}
    assert again["sessions"][0]["starts_at"] > event["sessions"][0]["starts_at"]


async def test_a_copy_asked_for_twice_is_one(bookings_http, bookings_database, coordinator):
    event = await a.published_event(bookings_http, coordinator)
    path = f"/learning-events/{event['learning_event_id']}/copies"
    headers = {**coordinator, **a.key()}
    body = {"sessions": [a.session()]}
    answers = [await bookings_http.post(path, json=body, headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    copies = await bookings_database.pool.fetchval(
        "SELECT count(*) FROM learning_event WHERE template_id = $1::text::uuid",
        event["learning_event_id"],
    )
    assert copies == 1


async def test_nothing_is_copied_of_what_is_not_there(bookings_http, coordinator):
    for path in (f"/learning-events/{uuid4()}/copies", f"/templates/{uuid4()}/learning-events"):
        body = {"sessions": [a.session()]}
        assert (await programme.post(bookings_http, coordinator, path, body)).status_code == 404


async def test_a_template_has_a_name_and_no_dates(bookings_http, coordinator):
    event = await a.published_event(bookings_http, coordinator)
    name = f"For new staff {programme.word()}"
    body = {"name": name, "learning_event_id": event["learning_event_id"]}
    kept = await programme.post(bookings_http, coordinator, "/templates", body)
    assert kept.status_code == 201
    assert (await programme.post(bookings_http, coordinator, "/templates", body)).status_code == 409
    listed = (await bookings_http.get("/templates", headers=coordinator)).json()["items"]
    assert kept.json() in listed
    again = await programme.post(
        bookings_http,
        coordinator,
        f"/templates/{kept.json()['template_id']}/learning-events",
        {"title": "Hoarding, in spring", "sessions": [a.session()]},
    )
    drafted = again.json()
    assert (drafted["title"], drafted["state"]) == ("Hoarding, in spring", "draft")
    assert drafted["template_id"] == event["template_id"]


async def test_a_series_is_defined_once_and_its_events_come_in_order(
    bookings_http, bookings_database, coordinator
):
    key = programme.word()
    for _ in range(2):  # twice is once
        series = await defined(bookings_http, coordinator, key)
    second = await a.published_event(bookings_http, coordinator, series=key, series_order=2)
    first = await a.published_event(
        bookings_http,
        coordinator,
        series=key,
        series_order=1,
        sessions=[a.session(starts_in=timedelta(days=50))],
    )
    await programme.draft(bookings_http, coordinator, series=key, series_order=3)
    seen = (await bookings_http.get(f"/series/{key}")).json()
    assert [one["learning_event_id"] for one in seen["learning_events"]] == [
        first["learning_event_id"],
        second["learning_event_id"],
    ]
    assert await programme.told(bookings_database, series["series_id"]) == ["SeriesDefined"]


async def test_a_named_programme_gathers_and_is_no_series(bookings_http, coordinator):
    key = programme.word()
    await defined(bookings_http, coordinator, key, kind="programme")
    event = await a.published_event(bookings_http, coordinator, programme=key)
    found = (await bookings_http.get("/learning-events", params={"series": key})).json()["items"]
    assert [one["learning_event_id"] for one in found] == [event["learning_event_id"]]
    as_series = await programme.post(
        bookings_http, coordinator, "/learning-events", a.learning_event(series=key)
    )
    assert as_series.status_code == 422
    other = await bookings_http.put(
        f"/series/{key}", json={"title": "Another"}, headers=coordinator
    )
    assert other.status_code == 409


async def test_who_was_at_the_original_is_invited_to_its_follow_up_first(
    bookings_http, bookings_database, coordinator
):
    original = await a.published_event(bookings_http, coordinator)
    came, did_not = str(uuid4()), str(uuid4())
    await programme.over(bookings_database, original, came=(came,))
    follow_up = await programme.draft(
        bookings_http,
        coordinator,
        publish=True,
        follow_up_of=original["learning_event_id"],
        follow_up_first_until=programme.at(12, days=7),
    )
    assert follow_up["follow_up_of"] == original["learning_event_id"]
    rows = await bookings_database.pool.fetch(
        "SELECT body FROM outbox WHERE routing_key = 'bookings.FollowUpInvited'"
        " AND body LIKE '%' || $1 || '%'",
        follow_up["learning_event_id"],
    )
    [fact] = [json.loads(row["body"])["data"] for row in rows]
    assert fact["person_id"] == came != did_not
    assert await programme.told(bookings_database, follow_up["learning_event_id"]) == [
        "EventPublished",
        "FollowUpEventLinked",
    ]


async def test_a_follow_up_without_a_window_invites_nobody_first(
    bookings_http, bookings_database, coordinator
):
    original = await a.published_event(bookings_http, coordinator)
    await programme.over(bookings_database, original, came=(str(uuid4()),))
    follow_up = await programme.draft(
        bookings_http, coordinator, publish=True, follow_up_of=original["learning_event_id"]
    )
    invited = await bookings_database.pool.fetchval(
        "SELECT count(*) FROM follow_up_invitation WHERE learning_event_id = $1::text::uuid",
        follow_up["learning_event_id"],
    )
    assert invited == 0
