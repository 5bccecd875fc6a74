"""A learning event as a coordinator describes it: drafts, publishing, editing, what is private."""

import asyncio
import json
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest

import a
import programme
from pdu_bookings.category import Categories
from pdu_bookings.programme.learning_event import check_words
from pdu_bookings.rules.description import Announced
from pdu_bookings.rules.programme import Decided, Sitting, Stage, State, delivered_by, stage
from pdu_shared.problems import Refused

LINK = "https://meet.example.org/j/123-secret"


@pytest.fixture
def coordinator(token):
    return token("coordinator")


def faults(answer):
    assert answer.status_code == 422, answer.text
    return {fault["pointer"] for fault in answer.json()["errors"]}


async def test_a_draft_may_be_incomplete_and_publishing_says_what_is_missing(
    bookings_http, coordinator
):
    body = {"title": "An idea", "event_type": "workshop", "content_note": "Grief is spoken of."}
    event = await programme.post(
        bookings_http, coordinator, "/learning-events", {**body, "sessions": [a.session()]}
    )
    path = f"/learning-events/{event.json()['learning_event_id']}/publish"
    answer = await bookings_http.post(path, headers=coordinator)
    assert faults(answer) == {"/purpose", "/outcomes", "/level", "/audience", "/support_name"}


async def test_what_is_described_is_what_everybody_reads(
    bookings_http, bookings_database, coordinator
):
    event = await programme.draft(
        bookings_http,
        coordinator,
        publish=True,
        outcomes=["Plan a first visit"],
        topics=["hoarding"],
        aims=["welcoming"],
        co_delivery=["Example Trust", "The Other House"],
        content_note="Grief is spoken of.",
        support_name="Will Scarlet",
        support_reach="will@example.org",
        ask="One hour of a manager's time afterwards",
        cpd_hours=2.5,
    )
    path = f"/learning-events/{event['learning_event_id']}"
    read = (await bookings_http.get(path)).json()
    assert read == event
    assert read["delivered_by"] == ("A PDU event, delivered with Example Trust and The Other House")
    assert read["support_contact"] == {"name": "Will Scarlet", "reach": "will@example.org"}
    assert (read["lived_experience_planned"], read["duration_class"]) == (True, "half_day")
    [fact] = await programme.facts(bookings_database, "EventPublished", event["learning_event_id"])
    data = json.loads(fact)["data"]
    assert (data["outcomes"], data["topics"]) == (["Plan a first visit"], ["hoarding"])
    assert data["template_id"] == event["learning_event_id"]
    assert "Scarlet" not in fact


async def test_only_a_reason_plans_without_lived_experience_and_it_is_not_published(
    bookings_http, bookings_database, coordinator
):
    event = await programme.draft(
        bookings_http,
        coordinator,
        publish=True,
        without_lived_experience_because="A meeting of one team",
    )
    assert event["lived_experience_planned"] is False
    assert "one team" not in json.dumps(event)
    [fact] = await programme.facts(bookings_database, "EventPublished", event["learning_event_id"])
    assert "one team" not in fact


async def test_a_joining_link_is_in_no_answer_and_in_no_message(
    bookings_http, bookings_database, coordinator
):
    session = a.session(mode="hybrid", online_capacity=30, joining_link=LINK, recording=True)
    event = await programme.draft(bookings_http, coordinator, publish=True, sessions=[session])
    moved = await programme.move(bookings_http, coordinator, event, joining_link=LINK + "2")
    changes = await bookings_http.get(
        f"/learning-events/{event['learning_event_id']}/changes", headers=coordinator
    )
    assert LINK not in json.dumps(event) + moved.text + changes.text
    sessions = await programme.facts(
        bookings_database, "SessionScheduled", event["sessions"][0]["session_id"]
    )
    assert LINK not in "".join(sessions)
    assert (event["sessions"][0]["online_capacity"], event["sessions"][0]["recording"]) == (
        30,
        True,
    )


@pytest.mark.parametrize(
    ("details", "pointer"),
    [
        ({"access_tier": "local_first"}, "/opens_wider_at"),
        ({"opens_wider_at": "2027-01-14T12:00"}, "/opens_wider_at"),
        ({"support_name": "Will Scarlet"}, "/support_reach"),
        ({"series": "nobody-defined-it"}, "/series"),
        ({"programme": "nobody-defined-it"}, "/programme"),
        ({"follow_up_of": str(uuid4())}, "/follow_up_of"),
        ({"follow_up_first_until": "2027-01-14T12:00"}, "/follow_up_of"),
        ({"sessions": [a.session(venue_id=str(uuid4()))]}, "/sessions/0/venue_id"),
        ({"sessions": [a.session(online_capacity=3)]}, "/sessions/0"),
        ({"sessions": [a.session(joining_link=LINK)]}, "/sessions/0"),
        ({"sessions": [a.session(mode="online", joining_link="ftp://x")]}, "/sessions/0/joining"),
        ({"cpd_hours": 0.3}, "/cpd_hours"),
        ({"title": None}, "/title"),
    ],
)
async def test_what_cannot_be_is_refused_by_name(bookings_http, coordinator, details, pointer):
    answer = await programme.post(
        bookings_http, coordinator, "/learning-events", a.learning_event(**details)
    )
    assert any(one.startswith(pointer) for one in faults(answer)), answer.text


async def test_words_that_are_in_no_list_are_refused_by_name(bookings_database):
    await bookings_database.pool.execute(
        "INSERT INTO category (scheme, code) VALUES ('topic_source', 'suggestion')"
        " ON CONFLICT DO NOTHING"
    )
    event = Announced(
        learning_event_id=uuid4(), title="Hoarding", kind="learning_event", event_type="workshop",
        topic_source="a_whim", state=State.DRAFT,
    )  # fmt: skip
    async with bookings_database.pool.acquire() as conn:
        with pytest.raises(Refused) as refused:
            await check_words(conn, event, Categories(SimpleNamespace(database=bookings_database)))
    assert [fault.pointer for fault in refused.value.errors] == ["/topic_source"]


async def test_a_draft_is_seen_by_coordinators_alone(bookings_http, coordinator, token):
    event = await programme.draft(bookings_http, coordinator)
    path = f"/learning-events/{event['learning_event_id']}"
    answers = [
        (await bookings_http.get(path, headers=headers)).status_code
        for headers in ({}, token("member"), coordinator)
    ]
    assert answers == [404, 404, 200]


async def test_an_edit_changes_what_it_says_and_tells_what_changed(
    bookings_http, bookings_database, coordinator
):
    event = await a.published_event(bookings_http, coordinator)
    answer = await programme.edit(
        bookings_http, coordinator, event, purpose="Another purpose.", outcomes=["Another"]
    )
    edited = answer.json()
    assert (edited["purpose"], edited["title"]) == ("Another purpose.", event["title"])
    assert answer.headers["ETag"] == f'"{edited["version"]}"'
    [fact] = await programme.facts(bookings_database, "EventUpdated", event["learning_event_id"])
    assert json.loads(fact)["data"]["changed_fields"] == ["outcomes", "purpose"]


async def test_an_edit_that_changes_nothing_tells_nothing(
    bookings_http, bookings_database, coordinator
):
    event = await a.published_event(bookings_http, coordinator)
    answer = await programme.edit(bookings_http, coordinator, event, title=event["title"])
    assert answer.json()["version"] == event["version"]
    assert (
        await programme.facts(bookings_database, "EventUpdated", event["learning_event_id"]) == []
    )


async def test_of_two_who_edit_at_once_the_second_reads_first(bookings_http, coordinator):
    event = await a.published_event(bookings_http, coordinator)
    answers = await asyncio.gather(
        *(
            programme.edit(bookings_http, coordinator, event, purpose=purpose)
            for purpose in ("One.", "Two.")
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_an_edit_without_the_version_is_asked_for_it(bookings_http, coordinator):
    event = await a.published_event(bookings_http, coordinator)
    answer = await bookings_http.patch(
        f"/learning-events/{event['learning_event_id']}", json={}, headers=coordinator
    )
    assert answer.status_code == 428


async def test_what_is_public_stays_complete(bookings_http, coordinator):
    event = await a.published_event(bookings_http, coordinator)
    answer = await programme.edit(bookings_http, coordinator, event, outcomes=[], level=None)
    assert faults(answer) == {"/outcomes", "/level"}
    again = await bookings_http.get(f"/learning-events/{event['learning_event_id']}")
    assert again.json() == event


async def test_history_says_what_was_before_and_who_changed_it(bookings_http, coordinator):
    event = await a.published_event(bookings_http, coordinator)
    await programme.edit(bookings_http, coordinator, event, purpose="Another purpose.")
    path = f"/learning-events/{event['learning_event_id']}/changes"
    items = (await bookings_http.get(path, headers=coordinator)).json()["items"]
    assert [(one["change"], one["was"], one["by_role"]) for one in items] == [
        ("published", {"state": "draft"}, "coordinator"),
        ("described", {"purpose": event["purpose"]}, "coordinator"),
    ]


async def test_a_venue_is_described_once_and_shown_with_its_sessions(bookings_http, coordinator):
    venue = {
        "name": "Lantern House",
        "address": "1 Example Street",
        "travel": "Tram to Lace Market",
        "access_information": "Level entrance, hearing loop",
        "city_centre": True,
    }
    added = (await programme.post(bookings_http, coordinator, "/venues", venue)).json()
    session = a.session(venue_id=added["venue_id"])
    event = await programme.draft(bookings_http, coordinator, publish=True, sessions=[session])
    assert event["sessions"][0]["venue"] == added
    path = f"/venues/{added['venue_id']}"
    changed = await bookings_http.put(path, json={**venue, "travel": "Bus 44"}, headers=coordinator)
    assert changed.json()["travel"] == "Bus 44"
    read = await bookings_http.get(f"/learning-events/{event['learning_event_id']}")
    assert read.json()["sessions"][0]["venue"]["travel"] == "Bus 44"
    nowhere = await bookings_http.put(f"/venues/{uuid4()}", json=venue, headers=coordinator)
    assert nowhere.status_code == 404


def at(hour):
    return datetime(2027, 1, 14, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "hour", "closed_at", "full", "held", "expected"),
    [
        (State.DRAFT, 9, None, False, False, Stage.DRAFT),
        (State.DRAFT, 12, None, False, False, Stage.DRAFT),
        (State.PUBLISHED, 9, None, False, False, Stage.BOOKING_OPEN),
        (State.PUBLISHED, 9, None, True, False, Stage.FULL),
        (State.PUBLISHED, 9, at(8), False, False, Stage.CLOSED),
        (State.PUBLISHED, 10, None, False, False, Stage.IN_PROGRESS),
        (State.PUBLISHED, 12, None, False, False, Stage.CLOSED),
        (State.PUBLISHED, 12, None, False, True, Stage.HELD),
        (State.POSTPONED, 12, None, False, False, Stage.POSTPONED),
        (State.CANCELLED, 9, None, False, False, Stage.CANCELLED),
        (State.ARCHIVED, 12, None, False, True, Stage.ARCHIVED),
    ],
)
def test_where_it_stands_follows_from_decisions_and_facts(  # noqa: PLR0913, PLR0917
    state, hour, closed_at, full, held, expected
):
    sitting = Sitting(at(10), at(12), full, held)
    assert stage(Decided(state, closed_at), [sitting], now=at(hour)) is expected


@pytest.mark.parametrize(
    ("partners", "expected"),
    [
        ([], "A PDU event"),
        (["A"], "A PDU event, delivered with A"),
        (["A", "B", "C"], "A PDU event, delivered with A, B and C"),
    ],
)
def test_whose_event_it_is_stands_in_one_sentence(partners, expected):
    assert delivered_by(partners) == expected
