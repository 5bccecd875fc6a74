"""The records that come with the tests say what their stories say, counted without the platform."""

import json
from collections import Counter
from decimal import Decimal

import pytest

from spreadsheet import Spreadsheet, as_printed
from structure import ROOT

DATA = ROOT / "tests/data"
FIGURES = [
    pytest.param(folder, figure, id=figure["id"])
    for folder in ("2019", "2021")
    for figure in json.loads((DATA / folder / "expected.json").read_text("utf-8"))
]
PERCENT = {"attendance_share", "hub_registration_share", "survey_share", "response_rate"}


@pytest.fixture(scope="module", params=["2019", "2021"])
def sheet(request):
    return Spreadsheet.of(DATA / request.param)


@pytest.mark.parametrize(("folder", "figure"), FIGURES)
def test_a_spreadsheet_gives_every_expected_figure(folder, figure):
    counted = Spreadsheet.of(DATA / folder).figure(figure["metric"], figure["filter"])
    if isinstance(counted, tuple):
        assert counted == (figure["numerator"], figure["denominator"])
        counted = as_printed(counted, times=100 if figure["metric"] in PERCENT else 1)
    if isinstance(counted, str):
        assert counted == figure["value"]
    else:
        assert abs(counted - Decimal(str(figure["value"]))) <= Decimal(str(figure["tolerance"]))


def test_nobody_in_the_records_exists(sheet):
    people = {row["person"] for rows in sheet.rows.values() for row in rows if "person" in row}
    assert {address.partition("@")[2] for address in people} == {"example.org"}


def test_a_complete_ranking_has_the_average_of_its_places():
    sheet = Spreadsheet.of(DATA / "2021")
    asked = {"survey_key": "evaluation", "question_code": "ev.rank_challenge"}
    items = {row["option_code"] for row in sheet.answers(asked)}
    scores = [
        sheet.figure("rank_score", {**asked, "option_code": [item], "items_offered": 9})
        for item in items
    ]
    assert sum(score[0] for score in scores) == 44 * 45  # (9 + 1) / 2 for each item and person


def test_no_complete_ranking_gives_a_place_twice():
    places = Counter(
        (row["response_key"], row["question_code"], row["rank"])
        for row in Spreadsheet.of(DATA / "2021").rows["survey_answers"]
        if row["rank"]
    )
    assert set(places.values()) == {1}
