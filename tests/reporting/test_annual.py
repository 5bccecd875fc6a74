"""The annual report: of one moment, as a page and on paper, for the team and for everybody."""

import io
import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from pypdf import PdfReader

import telling
import telling_change
from pdu_shared.access import Role
from pdu_shared.contracts.resources.survey import Option

FEW = 2


@pytest.fixture(scope="session")
async def year(take):
    """A year of which there is something to tell, after one that was not whole."""
    part = telling.project_year(
        label="Year A", starts_on=date(1960, 10, 1), ends_on=date(1961, 3, 31), is_partial=True
    )
    whole = telling.project_year(
        label="Year B", starts_on=date(1961, 4, 1), ends_on=date(1962, 3, 31)
    )
    event = telling.published(workstreams=("housing",))
    question = telling.question(
        code="annual.greater",
        wording="Do you understand more than before?",
        options=(Option(code="much", label="Much more"), Option(code="none", label="No more")),
    )
    people = [uuid4() for _ in range(20)]
    at = {"learning_event_id": event.learning_event_id}
    sectors = [*["voluntary"] * 36, *["statutory"] * 12, *["private"] * FEW]
    came = [
        telling.attendance(sector=sector, person_id=people[n % 20], held_on=whole.starts_on, **at)
        for n, sector in enumerate(sectors)
    ]
    before = [telling.attendance(held_on=part.starts_on, **at) for _ in range(31)]
    answers = [
        telling.submitted(
            telling.answered("annual.greater", options=(option,)),
            survey_key="annual",
            submitted_on=whole.starts_on,
        )
        for option in ["much"] * 25 + ["none"] * 8
    ]
    members = [telling.member(registered_on=whole.starts_on, person_id=one) for one in people[:7]]
    impacts = [
        telling_change.impact(happened_on=whole.starts_on, aims=("works_as_one", "resilience"))
        for _ in range(6)
    ]
    await take(part, whole, event, question, *came, *before, *answers, *members, *impacts)
    return whole


@pytest.fixture(scope="session")
async def report(reporting_http, year):
    async def asked(**query):
        answer = await reporting_http.get(
            "/reports/annual", params={"project_year": year.code, **query}
        )
        assert answer.status_code == 200, answer.text
        return answer

    return asked


@pytest.fixture(scope="session")
async def told(report):
    return (await report(format="json", audience="team")).json()


def parts_of(told):
    return [part for section in told["sections"] for part in section["parts"]]


def part(told, figure, by):
    [found] = [
        one
        for one in parts_of(told)
        if one["figure"] == figure and f"by={by}&" in one["address"].replace("audience", "&")
    ]
    return found


async def test_a_report_has_the_figures_of_its_year(told):
    numbers = {one["name"]: one["value"] for one in told["numbers"]}
    assert (numbers["Attendances"], numbers["Individuals"]) == ("50", "20")
    assert numbers["New users of the hub"] == "7"
    assert told["title"] == "Annual report: Year B"
    assert (told["is_partial"], told["in_progress"]) == (False, False)


async def test_every_part_can_be_asked_for_again_and_is_the_same(told, reporting_http):
    for one in parts_of(told):
        answer = (await reporting_http.get(one["address"])).json()
        assert len(answer["rows"]) == len(one["rows"]) + len(one["apart"]), one["address"]


async def test_years_that_are_not_whole_stand_apart(told):
    one = part(told, "attendances", "project_year")
    assert ["Year A", "31"] in one["apart"]
    assert ["Year B", "50"] in one["rows"]
    assert "Year A" not in (one["svg"] or "")


async def test_the_answers_to_a_question_stand_under_its_words_and_in_its_order(told):
    [one] = [part for part in parts_of(told) if "annual.greater" in part["address"]]
    assert one["title"] == "Do you understand more than before?"
    assert [row[0] for row in one["rows"]] == ["Much more", "No more"]
    assert one["rows"][0][-1] == "25 of 33"


async def test_who_is_told_what_is_withheld_and_what_is_not(report, told, sector):
    everybody = (await report(format="json")).json()
    assert everybody["audience"] == "published"
    private = await sector("private")
    assert [private, str(FEW)] in part(told, "attendances", "sector")["rows"]
    shown = part(everybody, "attendances", "sector")
    assert [private, "[c]"] in shown["rows"]
    assert f">{FEW}<" not in shown["svg"]


async def test_all_figures_of_a_report_are_from_one_moment(told):
    assert told["journal_position"] > 0
    assert {one["figure"] for one in told["definitions"]} >= {
        one["figure"] for one in parts_of(told)
    }


class Outline(HTMLParser):
    """What a screen reader is told of a page."""

    def __init__(self):
        super().__init__()
        self.levels, self.tables, self.captions, self.pictures, self.unscoped = [], 0, 0, [], 0

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        self.tables += tag == "table"
        self.captions += tag == "caption"
        self.unscoped += tag == "th" and "scope" not in told
        if tag == "svg":
            self.pictures.append(bool(told.get("aria-labelledby") and told.get("role") == "img"))


async def test_a_page_can_be_followed_by_whoever_does_not_see_it(report):
    answer = await report()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    outline = Outline()
    outline.feed(answer.text)
    steps = zip(outline.levels, outline.levels[1:], strict=False)
    assert all(deeper - level <= 1 for level, deeper in steps)
    assert outline.levels.count(1) == 1
    assert outline.tables == outline.captions > 0
    assert outline.pictures
    assert all(outline.pictures)
    assert outline.unscoped == 0
    assert "style=" not in answer.text
    assert "<script" not in answer.text
    assert "style-src 'sha256-" in answer.headers["content-security-policy"]


def elements(node):
    """Every element of a PDF's structure."""
    node = node.get_object()
    if isinstance(node, list):
        for one in node:
            yield from elements(one)
    elif hasattr(node, "get"):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node["/K"])


async def test_paper_can_be_followed_by_whoever_does_not_see_it(report):
    answer = await report(format="pdf", audience="team")
    assert answer.headers["content-type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Annual report: Year B"
    assert "pdfuaid:part>1<" in reader.xmp_metadata.stream.get_data().decode()
    found = list(elements(root["/StructTreeRoot"]["/K"]))
    kinds = {one["/S"] for one in found}
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Figure"} <= kinds
    pictures = [one for one in found if one["/S"] == "/Figure"]
    assert pictures
    assert all(one.get("/Alt") for one in pictures)
    headings = [one for one in found if one["/S"] == "/TH"]
    assert all(one["/A"] for one in headings)
    text = "".join(page.extract_text() for page in reader.pages)
    assert "What the figures count" in text
    assert len(reader.outline) > 0


async def test_the_same_report_gives_the_same_bytes(report):
    first, second = [(await report(format="pdf")).content for _ in range(2)]
    assert first == second


async def test_text_that_looks_like_mark_up_is_text(take, reporting_http):
    label = '<b>#panic("x") & _y_ $z$ [w]</b>'
    odd = telling.project_year(label=label)
    await take(odd, telling.attendance(held_on=odd.starts_on))
    asked = {"project_year": odd.code, "audience": "team"}
    page = await reporting_http.get("/reports/annual", params=asked)
    assert "<b>" not in page.text
    assert "&lt;b&gt;#panic(" in page.text
    paper = await reporting_http.get("/reports/annual", params={**asked, "format": "pdf"})
    assert PdfReader(io.BytesIO(paper.content)).metadata.title == f"Annual report: {label}"


async def test_a_year_of_which_nothing_is_told_has_a_report_too(take, reporting_http):
    empty = telling.project_year()
    await take(empty)
    for form in ("html", "pdf", "json"):
        asked = {"project_year": empty.code, "format": form}
        answer = await reporting_http.get("/reports/annual", params=asked)
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("", "/query/project_year"),
        ("project_year=nought", "/query/project_year"),
        ("project_year=nought&format=docx", "/query/format"),
        ("project_year=nought&audience=friends", "/query/audience"),
    ],
)
async def test_a_report_that_cannot_be_is_refused(reporting_http, year, query, pointer):
    answer = await reporting_http.get(f"/reports/annual?{query}")
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["pointer"] == pointer
    if error["code"] == "unknown_code":
        assert year.code in error["detail"]


async def test_funders_have_what_is_published_of_years_that_are_over(house, year, take):
    today = datetime.now(UTC).date()
    days = {"starts_on": today - timedelta(days=3), "ends_on": today + timedelta(days=3)}
    now = telling.project_year(**days)
    await take(now)
    async with house.http("reporting") as http:
        for role in (Role.COMMISSIONER_FUNDER, Role.STEERING_GROUP):
            http.headers.update(house.authorised(role))
            for code, audience, status in (
                (year.code, "published", 200),
                (year.code, "team", 403),
                (now.code, "published", 422),
            ):
                asked = {"project_year": code, "audience": audience, "format": "json"}
                answer = await http.get("/reports/annual", params=asked)
                assert answer.status_code == status, answer.text


async def test_a_report_is_not_for_everybody(house, year):
    async with house.http("reporting") as http:
        address = f"/reports/annual?project_year={year.code}"
        assert (await http.get(address)).status_code == 401
        as_member = house.authorised(Role.MEMBER)
        assert (await http.get(address, headers=as_member)).status_code == 403
