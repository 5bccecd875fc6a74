"""Office hours are half past eight to half past five on working days, by the clock on the wall."""

from datetime import datetime, timedelta

import pytest

from pdu_bookings.rules.out_of_hours import out_of_hours
from pdu_shared.local_time import moment


def asked(day, starts, ends):
    def at(clock):
        return moment(datetime.fromisoformat(f"{day}T{clock}"))

    return out_of_hours(at(starts), at(ends))


@pytest.mark.parametrize(
    ("day", "starts", "ends", "outside"),
    [
        ("2027-01-14", "13:00", "16:00", False),  # a Thursday
        ("2027-01-14", "08:30", "17:30", False),
        ("2027-01-14", "08:29", "12:00", True),
        ("2027-01-14", "14:00", "17:31", True),
        ("2027-01-16", "10:00", "12:00", True),  # a Saturday
        ("2027-01-17", "10:00", "12:00", True),  # a Sunday
        ("2028-02-29", "10:00", "12:00", False),  # a leap day, a Tuesday
        ("2027-12-27", "10:00", "12:00", True),  # instead of Christmas Day, a Saturday
        ("2027-12-28", "10:00", "12:00", True),  # instead of Boxing Day, a Sunday
        ("2027-12-29", "10:00", "12:00", False),
        ("2026-12-28", "10:00", "12:00", True),  # instead of Boxing Day, a Saturday
        ("2027-03-26", "10:00", "12:00", True),  # Good Friday
        ("2027-03-29", "10:00", "12:00", True),  # Easter Monday, the day after the clocks change
        ("2027-05-03", "10:00", "12:00", True),  # the early May bank holiday
        ("2027-08-30", "10:00", "12:00", True),  # the summer bank holiday of England
        ("2027-08-02", "10:00", "12:00", False),  # that of Scotland
        ("2027-11-30", "10:00", "12:00", False),  # St Andrew's Day, no holiday in England
        ("2022-09-19", "10:00", "12:00", True),  # a bank holiday of that one year
    ],
)
def test_hours_and_days(day, starts, ends, outside):
    assert asked(day, starts, ends) is outside


@pytest.mark.parametrize("friday", ["2027-03-26", "2027-10-29"])
def test_the_clock_on_the_wall_decides_on_both_sides_of_a_change(friday):
    before = datetime.fromisoformat(f"{friday}T09:00") - timedelta(days=3)
    after = before + timedelta(days=8)
    for day in (before, after):
        inside = out_of_hours(moment(day.replace(hour=8, minute=30)), moment(day.replace(hour=17)))
        early = out_of_hours(moment(day.replace(hour=8, minute=29)), moment(day.replace(hour=17)))
        assert (inside, early) == (False, True)


@pytest.mark.parametrize("night", ["2027-03-28", "2027-10-31"])
def test_the_nights_in_which_the_clocks_change_are_out_of_hours(night):
    assert asked(night, "00:30", "03:30")


def test_the_night_between_project_years_is_out_of_hours_and_both_days_are_not():
    new_year = moment(datetime.fromisoformat("2027-04-01"))
    assert out_of_hours(new_year - timedelta(hours=1), new_year + timedelta(hours=1))
    assert not asked("2027-03-31", "10:00", "12:00")
    assert not asked("2027-04-01", "10:00", "12:00")


def test_a_session_over_night_is_out_of_hours():
    evening, morning = (
        moment(datetime.fromisoformat(said)) for said in ("2027-01-14T16:00", "2027-01-15T09:00")
    )
    assert out_of_hours(evening, morning)
