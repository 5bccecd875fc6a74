"""Figures over HTTP: what they say about themselves, JSON and CSV alike, and what is refused."""

import csv
import io
import re

import pytest

import telling
import telling_change
from pdu_reporting.figure import Kind
from pdu_reporting.figures import FIGURES
from pdu_reporting.projections import PROJECTIONS
from pdu_shared.access import Role
from pdu_shared.sheet import harmless

METRICS = {
    "events_held", "cops_active", "bookings", "attendances", "individuals", "attendance_share",
    "attendance_ratio", "attendance_range_per_session", "repeat_attendance_band",
    "hub_registrations", "hub_registration_share", "hub_new_users", "hub_active_users",
    "individuals_reached", "individuals_blended", "individuals_hub_only", "individuals_events_only",
    "survey_responses", "question_responses", "survey_share", "response_rate", "rank_score",
    "rank_position", "individuals_new", "individuals_returning", "repeat_attendance",
    "survey_invitations", "response_rate_of_invited", "organisations",
    "attendances_by_organisation", "attendances_told_other",
    "individuals_by_organisation", "steering_seats",
    "steering_meetings", "steering_attendance", "actions", "objectives", "commitments",
    "commitments_kept", "survey_consent", "impacts", "intentions", "intentions_acted_on",
    "shared_as_planned", "theme_share", "you_said", "markers_seen", "strategic_influences",
    "indicator_share", "pledges", "evaluation_activities", "evaluation_participants",
    "attendance_share_then_and_now", "attendances_from_top", "individuals_new_to_series",
    "individuals_returning_to_series", "representativeness", "attendees_with_account",
    "attendees_using_hub", "organisation_engagement", "reasons_for_absence", "communities",
    "community_signals", "contributions", "library_items",
}  # fmt: skip
NEEDED = {
    "scheme": "sector", "sector": "voluntary", "against_sector": "statutory", "items_offered": "9",
}  # fmt: skip
SURVEY = telling.submitted(
    telling.answered("every.figure", options=("yes",)),
    survey_key="every-figure",
)


async def refused(http, address):
    answer = await http.get(address)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return {error["pointer"]: error for error in answer.json()["errors"]}


def offered_in(error):
    return set(error["detail"].removeprefix("Possible: ").removesuffix(".").split(", "))


def needed_by(name):
    """The least that a figure has to be asked with."""
    known = {
        **NEEDED,
        "question_code": "every.figure",
        "option_code": "yes",
        "survey_key": SURVEY.survey_key,
        "then": "2199-01-01",
    }
    return {need: known[need] for need in FIGURES[name].needs}


async def test_every_figure_says_what_it_counts_and_what_it_can_be_asked(reporting_http):
    answer = await reporting_http.get("/figures")
    told_of = {item["name"]: item for item in answer.json()["items"]}
    assert told_of.keys() == METRICS
    assert "present or partial" in told_of["attendances"]["statement"]
    assert told_of["survey_share"]["unit"] == "percent"
    assert "project_year" in told_of["individuals"]["dimensions"]
    filters = {one["name"]: one for one in told_of["attendance_ratio"]["filters"]}
    assert filters["period_from"] == {
        "name": "period_from", "kind": "day", "required": False, "codes": None,
    }  # fmt: skip
    assert filters["kind"]["codes"] == ["learning_event", "cop_session"]
    assert filters["against_sector"]["required"]


@pytest.mark.parametrize("name", FIGURES)
async def test_every_figure_can_be_cut_by_all_its_dimensions_at_once(answer, take, name):
    await take(SURVEY, telling.attendance())
    asked = await answer(name, **needed_by(name), by=",".join(FIGURES[name].dimensions))
    columns = {"value", "numerator", "denominator", "withheld", "comparable", "caveats"}
    for row in asked["rows"]:
        assert row.keys() == {*asked["by"], *columns}


@pytest.mark.parametrize("name", FIGURES)
async def test_every_figure_can_be_filtered_by_everything_at_once(answer, take, name):
    event = telling.published(series="every-figure")
    session = telling.scheduled(learning_event_id=event.learning_event_id)
    organisation = telling.organisation()
    known = {
        "project_year": telling.project_year(),
        "item_key": telling.activity(item_key="every-figure"),
        "programme_period": telling.programme(),
        "partner_plan": telling.objective(partner_plan="every-figure"),
        "committed": telling.committed(),
        "theme": telling_change.themes("every-figure", respondent_group="every-figure"),
    }
    await take(SURVEY, event, session, organisation, *known.values())
    words = {
        Kind.DAY: lambda _: "2199-01-01",
        Kind.NUMBER: lambda _: "9",
        Kind.CHOICE: lambda one: one.codes[-1],
        Kind.CODES: lambda one: (
            one.codes[0]
            if one.codes
            else {
                **{name: codes[0] for name, codes in telling.WORDS.items()},
                "project_year": known["project_year"].code,
                "programme_period": known["programme_period"].code,
                "partner_plan": "every-figure",
                "theme": "every-figure",
                "respondent_group": "every-figure",
                "committed": str(known["committed"].organisation_id),
                "series": "every-figure",
                "workstream": "housing",
                "session": str(session.session_id),
                "learning_event": str(event.learning_event_id),
                "organisation": str(organisation.organisation_id),
                "item_key": "every-figure",
                "survey_key": "every-figure",
                "wave": SURVEY.wave,
                "question_code": "every.figure",
                "option_code": "yes",
            }[one.list_name]
        ),
    }
    query = {one.name: words[one.kind](one) for one in FIGURES[name].asked_with}
    understood = (await answer(name, **query))["filters"]
    assert understood.keys() == query.keys()


@pytest.mark.parametrize("name", FIGURES)
def test_every_table_that_a_figure_reads_is_held_while_it_counts(name):
    read = set(re.findall(r"(?:FROM|JOIN)\s+(\w+)", FIGURES[name].query))
    kept = {projection.name for projection in PROJECTIONS}
    assert FIGURES[name].fact.tables == tuple(sorted(read & kept))


async def test_a_figure_says_when_and_from_what_it_was_counted(take, reporting_http):
    await take(telling.attendance())
    answer = (await reporting_http.get("/figures/attendances?sector=voluntary,private")).json()
    assert list(answer) == [
        "name", "statement", "unit", "as_of", "journal_position", "audience", "by", "filters",
        "project_years", "recodings", "annotations", "caveats", "rows",
    ]  # fmt: skip
    newest = (await reporting_http.get("/journal")).json()["items"][0]
    assert answer["journal_position"] >= newest["position"]
    assert answer["as_of"] >= newest["received_at"]
    assert answer["filters"] == {"sector": ["voluntary", "private"]}


@pytest.mark.parametrize(
    ("query", "accept"),
    [({"format": "csv"}, "*/*"), ({}, "text/csv"), ({}, "text/csv, application/json;q=0.5")],
)
async def test_csv_says_the_same_as_json(take, reporting_http, query, accept):
    year = telling.project_year()
    sectors = ("voluntary", "voluntary", "statutory")
    await take(year, *(telling.attendance(sector=s, held_on=year.starts_on) for s in sectors))
    cut = {"by": "sector,project_year", "project_year": year.code}
    as_json = (await reporting_http.get("/figures/attendance_share", params=cut)).json()
    answer = await reporting_http.get(
        "/figures/attendance_share", params={**cut, **query}, headers={"Accept": accept}
    )
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="attendance_share.csv"'
    table = list(csv.DictReader(io.StringIO(answer.text)))
    rows = [
        {
            "sector": row["sector"],
            "project_year": row["project_year"],
            "value": float(row["value"]),
            "numerator": int(row["numerator"]),
            "denominator": int(row["denominator"]),
            "withheld": row["withheld"] == "true",
            "comparable": row["comparable"] == "true",
            "caveats": row["caveats"].split(),
        }
        for row in table
    ]
    assert rows == as_json["rows"]
    assert {row["figure"] for row in table} == {"attendance_share"}
    assert {int(row["journal_position"]) for row in table} == {as_json["journal_position"]}


@pytest.mark.parametrize("accept", ["application/json, text/csv;q=0.5", "*/*", "application/json"])
async def test_json_is_given_where_it_is_preferred(reporting_http, accept):
    answer = await reporting_http.get("/figures/individuals", headers={"Accept": accept})
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("text", ["=1+1", "+44", "-2", "@sum", "\tx"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(text):
    assert harmless(text) == f"'{text}"


def test_codes_and_numbers_stay_as_they_are():
    assert [harmless(cell) for cell in ("voluntary", 12, -3, None)] == ["voluntary", 12, -3, None]


async def test_an_unknown_figure_is_refused_and_the_known_ones_are_named(reporting_http):
    errors = await refused(reporting_http, "/figures/reservations")
    assert errors["/path/name"]["code"] == "unknown_figure"
    assert offered_in(errors["/path/name"]) == METRICS


async def test_an_unknown_filter_is_refused_with_those_there_are(reporting_http):
    errors = await refused(reporting_http, "/figures/attendances?sektor=voluntary&heard_about=x")
    assert errors.keys() == {"/query/sektor", "/query/heard_about"}
    assert errors["/query/sektor"]["code"] == "unknown_filter"
    assert {"by", "format", "period_from", "sector"} <= offered_in(errors["/query/sektor"])


async def test_an_unknown_dimension_is_refused_with_those_there_are(reporting_http):
    errors = await refused(reporting_http, "/figures/individuals?by=sector,person_id")
    assert errors["/query/by"]["code"] == "unknown_dimension"
    assert {"role_level", "month", "series"} <= offered_in(errors["/query/by"])


@pytest.mark.parametrize(
    ("address", "possible"),
    [
        ("attendances?sector=voluntary,volunteers", "private, statutory, voluntary"),
        ("attendances?kind=workshop", "learning_event, cop_session"),
        ("attendances?state=absent_no_show", "present, partial"),
        ("attendances?area=", "national"),
        ("hub_active_users?action=clicked", "viewed, downloaded"),
        ("survey_responses?respondent_work_field=gardening", "mental_health"),
        ("survey_responses?survey_key=nobody", "every-figure"),
        ("survey_responses?question_code=nobody", "every.figure"),
        ("survey_responses?option_code=perhaps", "yes"),
        ("survey_responses?wave=nobody", SURVEY.wave),
        ("survey_invitations?state=lost", "requested, sent, bounced, started, submitted"),
        ("repeat_attendance?band=3", "1, 2-4, 5+"),
    ],
)
async def test_an_unknown_code_is_refused_with_those_there_are(
    reporting_http, take, address, possible
):
    await take(SURVEY)
    errors = await refused(reporting_http, f"/figures/{address}")
    [error] = errors.values()
    assert error["pointer"] == f"/query/{address.partition('?')[2].partition('=')[0]}"
    assert error["code"] == "unknown_code"
    assert set(possible.split(", ")) <= offered_in(error)


async def test_an_unknown_choice_is_refused_with_those_there_are(reporting_http, take):
    await take(SURVEY)
    address = "/figures/survey_share?question_code=every.figure&by=option_code&base=everybody"
    errors = await refused(reporting_http, address)
    assert offered_in(errors["/query/base"]) == {"answered", "respondents"}


async def test_an_unknown_project_year_is_refused_with_those_that_were_told(reporting_http, take):
    year = telling.project_year()
    await take(year)
    errors = await refused(reporting_http, "/figures/attendances?project_year=year_five")
    assert errors["/query/project_year"]["code"] == "unknown_code"


async def test_the_words_of_a_filter_can_be_asked_for(reporting_http, take):
    await take(SURVEY)
    sectors = (await reporting_http.get("/codes/respondent_sector")).json()
    assert sectors["name"] == "respondent_sector"
    assert set(telling.WORDS["sector"]) <= set(sectors["codes"])
    questions = (await reporting_http.get("/codes/question_code")).json()
    assert "every.figure" in questions["codes"]


async def test_words_of_a_filter_that_is_none_are_refused_with_those_there_are(reporting_http):
    errors = await refused(reporting_http, "/codes/colour")
    assert {"sector", "wave", "item_key"} <= offered_in(errors["/path/name"])


async def test_a_long_list_of_what_is_possible_is_cut(reporting_http, take):
    await take(*(telling.activity(item_key=f"res-{place}") for place in range(101)))
    errors = await refused(reporting_http, "/figures/hub_active_users?item_key=book")
    assert errors["/query/item_key"]["detail"].endswith("more.")


@pytest.mark.parametrize(
    ("address", "missing"),
    [
        ("attendance_ratio", {"sector", "against_sector"}),
        ("attendance_ratio?sector=private", {"against_sector"}),
        ("question_responses", {"question_code"}),
        ("survey_share?by=option_code", {"question_code"}),
        ("rank_score?question_code=every.figure", {"items_offered"}),
        ("rank_position?items_offered=9", {"question_code"}),
    ],
)
async def test_what_a_figure_needs_is_asked_for(reporting_http, take, address, missing):
    await take(SURVEY)
    errors = await refused(reporting_http, f"/figures/{address}")
    assert errors.keys() == {f"/query/{name}" for name in missing}
    assert {error["code"] for error in errors.values()} == {"missing"}


async def test_a_figure_about_one_question_takes_one(reporting_http, take):
    await take(SURVEY, telling.question(code="another"))
    address = "/figures/rank_score?question_code=every.figure,another&items_offered=9"
    errors = await refused(reporting_http, address)
    assert errors["/query/question_code"]["code"] == "only_one"


@pytest.mark.parametrize("number", ["0", "-1", "1000", "nine", "1e3", ""])
async def test_a_number_that_is_none_is_refused(reporting_http, take, number):
    await take(SURVEY)
    address = f"/figures/rank_score?question_code=every.figure&items_offered={number}"
    errors = await refused(reporting_http, address)
    assert errors["/query/items_offered"]["code"] == "not_a_number"


@pytest.mark.parametrize("day", ["yesterday", "20180401", "2018-W14-7", "2018-02-30", ""])
async def test_a_day_that_is_none_is_refused(reporting_http, day):
    errors = await refused(reporting_http, f"/figures/attendances?period_from={day}")
    assert errors["/query/period_from"]["code"] == "not_a_day"


@pytest.mark.parametrize(
    ("figure", "asked"),
    [
        ("attendances", {"period_from": "0809-04-01", "period_to": "0810-03-31"}),
        ("attendances", {"period_to": "0817-09-30"}),
        ("hub_registrations", {"as_of": "0817-09-30"}),
    ],
)
async def test_a_time_before_the_project_began_is_answered_with_its_years(
    reporting_http, take, figure, asked
):
    await take(telling.project_year())
    answer = await reporting_http.get(f"/figures/{figure}", params=asked)
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["pointer"] == f"/query/{[*asked][-1]}"
    assert error["code"] == "before_project"
    assert "began (" in error["detail"]


async def test_a_time_that_begins_before_the_project_and_ends_in_it_is_counted(answer):
    for asked in ({"period_from": "2010-01-01"}, {"period_to": "2017-10-01"}):
        [row] = (await answer("attendances", **asked))["rows"]
        assert row["value"] >= 0


async def test_a_last_day_before_the_first_is_refused(reporting_http):
    period = "period_from=2018-04-02&period_to=2018-04-01"
    errors = await refused(reporting_http, f"/figures/bookings?{period}")
    assert errors["/query/period_to"]["code"] == "before_first"


async def test_an_unknown_format_is_refused(reporting_http):
    errors = await refused(reporting_http, "/figures/bookings?format=pdf")
    assert "json, csv" in errors["/query/format"]["detail"]


async def test_figures_and_journal_are_not_for_everybody(house):
    async with house.http("reporting") as http:
        member = house.authorised(Role.MEMBER)
        for path in ("/figures/attendances", "/codes/wave", "/journal"):
            assert (await http.get(path)).status_code == 401
            assert (await http.get(path, headers=member)).status_code == 403
        assert (await http.get("/figures")).status_code == 200
