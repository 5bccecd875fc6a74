"""Sessions that took place, and Communities of Practice that met."""

from datetime import timedelta
from uuid import uuid4

import pytest

import telling


def session_of(event, year, **details):
    return telling.held(
        learning_event_id=event.learning_event_id, held_on=year.starts_on, **details
    )


@pytest.fixture
async def programme(take):
    """A year with a learning event of two sessions, two communities, and a session taken back."""
    year = telling.project_year()
    streams = {"housing": ("housing",), "both": ("housing", "pie")}
    course = telling.published(workstreams=streams["both"])
    first = telling.published(
        kind="cop_session", series=telling.word("series").code, workstreams=streams["housing"]
    )
    again = telling.published(kind="cop_session", series=first.series, workstreams=())
    other = telling.published(kind="cop_session", series=telling.word("series").code)
    mistaken = session_of(telling.published(), year)
    await take(
        *(year, course, first, again, other, telling.workstream(), telling.workstream(code="pie")),
        *(session_of(event, year) for event in (course, course, first, again, other)),
        mistaken,
        telling.withdrawn(mistaken),
        telling.held(held_on=year.ends_on + timedelta(days=1)),
    )
    return year, first.series


@pytest.mark.parametrize(
    ("asked", "sessions"),
    [
        ({}, 5),
        ({"kind": "learning_event"}, 2),
        ({"kind": "cop_session"}, 3),
        ({"workstream": "pie"}, 2),
        ({"workstream": "housing,pie"}, 4),
    ],
)
async def test_sessions_that_were_held_are_counted(figure, programme, asked, sessions):
    year, _ = programme
    rows = await figure("events_held", project_year=year.code, **asked)
    assert rows == [{"value": sessions}]


async def test_days_are_included_at_both_ends(figure, programme):
    year, series = programme
    day = year.starts_on.isoformat()
    asked = {"period_from": day, "period_to": day, "series": series}
    assert await figure("events_held", **asked) == [{"value": 2}]
    after = (year.starts_on + timedelta(days=1)).isoformat()
    assert await figure("events_held", series=series, period_from=after) == [{"value": 0}]


async def test_a_session_counts_in_each_of_its_work_streams(figure, programme):
    year, _ = programme
    asked = {"project_year": year.code, "by": "workstream"}
    assert await figure("events_held", **asked) == [
        {"workstream": "housing", "value": 4},
        {"workstream": "pie", "value": 2},
        {"workstream": None, "value": 1},
    ]
    assert await figure("events_held", **asked, workstream="pie") == [
        {"workstream": "pie", "value": 2}
    ]


async def test_a_community_that_met_twice_is_one_that_is_active(figure, programme):
    year, series = programme
    assert await figure("cops_active", project_year=year.code) == [{"value": 2}]
    rows = await figure("events_held", project_year=year.code, series=series, by="series,month")
    month = f"{year.starts_on:%Y-%m}"
    assert rows == [{"series": series, "month": month, "value": 2}]


async def test_attendances_are_cut_by_what_was_announced(take, figure):
    year, session = telling.project_year(), uuid4()
    event = telling.published(series=telling.word("series").code, workstreams=("housing", "pie"))
    here = {"learning_event_id": event.learning_event_id, "held_on": year.starts_on}
    await take(year, event, telling.attendance(session_id=session, **here), telling.workstream())
    asked = {"project_year": year.code, "workstream": "housing"}
    assert await figure("attendances", **asked, by="series,session,month") == [
        {
            "series": event.series,
            "session": str(session),
            "month": f"{year.starts_on:%Y-%m}",
            "value": 1,
        }
    ]
    assert await figure("individuals", project_year=year.code, by="workstream") == [
        {"workstream": "housing", "value": 1},
        {"workstream": "pie", "value": 1},
    ]
    assert await figure("individuals", project_year=year.code) == [{"value": 1}]
