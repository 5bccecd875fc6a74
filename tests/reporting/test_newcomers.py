"""New and returning individuals: by their first attendance ever."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

import telling


@pytest.fixture
async def story(take):
    """Two years: one person comes in both, one only later; a series meets twice in the later."""
    first = telling.project_year()
    later = telling.project_year(
        starts_on=first.ends_on + timedelta(days=1), ends_on=first.ends_on + timedelta(days=365)
    )
    old, new = uuid4(), uuid4()
    event = telling.published(kind="cop_session", series=telling.word("series").code)
    here = {"learning_event_id": event.learning_event_id, "event_kind": "cop_session"}
    day = later.starts_on + timedelta(days=45)
    sessions = [uuid4(), uuid4()]
    await take(
        first, later, event,
        telling.attendance(person_id=old, held_on=first.starts_on),
        telling.attendance(person_id=old, held_on=day, session_id=sessions[0], **here),
        telling.attendance(person_id=new, held_on=day, session_id=sessions[0], **here),
        telling.attendance(
            person_id=new, held_on=day + timedelta(days=60), session_id=sessions[1],
            sector="statutory", **here,
        ),
    )  # fmt: skip
    return first, later, event.series, sessions


async def both(figure, **asked):
    new = [row["value"] for row in await figure("individuals_new", **asked)]
    returning = [row["value"] for row in await figure("individuals_returning", **asked)]
    return new, returning


async def test_who_came_before_the_period_returns(figure, story):
    first, later, series, _ = story
    assert await both(figure, project_year=first.code) == ([1], [0])
    assert await both(figure, project_year=later.code) == ([1], [1])
    period = {"period_from": later.starts_on.isoformat(), "series": series}
    assert await both(figure, **period) == ([1], [1])


async def test_years_together_are_one_period_and_cut_by_year_each_is_its_own(figure, story):
    first, later, *_ = story
    years = {"project_year": f"{first.code},{later.code}"}
    assert await both(figure, **years) == ([2], [0])
    assert await both(figure, **years, by="project_year") == ([1, 1], [0, 1])


async def test_of_a_series_each_session_has_its_new_and_its_returning(figure, story):
    _, _, series, sessions = story
    rows = await figure("individuals_new", series=series, by="session")
    assert {row["session"]: row["value"] for row in rows} == {
        str(sessions[0]): 1,
        str(sessions[1]): 0,
    }


async def test_coming_first_as_somebody_else_is_still_coming_first(figure, story):
    _, later, *_ = story
    asked = {"project_year": later.code, "sector": "statutory"}
    assert await both(figure, **asked) == ([1], [0])


async def test_without_a_period_everybody_was_new_once(figure, story):
    _, _, series, _ = story
    assert await both(figure, series=series) == ([2], [0])


async def test_a_month_is_a_period_too(figure, story):
    _, later, series, _ = story
    rows = await figure("individuals_returning", series=series, by="month")
    month = date(later.starts_on.year, 5, 1).isoformat()[:7]
    assert rows[0] == {"month": month, "value": 1}
    assert rows[1]["value"] == 1
