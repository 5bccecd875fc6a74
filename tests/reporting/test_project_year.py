"""Project years: how far they have come, and which may stand beside others."""

from datetime import UTC, date, datetime, timedelta

import pytest

import telling
from pdu_reporting.rules.project_year import ProjectYear

FIFTH = ProjectYear("5", "Year 5", date(2021, 4, 1), date(2022, 3, 31), is_partial=False)
FIRST = ProjectYear("1", "Year 1", date(2017, 10, 1), date(2018, 3, 31), is_partial=True)


@pytest.mark.parametrize(
    ("today", "label", "comparable", "months"),
    [
        (date(2021, 3, 31), "Year 5", False, 0),
        (date(2021, 4, 30), "Year 5, to 30 April 2021", False, 1),
        (date(2021, 8, 16), "Year 5, to 16 August 2021", False, 4.5),
        (date(2022, 3, 31), "Year 5, to 31 March 2022", False, 12),
        (date(2022, 4, 1), "Year 5", True, 12),
    ],
)
def test_a_year_in_progress_says_how_far_it_has_come(today, label, comparable, months):
    assert FIFTH.label_on(today) == label
    assert FIFTH.comparable(today) is comparable
    assert FIFTH.months(today) == months


def test_a_partial_year_is_never_comparable():
    assert not FIRST.comparable(date(2023, 1, 1))
    assert FIRST.months(date(2023, 1, 1)) == 6


async def test_years_of_an_answer_are_described_and_mark_its_rows(take, answer):
    today = datetime.now(UTC).date()
    partial = telling.project_year(
        is_partial=True, starts_on=date(1990, 10, 1), ends_on=date(1991, 3, 31)
    )
    whole = telling.project_year(starts_on=date(1991, 4, 1), ends_on=date(1992, 3, 31))
    now = telling.project_year(
        starts_on=today - timedelta(days=40), ends_on=today + timedelta(days=40)
    )
    years = (partial, whole, now)
    await take(*years, *(telling.attendance(held_on=year.starts_on) for year in years))
    codes = ",".join(year.code for year in years)
    told = await answer("attendances", by="project_year", project_year=codes)
    about = {year["code"]: year for year in told["project_years"]}
    assert list(about) == [partial.code, whole.code, now.code]
    assert {row["project_year"]: row["comparable"] for row in told["rows"]} == {
        partial.code: False,
        whole.code: True,
        now.code: False,
    }
    assert about[partial.code]["months"] == 6
    assert about[now.code]["in_progress"]
    assert about[now.code]["label"].startswith(f"{now.label}, to ")
    together = await answer("attendances", project_year=codes)
    assert [row["comparable"] for row in together["rows"]] == [False]


async def test_an_answer_that_is_about_no_year_names_none(answer):
    assert (await answer("attendances"))["project_years"] == []
