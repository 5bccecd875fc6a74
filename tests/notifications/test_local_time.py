"""Reminders come by the clock on the wall, also when the clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdu_notifications.rules.local_time import day, days_before, when

LONDON = ZoneInfo("Europe/London")


def london(*parts, fold=0):
    return datetime(*parts, tzinfo=LONDON, fold=fold)


@pytest.mark.parametrize(
    ("session", "reminder"),
    [
        (london(2027, 1, 14, 13, 0), london(2027, 1, 13, 13, 0)),
        (london(2027, 3, 28, 10, 0), london(2027, 3, 27, 10, 0)),  # the clocks go forward
        (london(2026, 10, 25, 10, 0), london(2026, 10, 24, 10, 0)),  # the clocks go back
        (london(2028, 3, 1, 9, 30), london(2028, 2, 29, 9, 30)),
    ],
)
def test_the_reminder_comes_the_day_before_at_the_same_time_by_the_wall_clock(session, reminder):
    assert days_before(session.astimezone(UTC), days=1) == reminder


def test_a_day_is_23_hours_when_the_clocks_go_forward_and_25_when_they_go_back():
    spring, autumn = london(2027, 3, 28, 10, 0), london(2026, 10, 25, 10, 0)
    assert spring.astimezone(UTC) - days_before(spring, days=1) == timedelta(hours=23)
    assert autumn.astimezone(UTC) - days_before(autumn, days=1) == timedelta(hours=25)


def test_a_time_that_the_day_before_does_not_have_is_read_by_the_clock_before_the_change():
    session = london(2027, 3, 29, 1, 30)
    assert days_before(session, days=1) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_a_time_that_the_day_before_has_twice_is_the_first_one():
    session = london(2026, 10, 26, 1, 30)
    assert days_before(session, days=1) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)), st.integers(1, 30))  # noqa: DTZ001
def test_a_reminder_is_always_before_its_session(moment, days):
    session = moment.replace(tzinfo=UTC)
    earlier = session - days_before(session, days=days)
    assert abs(earlier - timedelta(days=days)) <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        (
            london(2027, 1, 14, 13, 0),
            london(2027, 1, 14, 16, 30),
            "Thursday 14 January 2027, 1pm to 4:30pm (GMT)",
        ),
        (
            london(2027, 7, 1, 9, 30),
            london(2027, 7, 1, 12, 0),
            "Thursday 1 July 2027, 9:30am to noon (BST)",
        ),
        (
            london(2026, 10, 25, 0, 30),
            london(2026, 10, 25, 3, 0),
            "Sunday 25 October 2026, 12:30am (BST) to Sunday 25 October 2026, 3am (GMT)",
        ),
        (
            london(2027, 1, 14, 22, 0),
            london(2027, 1, 15, 0, 0),
            "Thursday 14 January 2027, 10pm (GMT) to Friday 15 January 2027, midnight (GMT)",
        ),
    ],
)
def test_a_time_is_written_as_people_say_it_with_its_zone(starts, ends, words):
    assert when(starts.astimezone(UTC), ends.astimezone(UTC)) == words


def test_the_day_of_a_session_is_the_day_there():
    assert day(datetime(2027, 6, 30, 23, 30, tzinfo=UTC)) == "Thursday 1 July 2027"
