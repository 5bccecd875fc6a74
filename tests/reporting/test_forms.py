"""The forms in which an answer is given: each is read back by another program than wrote it."""

import io
import json
import xml.etree.ElementTree as ET
from datetime import date

import duckdb
import pytest
from openpyxl import load_workbook

import telling
from pdu_shared.contracts.resources.survey import Option

SVG = "{http://www.w3.org/2000/svg}"
CUT = {"by": "sector,project_year"}


@pytest.fixture(scope="session")
async def year(take):
    told = telling.project_year()
    days = {"held_on": told.starts_on}
    sectors = ["voluntary"] * 31 + ["statutory"] * 4
    await take(told, *(telling.attendance(sector=one, **days) for one in sectors))
    return told


@pytest.fixture(scope="session")
async def ask(reporting_http, year):
    async def given(form, name="attendance_share", **query):
        params = {**CUT, "project_year": year.code, **query, "format": form}
        answer = await reporting_http.get(f"/figures/{name}", params=params)
        assert answer.status_code == 200, answer.text
        return answer

    return given


async def test_a_workbook_has_the_rows_and_a_sheet_that_explains_them(ask):
    told = (await ask("json")).json()
    book = load_workbook(io.BytesIO((await ask("xlsx")).content))
    headings, *rows = book["Figures"].iter_rows(values_only=True)
    found = [dict(zip(headings, row, strict=True)) for row in rows]
    assert [(row["sector"], row["value"], row["denominator"]) for row in found] == [
        (row["sector"], row["value"], row["denominator"]) for row in told["rows"]
    ]
    about = dict(book["About"].iter_rows(values_only=True))
    assert about["attendance_share"] == told["statement"]
    assert json.loads(about["filters"]) == told["filters"]
    assert "n." in about["column denominator"]


async def test_parquet_is_read_by_others_and_says_what_it_is(ask, tmp_path):
    told = (await ask("json")).json()
    file = tmp_path / "share.parquet"
    file.write_bytes((await ask("parquet")).content)
    with duckdb.connect() as db:
        rows = db.execute(
            "SELECT sector, value, numerator, comparable FROM read_parquet(?)", [str(file)]
        ).fetchall()
        [(kept,)] = db.execute(
            "SELECT value FROM parquet_kv_metadata(?) WHERE key = 'pdu'", [str(file)]
        ).fetchall()
    assert rows == [
        (row["sector"], row["value"], row["numerator"], row["comparable"]) for row in told["rows"]
    ]
    about = json.loads(kept)
    assert about["journal_position"] == told["journal_position"]
    assert about["columns"]["sector"].startswith("Code of the sector")


async def test_a_range_is_text_in_parquet_and_the_times_are_times(ask, tmp_path):
    file = tmp_path / "range.parquet"
    file.write_bytes(
        (await ask("parquet", "attendance_range_per_session", by="project_year")).content
    )
    with duckdb.connect() as db:
        kinds = db.execute("SELECT typeof(value), typeof(as_of) FROM read_parquet(?)", [str(file)])
        assert kinds.fetchone() == ("VARCHAR", "TIMESTAMP WITH TIME ZONE")


async def test_csv_names_the_place_of_its_description(ask, reporting_http):
    table = await ask("csv")
    place = table.links["describedby"]
    assert place["type"] == "application/csvm+json"
    about = await reporting_http.get(f"/figures/{place['url']}")
    assert about.headers["content-type"] == "application/csvm+json"
    described = about.json()
    names = [column["name"] for column in described["tableSchema"]["columns"]]
    assert names == table.text.partition("\r\n")[0].split(",")
    assert described["url"].startswith("attendance_share?by=sector,project_year")
    again = await reporting_http.get(f"/figures/{described['url']}")
    assert again.text == table.text
    assert described["notes"][0]["unit"] == "percent"


async def test_a_drawing_stands_alone_and_tells_its_numbers_in_words(ask, year, sector):
    drawing = ET.fromstring((await ask("svg", "attendances", by="sector")).text)  # noqa: S314
    assert drawing.get("viewBox")
    [title, words] = drawing.find(f"{SVG}title"), drawing.find(f"{SVG}desc")
    assert drawing.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
    most, least = await sector("voluntary"), await sector("statutory")
    assert title.text == f"Attendances: {most} has most, 31"
    assert words.text == f"{most}: 31; {least}: 4."
    assert all("style" not in one.attrib for one in drawing.iter())
    seen = [one.text for one in drawing.iter(f"{SVG}text")]
    assert seen[:2] == [title.text, f"Attendances by sector; project year: {year.label}; n = 35"]


async def test_a_chart_for_a_page_fills_its_column_and_comes_with_its_words(ask, year):
    told = (await ask("chart", "attendances")).json()
    assert 'width="100%"' in told["svg"]
    assert "viewBox" not in told["svg"]
    assert told["title"] == "Attendances by sector and project year"
    assert f"project year: {year.label}" in told["subtitle"]
    assert "n = 35" in told["subtitle"]
    assert told["answer"]["rows"]


async def test_what_is_withheld_says_so_in_every_form(ask, tmp_path):
    for_all = {"by": "sector", "audience": "published"}
    table = (await ask("csv", "attendances", **for_all)).text.splitlines()
    assert {line.split(",")[1] for line in table[1:]} == {"[c]"}
    book = load_workbook(io.BytesIO((await ask("xlsx", "attendances", **for_all)).content))
    assert {row[1] for row in book["Figures"].iter_rows(min_row=2, values_only=True)} == {"[c]"}
    file = tmp_path / "withheld.parquet"
    file.write_bytes((await ask("parquet", "attendances", **for_all)).content)
    with duckdb.connect() as db:
        rows = db.execute("SELECT DISTINCT value, withheld FROM read_parquet(?)", [str(file)])
        assert rows.fetchall() == [(None, True)]
    chart = (await ask("chart", "attendances", **for_all)).json()
    assert chart["svg"].count("withheld [c]") == len(table) - 1
    assert "31" not in chart["svg"]
    assert chart["title"] == "Attendances by sector"
    assert any("recognised" in note for note in chart["notes"])


async def test_a_share_of_few_is_drawn_as_counts(ask, take, year):
    met = {"event_kind": "cop_session", "held_on": year.starts_on}
    await take(telling.attendance(sector="private", **met))
    words = (await ask("chart", kind="cop_session", by="sector")).json()
    assert "1 of 1" in words["svg"]
    assert any("counts only" in note for note in words["notes"])


async def test_answers_that_exclude_one_another_share_one_bar_in_their_order(ask, take):
    question = telling.question(
        code="forms.greater",
        options=(
            Option(code="much", label="Much greater"),
            Option(code="none", label="No greater"),
        ),
    )
    survey = {"survey_key": "forms-survey"}
    given = [*["none"] * 3, *["much"] * 9]
    await take(
        question,
        *(
            telling.submitted(telling.answered("forms.greater", options=(one,)), **survey)
            for one in given
        ),
    )
    asked = {"question_code": "forms.greater", "by": "option_code", "project_year": ()}
    told = (await ask("chart", "survey_share", **asked)).json()
    assert told["svg"].count("<rect") == 4
    assert told["svg"].index("Much greater") < told["svg"].index("No greater")


async def test_a_part_year_is_hatched_and_says_how_long_it_was(ask, take):
    days = {"starts_on": date(1950, 10, 1), "ends_on": date(1951, 3, 31)}
    part = telling.project_year(is_partial=True, **days)
    await take(part, telling.attendance(held_on=part.starts_on))
    drawing = (await ask("svg", "attendances", by="project_year", project_year=part.code)).text
    assert "<pattern" in drawing
    assert "6 months" in drawing


@pytest.mark.parametrize(
    ("name", "query", "pointer"),
    [
        ("attendances", {}, "/query/by"),
        ("attendances", {"by": "sector,area,kind"}, "/query/by"),
        ("repeat_attendance_band", {"by": "sector"}, "/query/format"),
    ],
)
async def test_what_cannot_be_drawn_is_refused_with_what_can(reporting_http, name, query, pointer):
    for form in ("svg", "chart"):
        answer = await reporting_http.get(f"/figures/{name}", params={**query, "format": form})
        assert answer.status_code == 422
        assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


async def test_a_table_without_rows_is_not_drawn(reporting_http, take):
    nobody_came = telling.project_year()
    await take(nobody_came)
    query = {"by": "sector", "project_year": nobody_came.code}
    for form in ("svg", "chart"):
        answer = await reporting_http.get("/figures/attendances", params={**query, "format": form})
        assert answer.status_code == 422
        assert [one["pointer"] for one in answer.json()["errors"]] == ["/query"]


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("image/svg+xml", "image/svg+xml"),
        ("application/vnd.apache.parquet", "application/vnd.apache.parquet"),
        ("text/csv;q=0.9, application/json", "text/csv; charset=utf-8"),
        ("*/*", "application/json"),
    ],
)
async def test_the_form_that_is_accepted_first_is_given(reporting_http, year, accept, form):
    query = {"by": "sector", "project_year": year.code}
    answer = await reporting_http.get(
        "/figures/attendances", params=query, headers={"Accept": accept}
    )
    assert answer.headers["content-type"] == form
