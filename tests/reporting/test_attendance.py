"""Attendances and individuals: two figures that are never mixed, and the traps on the way."""

from datetime import date
from uuid import uuid4

import telling
from bus import arrived


async def test_the_same_person_twice_is_two_attendances_and_one_individual(take, figure):
    year, person = telling.project_year(), uuid4()
    on = {"held_on": year.starts_on}
    await take(
        year, telling.attendance(person_id=person, **on), telling.attendance(person_id=person, **on)
    )
    assert await figure("attendances", project_year=year.code) == [{"value": 2}]
    assert await figure("individuals", project_year=year.code) == [{"value": 1}]


async def test_a_person_in_two_sectors_counts_in_each_and_once_in_the_total(take, figure):
    year, person = telling.project_year(), uuid4()
    on = {"held_on": year.starts_on, "person_id": person}
    await take(
        year,
        telling.attendance(sector="voluntary", **on),
        telling.attendance(sector="statutory", **on),
    )
    assert await figure("individuals", project_year=year.code, by="sector") == [
        {"sector": "statutory", "value": 1},
        {"sector": "voluntary", "value": 1},
    ]
    assert await figure("individuals", project_year=year.code) == [{"value": 1}]
    assert await figure("attendances", project_year=year.code) == [{"value": 2}]


async def test_only_those_who_came_are_counted(take, figure):
    year = telling.project_year()
    states = ("present", "partial", "absent_apologies", "absent_no_show")
    await take(year, *(telling.attendance(state=s, held_on=year.starts_on) for s in states))
    assert await figure("attendances", project_year=year.code) == [{"value": 2}]
    assert await figure("individuals", project_year=year.code, state="present") == [{"value": 1}]
    assert await figure("attendances", project_year=year.code, by="state") == [
        {"state": "partial", "value": 1},
        {"state": "present", "value": 1},
    ]


async def test_a_correction_replaces_what_was_written_before(take, figure):
    year = telling.project_year()
    first = telling.attendance(held_on=year.starts_on)
    await take(year, first)
    await take(telling.correction(first, state="absent_no_show"))
    assert await figure("attendances", project_year=year.code) == [{"value": 0}]


async def test_an_older_message_that_comes_late_changes_nothing(take, figure):
    year = telling.project_year()
    first = telling.attendance(held_on=year.starts_on)
    late, newer = arrived(first), arrived(telling.correction(first, sector="statutory"))
    await take(newer, arrived(year))
    await take(late)
    await take(late, newer)
    assert await figure("attendances", project_year=year.code, by="sector") == [
        {"sector": "statutory", "value": 1}
    ]


async def test_a_year_begins_and_ends_on_its_days(take, figure):
    year = telling.project_year()
    days = (
        date(year.starts_on.year, 3, 31),
        year.starts_on,
        year.ends_on,
        date(year.ends_on.year, 4, 1),
    )
    await take(year, *(telling.attendance(held_on=day) for day in days))
    assert await figure("attendances", project_year=year.code) == [{"value": 2}]
    both = {"period_from": days[0].isoformat(), "period_to": days[2].isoformat()}
    assert await figure("attendances", **both) == [{"value": 3}]


async def test_a_day_outside_all_project_years_has_none(take, figure):
    day = date(9998, 5, 17)
    await take(telling.attendance(held_on=day))
    assert await figure(
        "attendances", by="project_year", period_from=day.isoformat(), period_to=day.isoformat()
    ) == [{"project_year": None, "value": 1}]


async def test_cuts_and_filters_can_be_combined(take, figure):
    year = telling.project_year()
    on = {"held_on": year.starts_on}
    await take(
        year,
        telling.attendance(sector="voluntary", work_field="mental_health", **on),
        telling.attendance(sector="statutory", work_field="mental_health", **on),
        telling.attendance(sector="statutory", area="national", **on),
        telling.attendance(sector="private", event_kind="cop_session", **on),
    )
    cut = {"by": "sector,kind", "sector": "statutory,private", "project_year": year.code}
    assert await figure("attendances", **cut) == [
        {"sector": "private", "kind": "cop_session", "value": 1},
        {"sector": "statutory", "kind": "learning_event", "value": 2},
    ]
    assert await figure(
        "attendances", **cut, work_field="mental_health", area="nottingham_city"
    ) == [{"sector": "statutory", "kind": "learning_event", "value": 1}]
