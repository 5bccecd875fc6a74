"""What everybody may see of an answer: small numbers are withheld, never 0 and never empty."""

import csv
import io
from uuid import uuid4

import pytest

import telling
from pdu_shared.access import Role
from pdu_shared.contracts.resources.vocabulary import SettingChanged


def came(year, **sectors):
    """As many attendances of each sector."""
    return [
        telling.attendance(held_on=year.starts_on, sector=sector)
        for sector, number in sectors.items()
        for _ in range(number)
    ]


@pytest.fixture(scope="module")
async def year(take):
    """Of 30 who came, two were private."""
    told = telling.project_year()
    await take(told, *came(told, statutory=20, voluntary=8, private=2))
    return told.code


async def test_the_team_sees_every_number(answer, year):
    told = await answer("attendances", project_year=year, by="sector")
    assert told["audience"] == "team"
    assert {row["sector"]: row["value"] for row in told["rows"]} == {
        "private": 2, "statutory": 20, "voluntary": 8,
    }  # fmt: skip
    assert not any(row["withheld"] for row in told["rows"])


async def test_a_small_number_is_withheld_with_another_from_which_it_could_be_worked_out(
    answer, year
):
    told = await answer("attendances", project_year=year, by="sector", audience="published")
    assert told["audience"] == "published"
    rows = {row["sector"]: row for row in told["rows"]}
    assert rows["statutory"]["value"] == 20
    for sector in ("private", "voluntary"):
        assert rows[sector]["withheld"]
        assert rows[sector]["value"] is None
        assert rows[sector]["caveats"] == ["withheld"]
    assert "fewer than 5" in told["caveats"]["withheld"]


async def test_shares_are_withheld_with_their_numerators_and_denominators(answer, year):
    asked = {"project_year": year, "by": "sector", "audience": "published"}
    rows = (await answer("attendance_share", **asked))["rows"]
    hidden = [row for row in rows if row["withheld"]]
    assert {row["sector"] for row in hidden} == {"private", "voluntary"}
    for row in hidden:
        assert (row["value"], row["numerator"], row["denominator"]) == (None, None, None)


async def test_a_share_of_nearly_all_tells_of_the_few_others(answer, take):
    year = telling.project_year()
    await take(year, *came(year, statutory=74, voluntary=1))
    asked = {"project_year": year.code, "sector": "statutory"}
    assert (await answer("attendance_share", **asked))["rows"][0]["numerator"] == 74
    [row] = (await answer("attendance_share", **asked, audience="published"))["rows"]
    assert row["withheld"]
    assert row["value"] is None


async def test_a_table_says_c_where_a_number_is_withheld(reporting_http, year):
    asked = {"project_year": year, "by": "sector", "audience": "published", "format": "csv"}
    told = await reporting_http.get("/figures/attendances", params=asked)
    values = {row["sector"]: row["value"] for row in csv.DictReader(io.StringIO(told.text))}
    assert values == {"statutory": "20", "voluntary": "[c]", "private": "[c]"}


async def test_where_a_zero_is_withheld_too_it_has_a_row(answer, take):
    first, second = telling.project_year(), telling.project_year()
    await take(first, *came(first, statutory=40, voluntary=9, private=3))
    await take(second, *came(second, statutory=40, voluntary=9, private=9, national=0))
    await take(*came(second, university=7), *came(first, statutory=3))
    asked = {"project_year": f"{first.code},{second.code}", "by": "sector,project_year"}
    told = (await answer("attendances", **asked, audience="published"))["rows"]
    cells = {(row["sector"], row["project_year"]): row["value"] for row in told}
    assert cells["private", first.code] is None
    assert cells["private", second.code] is None
    assert cells["university", first.code] is None, "a missing row would say that it is 0"
    assert cells["university", second.code] is None
    assert cells["statutory", first.code] == 43


async def test_what_cannot_be_protected_is_one_row_for_all(answer, take):
    year = telling.project_year()
    await take(year, *came(year, statutory=4, voluntary=1))
    asked = {"project_year": year.code, "by": "sector", "audience": "published"}
    [row] = (await answer("attendances", **asked))["rows"]
    assert (row["sector"], row["value"], row["withheld"]) == (None, None, True)


async def test_one_person_alone_is_not_told(answer, take):
    year = telling.project_year()
    await take(year, *came(year, private=1))
    [row] = (await answer("individuals", project_year=year.code, audience="published"))["rows"]
    assert row["withheld"]


async def test_nothing_at_all_is_0_and_may_be_said(answer, take):
    year = telling.project_year()
    await take(year)
    [row] = (await answer("individuals", project_year=year.code, audience="published"))["rows"]
    assert (row["value"], row["withheld"]) == (0, False)


async def test_a_range_that_begins_low_is_withheld(answer, year):
    name = "attendance_range_per_session"
    [row] = (await answer(name, project_year=year, audience="published"))["rows"]
    assert (row["value"], row["withheld"]) == (None, True)


async def test_events_are_no_people(answer, take):
    year = telling.project_year()
    event = telling.published()
    session = telling.scheduled(learning_event_id=event.learning_event_id, held_on=year.starts_on)
    held = telling.held(session_id=session.session_id, held_on=year.starts_on)
    await take(year, event, session, held)
    [row] = (await answer("events_held", project_year=year.code, audience="published"))["rows"]
    assert (row["value"], row["withheld"]) == (1, False)


async def test_another_city_withholds_more(answer, take, year):
    setting = SettingChanged(setting_id=uuid4(), key="figures.withheld_below", number=10)
    asked = {"project_year": year, "by": "sector", "audience": "published"}
    await take(setting)
    told = await answer("attendances", **asked)
    await take(setting.model_copy(update={"number": 5}))
    assert {row["sector"] for row in told["rows"] if row["withheld"]} >= {"private", "voluntary"}
    assert "fewer than 10" in told["caveats"]["withheld"]


async def test_tables_that_nobody_can_protect_are_refused(reporting_http):
    asked = {"by": "sector,kind,area", "audience": "published"}
    told = await reporting_http.get("/figures/attendances", params=asked)
    assert told.status_code == 422
    assert told.json()["errors"][0]["code"] == "too_many_dimensions"


async def test_an_audience_that_is_none_is_refused_with_those_there_are(reporting_http):
    told = await reporting_http.get("/figures/attendances", params={"audience": "press"})
    assert told.status_code == 422
    [error] = told.json()["errors"]
    assert error["pointer"] == "/query/audience"
    assert "team, published" in error["detail"]


async def test_only_the_team_asks_for_what_everybody_may_see(house):
    """Several answers side by side undo what each of them withholds."""
    asked = {"by": "sector", "audience": "published"}
    async with house.http("reporting") as http:
        for role in set(Role) - {Role.COORDINATOR, Role.EVALUATOR}:
            headers = house.authorised(role)
            answer = await http.get("/figures/attendances", params=asked, headers=headers)
            assert answer.status_code == 403, role
        assert (await http.get("/published")).status_code == 200
