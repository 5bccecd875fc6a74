"""Shares and ratios of attendances, and the range per session and per person."""

from uuid import uuid4

import pytest

import telling
from pdu_shared.contracts.resources.vocabulary import SettingChanged


@pytest.fixture
async def year(take):
    """A year with six attendances: two fields in two sectors, three sessions, four people."""
    year = telling.project_year()
    people, sessions = [uuid4() for _ in range(4)], [uuid4() for _ in range(3)]
    came = [
        (0, 0, "voluntary", "mental_health"),
        (1, 0, "voluntary", "mental_health"),
        (2, 0, "statutory", "housing_homelessness"),
        (0, 1, "voluntary", "housing_homelessness"),
        (1, 1, "voluntary", "mental_health"),
        (0, 2, "voluntary", "mental_health"),
    ]
    await take(
        year,
        *(
            telling.attendance(
                held_on=year.starts_on,
                person_id=people[person],
                session_id=sessions[session],
                sector=sector,
                work_field=field,
                event_kind="cop_session" if session == 2 else "learning_event",
            )
            for person, session, sector, field in came
        ),
        telling.attendance(held_on=year.starts_on, person_id=people[3], state="absent_apologies"),
    )
    return year.code


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        ({}, (100.0, 6, 6)),
        ({"sector": "voluntary"}, (83.33, 5, 6)),
        ({"sector": "private"}, (0.0, 0, 6)),
        ({"work_field": "mental_health"}, (66.67, 4, 6)),
        ({"work_field": "mental_health,housing_homelessness"}, (100.0, 6, 6)),
        ({"sector": "voluntary", "work_field": "housing_homelessness"}, (16.67, 1, 6)),
        ({"sector": "voluntary", "kind": "learning_event"}, (80.0, 4, 5)),
        ({"role_level": "team_manager"}, (0.0, 0, 6)),
        ({"area": "nottingham_city", "sector": "statutory"}, (16.67, 1, 6)),
    ],
)
async def test_a_share_is_of_all_sectors_and_fields(share, year, asked, parts):
    assert await share("attendance_share", project_year=year, **asked) == parts


async def test_a_share_cut_by_sector_and_kind_is_of_its_kind(answer, year):
    told = await answer("attendance_share", project_year=year, by="sector,kind")
    assert [
        (row["sector"], row["kind"], row["value"], row["numerator"], row["denominator"])
        for row in told["rows"]
    ] == [
        ("voluntary", "cop_session", 100.0, 1, 1),
        ("statutory", "learning_event", 20.0, 1, 5),
        ("voluntary", "learning_event", 80.0, 4, 5),
    ]
    assert told["rows"][0]["caveats"] == ["counts_only"]
    assert told["caveats"].keys() == {"counts_only"}


async def test_another_city_calls_another_base_small(answer, take):
    year = telling.project_year()
    came = [telling.attendance(held_on=year.starts_on, sector="voluntary") for _ in range(20)]
    await take(year, *came)
    setting = SettingChanged(setting_id=uuid4(), key="figures.small_base", number=20)

    async def caveats():
        told = await answer("attendance_share", project_year=year.code)
        return told["rows"][0]["caveats"], told["caveats"]

    told, words = await caveats()
    assert told == ["small_base"]
    assert "fewer than 30" in words["small_base"]
    await take(setting)
    assert await caveats() == ([], {})
    await take(setting.model_copy(update={"number": 30}))
    assert (await caveats())[0] == ["small_base"]


async def test_a_share_of_nothing_is_none(share, take):
    empty = telling.project_year()
    await take(empty)
    parts = await share("attendance_share", project_year=empty.code, sector="voluntary")
    assert parts == (None, 0, 0)


async def test_a_ratio_sets_one_sector_against_another(share, year):
    against = {"sector": "voluntary", "against_sector": "statutory"}
    assert await share("attendance_ratio", project_year=year, **against) == (5.0, 5, 1)
    asked = {**against, "work_field": "mental_health"}
    assert await share("attendance_ratio", project_year=year, **asked) == (None, 4, 0)


async def test_the_range_is_over_sessions_that_had_somebody(figure, year):
    name = "attendance_range_per_session"
    assert await figure(name, project_year=year) == [{"value": "1-3"}]
    asked = {"project_year": year, "kind": "learning_event"}
    assert await figure(name, **asked) == [{"value": "2-3"}]
    assert await figure(name, project_year=year, sector="private") == [{"value": None}]


async def test_those_who_came_again_came_so_many_times(figure, year):
    assert await figure("repeat_attendance_band", project_year=year) == [{"value": "2-3"}]
    asked = {"project_year": year, "kind": "cop_session"}
    assert await figure("repeat_attendance_band", **asked) == [{"value": None}]


async def test_individuals_are_told_apart_by_how_often_they_came(figure, take, year):
    often = {"held_on": None, "person_id": uuid4()}
    other = telling.project_year()
    often["held_on"] = other.starts_on
    await take(other, *(telling.attendance(**often) for _ in range(5)))
    assert await figure("repeat_attendance", project_year=f"{year},{other.code}") == [
        {"band": "1", "value": 1},
        {"band": "2-4", "value": 2},
        {"band": "5+", "value": 1},
    ]
    assert await figure("repeat_attendance", project_year=year, band="2-4", by="sector") == [
        {"sector": "voluntary", "band": "2-4", "value": 2}
    ]


async def test_a_share_is_shown_as_an_earlier_report_had_it_and_as_it_is_now(take, answer):
    year = telling.project_year()
    earlier, later = year.starts_on, year.ends_on
    came = [("statutory", earlier), *[("voluntary", earlier)] * 3, ("statutory", later)]
    await take(year, *(telling.attendance(sector=sector, held_on=day) for sector, day in came))
    asked = {"project_year": year.code, "sector": "statutory", "then": earlier.isoformat()}
    rows = (await answer("attendance_share_then_and_now", **asked))["rows"]
    parts = [(row["moment"], row["value"], row["numerator"], row["denominator"]) for row in rows]
    assert parts == [("then", 25.0, 1, 4), ("now", 40.0, 2, 5)]


async def test_then_has_to_be_a_day(reporting_http):
    answer = await reporting_http.get("/figures/attendance_share_then_and_now")
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/query/then", "missing")
    assert "a day such as" in error["detail"]
