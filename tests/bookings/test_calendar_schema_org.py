"""What search engines read about a learning event: complete, and in the words of schema.org."""

from datetime import datetime, timedelta

import pytest

import a

SCHEMA = "https://schema.org/"
NEEDED = {"@context", "@type", "name", "startDate", "endDate", "location", "eventStatus",
          "eventAttendanceMode", "organizer", "offers", "description", "url"}  # fmt: skip

at = datetime.fromisoformat


async def read(http, event):
    answer = await http.get(f"/learning-events/{event['learning_event_id']}/schema.json")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/ld+json"
    assert "<" not in answer.text, "it must not be able to end the script that it stands in"
    told = answer.json()
    assert told.keys() >= NEEDED
    for name in ("startDate", "endDate"):
        assert at(told[name]).utcoffset() is not None
    return told


async def change(database, event, was, **columns):
    """As the programme does it: the event is different, and what it was is kept."""
    for column, value in columns.items():
        await database.pool.execute(
            f"UPDATE learning_event SET {column} = $2 WHERE learning_event_id = $1::text::uuid",  # noqa: S608
            event["learning_event_id"],
            value,
        )
    await database.pool.execute(
        """
        INSERT INTO learning_event_change (change_id, learning_event_id, session_id, change, was,
                                           changed_at, by_role)
        VALUES (gen_random_uuid(), $1::text::uuid, $2::text::uuid, 'moved', $3::text::jsonb, now(),
                'coordinator')
        """,
        event["learning_event_id"],
        event["sessions"][0]["session_id"],
        was,
    )


async def test_a_published_event_is_free_planned_and_has_places(bookings_http, token):
    event = await a.published_event(
        bookings_http, token("coordinator"), title="</script> & co", co_delivery=["Framework"]
    )
    told = await read(bookings_http, event)
    assert told["name"] == "</script> & co"
    assert told["eventStatus"] == f"{SCHEMA}EventScheduled"
    assert told["eventAttendanceMode"] == f"{SCHEMA}OfflineEventAttendanceMode"
    assert at(told["startDate"]) == at(event["sessions"][0]["starts_at"])
    assert (told["offers"]["price"], told["offers"]["priceCurrency"]) == ("0", "GBP")
    assert told["offers"]["availability"] == f"{SCHEMA}InStock"
    assert told["location"]["@type"] == "Place"
    names = [one["name"] for one in told["organizer"]]
    assert names == ["Practice Development Unit", "Framework"]


async def test_a_full_event_is_sold_out(bookings_http, token):
    event = await a.published_event(
        bookings_http, token("coordinator"), sessions=[a.session(capacity=1)]
    )
    await a.ask_for_place(bookings_http, event)
    told = await read(bookings_http, event)
    assert told["offers"]["availability"] == f"{SCHEMA}SoldOut"


async def test_an_online_event_names_no_link_to_join(bookings_http, token):
    secret = "https://meet.example.org/secret"
    event = await a.published_event(
        bookings_http,
        token("coordinator"),
        sessions=[a.session(mode="online", joining_link=secret)],
    )
    told = await read(bookings_http, event)
    assert told["location"]["@type"] == "VirtualLocation"
    assert told["eventAttendanceMode"] == f"{SCHEMA}OnlineEventAttendanceMode"
    assert secret not in str(told)


async def test_several_sessions_are_parts_of_one_event(bookings_http, token):
    sessions = [a.session(), a.session(starts_in=timedelta(days=37))]
    event = await a.published_event(bookings_http, token("coordinator"), sessions=sessions)
    told = await read(bookings_http, event)
    assert [at(one["startDate"]) for one in told["subEvent"]] == [
        at(one["starts_at"]) for one in event["sessions"]
    ]
    assert at(told["endDate"]) == at(event["sessions"][1]["ends_at"])


async def test_a_moved_event_says_when_it_was_to_be(bookings_http, bookings_database, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    await change(bookings_database, event, '{"starts_at": "2026-07-01 12:00:00+00:00"}')
    told = await read(bookings_http, event)
    assert told["eventStatus"] == f"{SCHEMA}EventRescheduled"
    assert told["previousStartDate"] == ["2026-07-01T13:00:00+01:00"]


@pytest.mark.parametrize(
    ("state", "status"), [("cancelled", "EventCancelled"), ("postponed", "EventPostponed")]
)
async def test_what_does_not_take_place_says_so(
    bookings_http, bookings_database, token, state, status
):
    event = await a.published_event(bookings_http, token("coordinator"))
    await change(bookings_database, event, "{}", state=state)
    assert (await read(bookings_http, event))["eventStatus"] == f"{SCHEMA}{status}"


async def test_nothing_is_told_of_a_draft(bookings_http, token):
    draft = await bookings_http.post(
        "/learning-events", json=a.learning_event(), headers={**token("coordinator"), **a.key()}
    )
    path = f"/learning-events/{draft.json()['learning_event_id']}/schema.json"
    assert (await bookings_http.get(path)).status_code == 404
