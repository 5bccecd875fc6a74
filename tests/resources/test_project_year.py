"""The project year of a day: year 1 is six months long, and a day is a local day."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdu_resources.rules.project_year import local_date, project_year, project_years


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2017, 9, 30), None),
        (date(2017, 10, 1), 1),
        (date(2018, 3, 31), 1),
        (date(2018, 4, 1), 2),
        (date(2019, 1, 15), 2),
        (date(2020, 2, 29), 3),
        (date(2021, 3, 31), 4),
        (date(2021, 4, 1), 5),
        (date(2021, 8, 16), 5),
        (date(2024, 3, 31), 7),
        (date(2026, 11, 22), 10),
    ],
)
def test_every_day_from_october_2017_has_its_project_year(day, year):
    assert project_year(day) == year


@pytest.mark.parametrize(
    ("at", "day", "year"),
    [
        # British Summer Time had begun three days before: it is April already.
        (datetime(2021, 3, 31, 23, 30, tzinfo=UTC), date(2021, 4, 1), 5),
        (datetime(2021, 3, 31, 22, 59, tzinfo=UTC), date(2021, 3, 31), 4),
        # In winter the local day is that of Greenwich.
        (datetime(2018, 1, 31, 23, 30, tzinfo=UTC), date(2018, 1, 31), 1),
    ],
)
def test_the_local_day_decides_about_the_last_hour_of_march(at, day, year):
    assert local_date(at) == day
    assert project_year(local_date(at)) == year


def test_year_one_is_six_months_and_says_that_it_is_partial():
    one, two = project_years(2)
    assert (one.starts_on, one.ends_on, one.is_partial) == (
        date(2017, 10, 1),
        date(2018, 3, 31),
        True,
    )
    assert (two.starts_on, two.ends_on, two.is_partial) == (
        date(2018, 4, 1),
        date(2019, 3, 31),
        False,
    )


def test_a_label_says_from_when_to_when():
    assert [year.label for year in project_years(2)] == [
        "Year 1 (October 2017 to March 2018)",
        "Year 2 (April 2018 to March 2019)",
    ]


def test_the_years_leave_no_gap_and_do_not_overlap():
    years = project_years(30)
    assert [year.number for year in years] == list(range(1, 31))
    for before, after in itertools.pairwise(years):
        assert after.starts_on - before.ends_on == timedelta(days=1)


@given(st.dates(min_value=date(2017, 10, 1), max_value=date(2099, 12, 31)))
def test_a_day_lies_within_its_year(day):
    year = project_years(project_year(day) or 0)[-1]
    assert year.starts_on <= day <= year.ends_on
