"""Figures over HTTP: what they say about themselves, JSON and CSV alike, and what is refused."""

import csv
import io

import pytest

import telling
from pdu_reporting.answering import harmless
from pdu_reporting.figures import FIGURES
from pdu_shared.access import Role


async def refused(http, address):
    answer = await http.get(address)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return {error["pointer"]: error for error in answer.json()["errors"]}


async def test_every_figure_says_what_it_counts_and_what_it_can_be_asked(reporting_http):
    answer = await reporting_http.get("/figures")
    told_of = {item["name"]: item for item in answer.json()["items"]}
    assert list(told_of) == ["attendances", "individuals", "bookings"]
    assert "present or partial" in told_of["attendances"]["statement"]
    assert "project_year" in told_of["individuals"]["dimensions"]
    assert told_of["bookings"]["filters"][:4] == ["by", "from", "to", "format"]


@pytest.mark.parametrize("name", FIGURES)
async def test_every_figure_can_be_cut_by_all_its_dimensions_at_once(figure, name):
    dimensions = [dimension.name for dimension in FIGURES[name].dimensions]
    for row in await figure(name, by=",".join(dimensions)):
        assert list(row) == [*dimensions, "value"]


async def test_a_figure_says_when_and_from_what_it_was_counted(take, reporting_http):
    await take(telling.attendance())
    answer = (await reporting_http.get("/figures/attendances")).json()
    assert list(answer) == [
        "name", "statement", "as_of", "journal_position", "partial_years", "rows",
    ]  # fmt: skip
    newest = (await reporting_http.get("/journal")).json()["items"][0]
    assert answer["journal_position"] >= newest["position"]
    assert answer["as_of"] >= newest["received_at"]


@pytest.mark.parametrize(
    ("query", "accept"),
    [({"format": "csv"}, "*/*"), ({}, "text/csv"), ({}, "text/csv, application/json;q=0.5")],
)
async def test_csv_says_the_same_as_json(take, reporting_http, query, accept):
    year = telling.project_year()
    sectors = ("voluntary", "voluntary", "statutory")
    await take(year, *(telling.attendance(sector=s, held_on=year.starts_on) for s in sectors))
    cut = {"by": "sector,project_year", "project_year": year.code}
    as_json = (await reporting_http.get("/figures/attendances", params=cut)).json()
    answer = await reporting_http.get(
        "/figures/attendances", params={**cut, **query}, headers={"Accept": accept}
    )
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="attendances.csv"'
    table = list(csv.DictReader(io.StringIO(answer.text)))
    rows = [
        {"sector": row["sector"], "project_year": row["project_year"], "value": int(row["value"])}
        for row in table
    ]
    assert rows == as_json["rows"]
    assert {row["figure"] for row in table} == {"attendances"}
    assert {int(row["journal_position"]) for row in table} == {as_json["journal_position"]}


@pytest.mark.parametrize("accept", ["application/json, text/csv;q=0.5", "*/*", "application/json"])
async def test_json_is_given_where_it_is_preferred(reporting_http, accept):
    answer = await reporting_http.get("/figures/individuals", headers={"Accept": accept})
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("text", ["=1+1", "+44", "-2", "@sum", "\tx"])
def test_a_cell_that_a_spreadsheet_would_run_is_madeharmless(text):
    assert harmless(text) == f"'{text}"


def test_codes_and_numbers_stay_as_they_are():
    assert [harmless(cell) for cell in ("voluntary", 12, -3, None)] == ["voluntary", 12, -3, None]


async def test_an_unknown_figure_is_not_found_and_the_known_ones_are_named(reporting_http):
    answer = await reporting_http.get("/figures/reservations")
    assert answer.status_code == 404
    assert "attendances, individuals, bookings" in answer.json()["detail"]


async def test_an_unknown_filter_is_refused_with_those_there_are(reporting_http):
    errors = await refused(reporting_http, "/figures/attendances?sektor=voluntary&heard_about=x")
    assert errors.keys() == {"/query/sektor", "/query/heard_about"}
    assert errors["/query/sektor"]["code"] == "unknown_filter"
    assert "by, from, to, format, project_year, sector" in errors["/query/sektor"]["detail"]


async def test_an_unknown_dimension_is_refused_with_those_there_are(reporting_http):
    errors = await refused(reporting_http, "/figures/individuals?by=sector,person_id")
    assert errors["/query/by"]["code"] == "unknown_dimension"
    assert "role_level, area, event_kind, state" in errors["/query/by"]["detail"]


@pytest.mark.parametrize(
    ("query", "possible"),
    [
        ("sector=voluntary,volunteers", "private, statutory, voluntary"),
        ("event_kind=workshop", "learning_event, cop_session"),
        ("state=absent_no_show", "present, partial"),
        ("area=", "national"),
    ],
)
async def test_an_unknown_code_is_refused_with_those_there_are(
    reporting_http, take, query, possible
):
    del take  # it has told the words
    errors = await refused(reporting_http, f"/figures/attendances?{query}")
    [error] = errors.values()
    assert error["pointer"] == f"/query/{query.partition('=')[0]}"
    assert error["code"] == "unknown_code"
    assert set(possible.split(", ")) <= offered_in(error)


async def test_an_unknown_project_year_is_refused_with_those_that_were_told(reporting_http, take):
    year = telling.project_year()
    await take(year)
    errors = await refused(reporting_http, "/figures/attendances?project_year=year_five")
    assert year.code in offered_in(errors["/query/project_year"])


def offered_in(error):
    return set(error["detail"].removeprefix("Possible: ").removesuffix(".").split(", "))


@pytest.mark.parametrize("day", ["yesterday", "20180401", "2018-W14-7", "2018-02-30", ""])
async def test_a_day_that_is_none_is_refused(reporting_http, day):
    errors = await refused(reporting_http, f"/figures/attendances?from={day}")
    assert errors["/query/from"]["code"] == "not_a_day"


async def test_a_last_day_before_the_first_is_refused(reporting_http):
    errors = await refused(reporting_http, "/figures/bookings?from=2018-04-02&to=2018-04-01")
    assert errors["/query/to"]["code"] == "before_from"


async def test_an_unknown_format_is_refused(reporting_http):
    errors = await refused(reporting_http, "/figures/bookings?format=xlsx")
    assert "json, csv" in errors["/query/format"]["detail"]


async def test_figures_and_journal_are_not_for_everybody(house):
    async with house.http("reporting") as http:
        member = house.authorised(Role.MEMBER)
        for path in ("/figures/attendances", "/journal"):
            assert (await http.get(path)).status_code == 401
            assert (await http.get(path, headers=member)).status_code == 403
        assert (await http.get("/figures")).status_code == 200
