"""The figures: published for everybody, counted for the team, and open to how they were made."""

import re
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest

from portal.figures_stand_in import counted
from portal.signing_in import a_key, signed_in

FOR_THE_TEAM = ("/figures/attendances", "/figures/attendances/messages", "/figures/snapshots")


@pytest.fixture
def it(town):
    return counted(town)


@pytest.fixture
def evaluator(site):
    return signed_in(site, "evaluator")


def test_whoever_is_not_of_the_team_sees_only_what_is_published(it, site):
    for role in ("", "member", "steering_group", "commissioner_funder"):
        if role:
            signed_in(site, role)
        only_what_is_published(it, site)


def only_what_is_published(it, site):
    for path in ("/figures", "/figures?view=team", "/figures?view="):
        page = site.get(path).text
        assert ">940<" in page
        assert "[c]" in page
        assert ">947<" not in page
    for path in FOR_THE_TEAM:
        assert site.get(path).status_code in {303, 403}
    assert it.asked == []


@pytest.mark.usefixtures("it")
def test_what_is_withheld_is_no_zero_and_no_gap(site):
    page = site.get("/figures").text
    sectors = page[page.index("Attendances by sector") :]
    assert sectors.count('class="hidden-cell"') >= 2
    drawn = re.findall(r'<rect[^>]*class="withheld"[^>]*>', sectors)
    assert len(drawn) == 2, "no bar says how long it would be"
    assert all('width="2em"' in one for one in drawn)
    assert "[c] is withheld, so that nobody can be recognised" in sectors
    assert "individuals came to at least one session" in page


@pytest.mark.usefixtures("it")
def test_a_published_year_that_is_not_whole_says_so(site):
    page = site.get("/figures/published/attendances").text
    assert "6 months" in page
    assert "Year 1 is not a whole year and stays out of comparisons." in page
    assert 'class="part"' in page


@pytest.mark.usefixtures("it")
def test_a_published_table_says_how_it_is_counted(site):
    page = site.get("/figures/published/attendances.sector").text
    assert "How attendances.sector is counted." in page
    assert "Voluntary and community" in page
    assert "Not asked or not told" in page
    assert site.get("/figures/published/attendances.moon").status_code == 404


def test_nothing_published_and_nobody_who_answers_are_two_things(it, site):
    it.published = {"tables": []}
    assert "Nothing is published yet" in site.get("/figures").text
    with it.town.services["reporting"].away():
        page = site.get("/figures")
    assert (page.status_code, "The figures cannot be shown just now" in page.text) == (200, True)


@pytest.mark.usefixtures("it", "evaluator")
def test_the_team_sees_each_figure_with_finding_chart_table_caveats_and_files(site):
    page = site.get("/figures").text
    assert "attendances rose" in page
    assert '<svg class="chart" role="img"' in page
    assert "Mind this." in page
    assert "48% (36 of 75)" in page
    assert "Attendances and individuals are two counts" in page
    assert "There is nothing of this yet." in page  # no impacts
    assert "Year 1 is not a whole year and stays out of comparisons." in page
    for words in ("How this is counted", "CSV", "JSON", "The messages behind it"):
        assert words in page
    assert "940" in site.get("/figures?view=published").text


@pytest.mark.usefixtures("evaluator")
def test_a_year_and_a_theme_are_asked_of_the_figures_that_have_them(it, site):
    it.definitions[0]["filters"] = [{"name": "project_year", "kind": "codes"}]
    site.get("/figures?project_year=y2&workstream=housing")
    for one in it.asked:
        assert one["project_year"] == "y2"
        assert ("workstream" in one) == (one["name"] != "attendances")


@pytest.mark.usefixtures("evaluator")
def test_figures_that_catch_up_say_from_when_they_are(it, site):
    assert "catching up" not in site.get("/figures").text
    it.town.services["reporting"].answers["GET /metrics"] = lambda *_: (
        200,
        "pdu_projection_lag_seconds 95.0\n",
    )
    page = site.get("/figures").text
    assert re.search(r"Figures from [\d:]+[ap]m, .*; catching up", page)


@pytest.mark.usefixtures("evaluator")
def test_a_drawing_that_does_more_than_draw_is_left_out(it, site):
    for svg in (
        "<svg><script>alert(1)</script></svg>",
        '<svg onload="alert(1)"></svg>',
        "<svg><a href='https://evil.example.org'>x</a></svg>",
        '<svg style="color: red"></svg>',
        "<p>no drawing</p>",
    ):
        it.svg = svg
        page = site.get("/figures/attendances?by=sector").text
        assert svg not in page
        assert "Voluntary and community" in page


@pytest.mark.usefixtures("evaluator")
def test_one_figure_has_its_definition_files_and_messages(it, site):
    page = site.get("/figures/attendances?by=sector&sector=voluntary&colour=green").text
    assert "How attendances are counted." in page
    assert it.asked[-1] == {
        "name": "attendances", "by": "sector", "sector": "voluntary", "format": "chart"
    }  # fmt: skip
    [csv] = re.findall(r'href="(/figures/attendances/file\?format=csv&[^"]*)"', page)
    file = site.get(csv.replace("&amp;", "&"))
    assert file.text == "sector,value\nvoluntary,252\n"
    assert file.headers["content-disposition"] == 'attachment; filename="attendances.csv"'
    behind = site.get("/figures/attendances/messages?by=sector")
    assert "AttendanceRecorded" in behind.text.replace("<wbr>", "")
    assert "?after=1&amp;by=sector" in behind.text


@pytest.mark.usefixtures("it", "evaluator")
@pytest.mark.parametrize("path", ["/figures/moon", "/figures/..%2Fjournal", "/figures/Attendances"])
def test_a_figure_that_there_is_not_is_not_asked_for(it, site, path):
    assert site.get(path).status_code == 404
    assert it.asked == []
    assert site.get("/figures/attendances/file?format=exe").status_code == 404


@pytest.mark.usefixtures("evaluator")
def test_what_reporting_refuses_costs_the_figure_only(it, site):
    errors = [{"pointer": "/query/sector", "code": "unknown_code", "detail": "One of these: a, b."}]
    it.refusal = (422, {"title": "No.", "status": 422, "errors": errors})
    page = site.get("/figures/attendances?sector=moon")
    assert (page.status_code, "One of these: a, b." in page.text) == (200, True)


def test_figures_are_frozen_once_and_compared(it, site, evaluator):
    sent = {"key": a_key(evaluator), "title": "Before year 4", "kind": "baseline"}
    first, second = site.post("/figures/snapshots", data=sent), site.get("/figures/snapshots")
    assert first.status_code == 303
    assert it.frozen == [{"kind": "baseline", "title": "Before year 4"}]
    assert "Before year 4" in second.text
    page = site.get(first.headers["location"]).text
    assert "1 of 2 tables are the same" in page
    assert "+2" in page
    assert "2 messages came in late" in page
    other = it.snapshot(title="Another one")
    beside = f"{first.headers['location']}?beside={other['snapshot_id']}"
    assert "beside Another one" in site.get(beside).text
    assert site.get(f"{first.headers['location']}?beside=moon").status_code == 200
    assert site.get(f"/figures/snapshots/{uuid4()}").status_code != 500


def test_what_is_missing_to_freeze_is_said_and_kept(it, site, evaluator):
    page = site.post("/figures/snapshots", data={"key": a_key(evaluator), "title": "Spring"})
    assert page.status_code == 422
    assert "Choose what it is for" in page.text
    assert 'value="Spring"' in page.text
    assert it.frozen == []


@pytest.mark.parametrize("path", ["/", "/impact"])
def test_pages_for_everybody_begin_with_what_is_published(it, site, path):
    page = site.get(path).text
    assert "attendances at sessions" in page
    assert ">1,345<" in page
    it.published = {"tables": []}
    assert "Who takes part" not in site.get(path).text
    with it.town.services["reporting"].away():
        assert site.get(path).status_code == 200


@pytest.mark.parametrize(
    ("role", "view", "audience"),
    [
        ("evaluator", "", "published"),
        ("evaluator", "?view=team", "team"),
        ("steering_group", "?view=team", "published"),
        ("commissioner_funder", "", "published"),
    ],
)
def test_the_report_is_for_whom_it_may_be(it, site, role, view, audience):
    signed_in(site, role)
    page = site.get("/figures/report").text
    assert "Year 2" in page
    assert ("For the team" in page) == (role == "evaluator")
    paper = site.get(f"/figures/report/y2.pdf{view}")
    assert paper.text == "%PDF of the year"
    expected = {"path": "/reports/annual", "project_year": "y2", "format": "pdf"}
    assert it.asked[-1] == expected | {"audience": audience}
    kept = site.get("/figures/report/y2.zip")
    assert kept.headers["content-disposition"] == 'attachment; filename="evidence-y2.zip"'
    assert site.get("/figures/report/y2%26audience=team.pdf").status_code == 404


def test_a_report_that_cannot_be_had_yet_says_why(it, site):
    signed_in(site, "steering_group")
    fault = {"pointer": "/query/project_year", "code": "in_progress", "detail": "When it is over."}
    it.refusal = (422, {"title": "No.", "status": 422, "errors": [fault]})
    page = site.get("/figures/report/y2.pdf")
    assert (page.status_code, "When it is over." in page.text) == (422, True)


@pytest.mark.usefixtures("it", "evaluator")
def test_what_was_published_stands_beside_what_is_counted(site):
    page = site.get("/figures/claims").text
    assert "947 individuals were reached." in page
    assert ">946<" in page
    assert "Shares of another base" in page
    assert "Printed as 36 of 75." in page
    signed_in(site, "steering_group")
    assert site.get("/figures/claims").status_code == 403


@pytest.mark.usefixtures("it")
def test_a_published_table_is_taken_along_as_csv_json_and_svg(site):
    page = site.get("/figures/published/attendances.sector").text
    assert "The messages behind it" not in page
    here = "/figures/published/attendances.sector/file"
    table = site.get(f"{here}.csv")
    assert table.headers["content-type"].startswith("text/csv")
    lines = table.text.splitlines()
    assert lines[0].startswith("sector,value,numerator,denominator,withheld")
    assert lines[1].startswith("voluntary,252,,,false")
    assert lines[2].startswith("private,,,,true"), "what is withheld has no number"
    assert site.get(f"{here}.json").json()["rows"][0]["value"] == 252
    drawn = site.get(f"{here}.svg")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert drawn.text.count('stroke-dasharray="4 3"') == 2
    assert "[c] is withheld" in drawn.text
    ET.fromstring(drawn.text)  # noqa: S314 - our own
    for nothing in (f"{here}.exe", "/figures/published/attendances.moon/file.csv"):
        assert site.get(nothing).status_code == 404


def test_a_cell_that_a_workbook_would_run_is_text(it, site):
    it.published["tables"][1]["rows"][0]["sector"] = "=1+1"
    assert "'=1+1,252" in site.get("/figures/published/attendances.sector/file.csv").text


@pytest.mark.usefixtures("it", "evaluator")
def test_every_figure_opens_to_how_it_was_made(site):
    one = site.get("/figures/published/attendances.sector").text
    assert 'href="/figures/attendances?by=sector"' in one
    assert 'href="/figures/individuals_reached"' in site.get("/figures").text
    assert 'href="/figures/individuals_reached"' in site.get("/figures/claims").text


def test_figures_are_frozen_up_to_a_day_or_published_anew(it, site, evaluator):
    def freeze(**said):
        sent = {"key": a_key(evaluator), "title": "Spring", **said}
        return site.post("/figures/snapshots", data=sent, follow_redirects=False)

    assert 'name="anew:y1"' in site.get("/figures/snapshots").text
    assert freeze(kind="report", up_to="2027-03-31").status_code == 303
    assert it.frozen[-1] == {"kind": "report", "title": "Spring", "up_to": "2027-03-31"}
    assert freeze(kind="published", **{"anew:y1": "yes"}).status_code == 303
    assert it.frozen[-1] == {"kind": "published", "title": "Spring", "anew": ["y1"]}
    wrong = freeze(kind="report", **{"anew:y1": "yes"})
    assert (wrong.status_code, "Only what is published" in wrong.text) == (422, True)
    late = freeze(kind="published", up_to="2027-03-31")
    assert "what is published has no last day" in late.text


def test_a_report_is_also_a_page_to_keep_and_so_is_that_of_a_snapshot(it, site, evaluator):
    del evaluator
    kept = site.get("/figures/report/y2.html")
    assert kept.headers["content-disposition"] == 'attachment; filename="report-y2.html"'
    assert it.asked[-1]["format"] == "html"
    one = it.snapshot()["snapshot_id"]
    assert f"{one}/report.pdf" in site.get(f"/figures/snapshots/{one}").text
    paper = site.get(f"/figures/snapshots/{one}/report.pdf")
    assert it.asked[-1] == {"path": f"/reports/snapshots/{one}", "format": "pdf"}
    assert "attachment" in paper.headers["content-disposition"]
    assert site.get(f"/figures/snapshots/{one}/report.exe").status_code == 404
