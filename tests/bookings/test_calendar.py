"""Calendars to subscribe to: what they show, how they change, and who may read them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import icalendar
import pytest
from ical.calendar_stream import IcsCalendarStream

import a
from pdu_bookings.place.link import token_for
from pdu_bookings.rules.calendar import KEPT_FOR, Meeting, OwnBooking, own_entry, public_entry
from pdu_bookings.rules.programme import State
from pdu_shared.calendar_entry import appointment_uid
from pdu_shared.contracts.vocabulary import DeliveryMode, PlaceState
from rfc5545 import flaws

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
PAGE = "https://pdu.example.org/events/1"
SECRET = "https://meet.example.org/secret"


def meeting(**details):
    return Meeting(
        **{
            "session_id": uuid4(),
            "learning_event_id": uuid4(),
            "title": "Hoarding",
            "purpose": "Work with people who hoard.",
            "co_delivery": ["Framework", "Emmanuel House"],
            "state": State.PUBLISHED,
            "starts_at": NOW + timedelta(days=7),
            "ends_at": NOW + timedelta(days=7, hours=2),
            "mode": DeliveryMode.ONLINE,
            "place": "Online",
            "travel": None,
            "access_information": "Step-free.",
            "joining_link": SECRET,
            "moved": 0,
            "changed_at": NOW - timedelta(days=1),
            **details,
        }
    )


def booking(state=PlaceState.CONFIRMED, since=NOW - timedelta(hours=1)):
    return OwnBooking(uuid4(), state, since)


def public(**details):
    return public_entry(meeting(**details), url=PAGE, now=NOW)


def own(one=None, **details):
    return own_entry(meeting(**details), one or booking(), url=PAGE, now=NOW)


def test_everybody_reads_who_delivers_it_what_for_and_how_to_get_in():
    told = public().description
    assert told.splitlines() == [
        "A PDU event, delivered with Framework and Emmanuel House.",
        "Work with people who hoard.",
        "Online. Whoever has a place gets the link to join.",
        "Access: Step-free.",
    ]


@pytest.mark.parametrize(("hours", "shown"), [(25, False), (24, True), (1, True), (-1, True)])
def test_who_holds_a_place_sees_the_link_to_join_from_a_day_before(hours, shown):
    starts_at = NOW + timedelta(hours=hours)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=3)}
    assert (SECRET in own(**times).description) is shown
    assert SECRET not in public(**times).description
    assert SECRET not in own(booking(PlaceState.CANCELLED_LATE), **times).description


def test_the_link_to_join_makes_an_entry_newer():
    soon = {"starts_at": NOW + timedelta(hours=23), "ends_at": NOW + timedelta(hours=24)}
    assert own(**soon).written_at == NOW - timedelta(hours=1)
    early = own(booking(since=NOW - timedelta(days=9)), **soon, changed_at=NOW - timedelta(days=9))
    assert early.written_at == NOW - timedelta(hours=1)


@pytest.mark.parametrize("state", [State.CANCELLED, State.POSTPONED])
def test_what_will_not_take_place_is_marked_and_newer(state):
    entry = public(state=state)
    assert (entry.cancelled, entry.sequence, entry.summary) == (True, 1, "Cancelled: Hoarding")


def test_what_was_cancelled_is_kept_for_ninety_days():
    long_ago = NOW - KEPT_FOR
    assert public(state=State.CANCELLED, changed_at=long_ago) is None
    assert public(state=State.CANCELLED, changed_at=long_ago + timedelta(seconds=1)) is not None
    assert public(changed_at=long_ago) is not None


def test_a_new_date_after_a_postponement_is_newer_still():
    assert public(state=State.POSTPONED).sequence < public(moved=1).sequence


async def read(http, path, **headers):
    """The events of a calendar, which a strict reader and two parsers have to accept."""
    answer = await http.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert flaws(answer.content) == []
    events = icalendar.Calendar.from_ical(answer.content).events
    also = IcsCalendarStream.calendar_from_ics(answer.text).events
    assert [str(one["UID"]) for one in events] == [one.uid for one in also]
    assert [one.start for one in events] == [one.dtstart for one in also]
    return events


async def call_off(database, event):
    """As the programme does it."""
    await database.pool.execute(
        """
        WITH void AS (UPDATE learning_event SET state = 'cancelled', reason_code = 'illness'
                       WHERE learning_event_id = $1::text::uuid RETURNING learning_event_id)
        INSERT INTO learning_event_change (change_id, learning_event_id, change, was, changed_at,
                                           by_role)
        SELECT gen_random_uuid(), learning_event_id, 'cancelled', '{}', now(), 'coordinator'
          FROM void
        """,
        event["learning_event_id"],
    )


@pytest.fixture
def link(house):
    """The path of a booking, from its letter."""
    key = house.secrets.link_key.encode()
    return lambda one: f"/b/{token_for(key, UUID(one['booking_id']))}"


async def test_a_feed_has_the_sessions_of_its_series_and_no_drafts(bookings_http, token):
    series = f"hoarding-{uuid4().hex[:8]}"
    await bookings_http.put(
        f"/series/{series}", json={"title": "Hoarding in depth"}, headers=token("coordinator")
    )
    event = await a.published_event(
        bookings_http, token("coordinator"), series=series, sessions=[a.session(), a.session()]
    )
    draft = a.learning_event(series=series)
    await bookings_http.post(
        "/learning-events", json=draft, headers={**token("coordinator"), **a.key()}
    )
    await a.published_event(bookings_http, token("coordinator"))
    events = await read(bookings_http, f"/calendar.ics?series={series}")
    assert {one["UID"] for one in events} == {one["session_id"] for one in event["sessions"]}
    assert events[0].start == datetime.fromisoformat(event["sessions"][0]["starts_at"])


async def test_a_feed_has_the_sessions_of_its_workstream(bookings_http, token):
    event = await a.published_event(bookings_http, token("coordinator"), workstreams=["women"])
    session_id = event["sessions"][0]["session_id"]
    for workstream, shown in (("women", True), ("substance", False)):
        events = await read(bookings_http, f"/calendar.ics?workstream={workstream}")
        assert (session_id in [one["UID"] for one in events]) is shown


async def test_a_cancelled_event_stays_in_feeds_as_cancelled(
    bookings_http, bookings_database, token
):
    event = await a.published_event(bookings_http, token("coordinator"))
    path = f"/learning-events/{event['learning_event_id']}/calendar.ics"
    [before] = await read(bookings_http, path)
    await call_off(bookings_database, event)
    [after] = await read(bookings_http, path)
    assert (before["UID"], before["STATUS"], after["STATUS"]) == (
        after["UID"],
        "CONFIRMED",
        "CANCELLED",
    )
    assert before["SEQUENCE"] < after["SEQUENCE"]


async def test_whoever_has_it_already_need_not_read_it_again(
    bookings_http, bookings_database, token
):
    event = await a.published_event(bookings_http, token("coordinator"))
    path = f"/learning-events/{event['learning_event_id']}/calendar.ics"
    first = await bookings_http.get(path)
    assert first.headers["cache-control"] == "public, max-age=900"
    known = {"If-None-Match": f'"other", W/{first.headers["etag"]}'}
    again = await bookings_http.get(path, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    await call_off(bookings_database, event)
    assert (await bookings_http.get(path, headers=known)).status_code == 200


async def test_a_draft_has_no_calendar(bookings_http, token):
    draft = await bookings_http.post(
        "/learning-events", json=a.learning_event(), headers={**token("coordinator"), **a.key()}
    )
    path = f"/learning-events/{draft.json()['learning_event_id']}/calendar.ics"
    assert (await bookings_http.get(path)).status_code == 404


async def test_the_link_to_join_is_in_no_public_calendar(bookings_http, token):
    starts = a.local_now() + timedelta(hours=3)
    soon = a.session(
        starts_at=starts.isoformat(),
        ends_at=(starts + timedelta(hours=1)).isoformat(),
        mode="online",
        joining_link=SECRET,
    )
    event = await a.published_event(bookings_http, token("coordinator"), sessions=[soon])
    for path in ("/calendar.ics", f"/learning-events/{event['learning_event_id']}/calendar.ics"):
        assert SECRET not in (await bookings_http.get(path)).text.replace("\r\n ", "")


async def test_a_booking_has_the_entry_that_its_letter_made(bookings_http, token, link):
    event = await a.published_event(bookings_http, token("coordinator"))
    booked = (await a.ask_for_place(bookings_http, event)).json()
    session_id = UUID(event["sessions"][0]["session_id"])
    [entry] = await read(bookings_http, f"{link(booked)}/calendar.ics")
    assert entry["UID"] == str(appointment_uid(UUID(booked["booking_id"]), session_id))
    assert (entry["SEQUENCE"], entry["STATUS"]) == (0, "CONFIRMED")
    await bookings_http.post(f"{link(booked)}/cancellation")
    [gone] = await read(bookings_http, f"{link(booked)}/calendar.ics")
    assert (gone["UID"], gone["SEQUENCE"], gone["STATUS"]) == (entry["UID"], 1, "CANCELLED")


async def test_who_waits_has_nothing_to_put_into_a_calendar(bookings_http, token, link):
    event = await a.published_event(
        bookings_http, token("coordinator"), sessions=[a.session(capacity=1)]
    )
    _, waiting = [(await a.ask_for_place(bookings_http, event)).json() for _ in range(2)]
    assert (await bookings_http.get(f"{link(waiting)}/calendar.ics")).status_code == 409


async def feed_of(http, link, booked):
    answer = await http.post(f"{link(booked)}/calendar-feed")
    assert answer.status_code == 200, answer.text
    return answer.json()["path"]


async def test_ones_own_calendar_has_all_of_ones_bookings_and_nobody_elses(
    bookings_http, token, link
):
    person = a.person()
    events = [await a.published_event(bookings_http, token("coordinator")) for _ in range(3)]
    booked = [(await a.ask_for_place(bookings_http, one, **person)).json() for one in events[:2]]
    await a.ask_for_place(bookings_http, events[2])
    await bookings_http.post(f"{link(booked[1])}/cancellation")
    path = await feed_of(bookings_http, link, booked[0])
    assert path == await feed_of(bookings_http, link, booked[1])
    entries = await read(bookings_http, path)
    assert sorted(one["STATUS"] for one in entries) == ["CANCELLED", "CONFIRMED"]
    answer = await bookings_http.get(path)
    assert answer.headers["cache-control"] == "private, no-cache"
    assert person["name"] not in answer.text
    assert person["email"] not in answer.text


async def test_two_ids_that_are_one_person_have_one_calendar(
    bookings_http, bookings_database, token, link
):
    events = [await a.published_event(bookings_http, token("coordinator")) for _ in range(2)]
    kept, merged = [(await a.ask_for_place(bookings_http, one)).json() for one in events]
    path = await feed_of(bookings_http, link, merged)
    assert len(await read(bookings_http, path)) == 1
    await bookings_database.pool.execute(
        """
        WITH people AS (SELECT kept.person_id AS kept_id, merged.person_id AS merged_id
                          FROM booking AS kept, booking AS merged
                         WHERE kept.booking_id = $1::text::uuid
                           AND merged.booking_id = $2::text::uuid),
             alias AS (INSERT INTO person_alias (kept_id, merged_id)
                       SELECT kept_id, merged_id FROM people)
        UPDATE booking SET kept_as = kept_id FROM people WHERE person_id = merged_id
        """,
        kept["booking_id"],
        merged["booking_id"],
    )
    assert len(await read(bookings_http, path)) == 2
    await bookings_http.delete(f"{link(merged)}/calendar-feed")
    assert (await bookings_http.get(path)).status_code == 404


async def test_a_closed_calendar_is_gone_and_a_new_one_has_another_address(
    bookings_http, token, link
):
    event = await a.published_event(bookings_http, token("coordinator"))
    booked = (await a.ask_for_place(bookings_http, event)).json()
    path = await feed_of(bookings_http, link, booked)
    for _ in range(2):
        closed = await bookings_http.delete(f"{link(booked)}/calendar-feed")
        assert closed.status_code == 204
    assert (await bookings_http.get(path)).status_code == 404
    assert await feed_of(bookings_http, link, booked) != path


async def test_the_address_of_a_calendar_opens_no_booking_nor_the_other_way(
    bookings_http, token, link
):
    event = await a.published_event(bookings_http, token("coordinator"))
    booked = (await a.ask_for_place(bookings_http, event)).json()
    [_, _, secret, _] = (await feed_of(bookings_http, link, booked)).split("/")
    assert (await bookings_http.get(f"/b/{secret}")).status_code == 404
    own_token = link(booked).removeprefix("/b/")
    assert (await bookings_http.get(f"/calendars/{own_token}/calendar.ics")).status_code == 404
