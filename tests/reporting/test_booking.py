"""Bookings: those that were given a place, on the local day of their first session."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import telling
from bus import arrived


def session_in(year, **details):
    noon = datetime(year.starts_on.year, 6, 1, 12, tzinfo=UTC)
    return telling.scheduled(starts_at=noon, **details)


async def test_a_booking_counts_on_the_day_of_its_session(take, figure):
    year = telling.project_year()
    session = session_in(year)
    await take(telling.booked(session_ids=(session.session_id,)), session, year)
    assert await figure("bookings", project_year=year.code) == [{"value": 1}]


async def test_a_session_an_hour_before_midnight_in_universal_time_is_on_the_next_day(take, figure):
    year = telling.project_year()
    # British Summer Time has begun: half past eleven is half past midnight on 1 April.
    late = datetime(2021, 3, 31, 23, 30, tzinfo=UTC)
    session = telling.scheduled(starts_at=late)
    await take(session, telling.booked(session_ids=(session.session_id,)), year)
    assert await figure("bookings", period_from="2021-03-31", period_to="2021-03-31") == [
        {"value": 0}
    ]
    assert await figure("bookings", period_from="2021-04-01", period_to="2021-04-01") == [
        {"value": 1}
    ]


async def test_a_booking_for_two_sessions_counts_once_on_the_first_day(take, figure):
    year = telling.project_year()
    first = session_in(year)
    later = telling.scheduled(starts_at=first.starts_at + timedelta(days=400))
    await take(year, first, later, telling.booked(session_ids=(later.session_id, first.session_id)))
    assert await figure("bookings", project_year=year.code) == [{"value": 1}]


async def test_a_cancelled_booking_is_told_apart_and_who_only_waited_is_not_counted(take, figure):
    year = telling.project_year()
    session = session_in(year)
    at = {"session_ids": (session.session_id,)}
    kept, given_back, waiting = telling.booked(**at), telling.booked(**at), telling.booked(**at)
    await take(
        year, session, kept, given_back, telling.cancelled(given_back), telling.waitlisted(waiting)
    )
    assert await figure("bookings", project_year=year.code, by="state") == [
        {"state": "cancelled", "value": 1},
        {"state": "confirmed", "value": 1},
    ]


async def test_a_place_after_waiting_counts_and_a_late_older_message_changes_nothing(take, figure):
    year = telling.project_year()
    session = session_in(year)
    booking = telling.booked(session_ids=(session.session_id,), heard_about="bulletin")
    waited, confirmed = arrived(telling.waitlisted(booking)), arrived(booking)
    await take(confirmed, arrived(session), arrived(year))
    await take(waited)
    assert await figure("bookings", project_year=year.code, by="state,heard_about") == [
        {"state": "confirmed", "heard_about": "bulletin", "value": 1}
    ]


async def test_the_kind_comes_from_the_announcement_whenever_it_arrives(take, figure):
    year, learning_event_id = telling.project_year(), uuid4()
    session = session_in(year, learning_event_id=learning_event_id)
    booking = telling.booked(session_ids=(session.session_id,), learning_event_id=learning_event_id)
    await take(year, session, booking)
    cut = {"project_year": year.code, "by": "kind"}
    assert await figure("bookings", **cut) == [{"kind": None, "value": 1}]
    await take(telling.published(learning_event_id=learning_event_id, kind="cop_session"))
    assert await figure("bookings", **cut) == [{"kind": "cop_session", "value": 1}]


async def test_bookings_of_imported_history_count_with_those_that_were_told(take, figure):
    year = telling.project_year()
    session = session_in(year)
    booking = telling.booked(session_ids=(session.session_id,))
    past = {"session_id": session.session_id, "booked_on": date(2199, 6, 1)}
    await take(
        year,
        session,
        booking,
        telling.attendance(booking_id=booking.booking_id, **past),
        telling.attendance(booking_id=uuid4(), heard_about="bulletin", **past),
        telling.attendance(booking_id=uuid4(), state="absent_no_show", **past),
    )
    asked = {"project_year": year.code}
    assert await figure("bookings", **asked) == [{"value": 3}]
    assert await figure("bookings", **asked, heard_about="bulletin") == [{"value": 1}]
    assert await figure("bookings", **asked, by="state") == [{"state": "confirmed", "value": 3}]


async def test_bookings_made_up_to_a_day_include_it(take, figure):
    year = telling.project_year()
    session = session_in(year)
    at = {"session_ids": (session.session_id,)}
    await take(
        year,
        session,
        telling.booked(**at, booked_on=date(2199, 6, 1)),
        telling.booked(**at, booked_on=date(2199, 6, 2)),
    )
    asked = {"project_year": year.code}
    assert await figure("bookings", **asked, booked_to="2199-06-01") == [{"value": 1}]
    assert await figure("bookings", **asked, booked_to="2199-06-02") == [{"value": 2}]
