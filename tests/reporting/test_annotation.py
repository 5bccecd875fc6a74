"""Figures over time carry what happened in their time."""

from datetime import date, timedelta

import pytest

import telling
import telling_explaining


@pytest.fixture
async def year(take):
    """A project year with an attendance on its first day."""
    told = telling.project_year()
    await take(told, telling.attendance(held_on=told.starts_on))
    return told


async def labels(answer, **asked):
    return [one["label"] for one in (await answer("attendances", **asked))["annotations"]]


async def test_a_figure_by_year_carries_what_happened_in_it(answer, take, year):
    label = f"Flood of {year.code}"
    await take(telling_explaining.annotation(label=label, starts_on=year.ends_on))
    asked = {"project_year": year.code}
    assert label in await labels(answer, **asked, by="project_year")
    assert await labels(answer, period_from=year.starts_on, period_to=year.ends_on) == []


async def test_a_figure_by_month_carries_what_touches_the_month(answer, take, year):
    label = f"Strike of {year.code}"
    first, last = year.starts_on + timedelta(days=29), year.starts_on + timedelta(days=40)
    await take(telling_explaining.annotation(label=label, starts_on=first, ends_on=last))
    asked = {"period_from": year.starts_on, "period_to": year.ends_on, "by": "month"}
    assert label in await labels(answer, **asked)
    later = date(first.year, 6, 20)
    await take(telling.attendance(held_on=later))
    assert label not in await labels(answer, **{**asked, "period_from": later})


async def test_what_was_taken_back_is_shown_no_more(answer, take, year):
    label = f"Fire of {year.code}"
    told = telling_explaining.annotation(label=label, starts_on=year.starts_on)
    asked = {"project_year": year.code, "by": "project_year"}
    await take(told)
    assert label in await labels(answer, **asked)
    await take(told.model_copy(update={"withdrawn": True}))
    assert label not in await labels(answer, **asked)
