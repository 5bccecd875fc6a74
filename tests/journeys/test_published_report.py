"""Records in, the published report out: through files, services and bus to every figure printed."""

import asyncio
import csv
import os
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx
import pytest

import a
from eventually import until
from house import House, a_house, service
from pdu_local.choice import AMQP_URL, DATABASE_URL
from pdu_local.importing import IMPORTER, carry
from pdu_local.published import Published, Verdict, published
from pdu_local.records import records_in
from pdu_local.sending import Target
from pdu_local.verify import compare
from pdu_shared.access import Role
from pdu_shared.identity import person_id
from pdu_shared.platform import SERVICES
from pdu_shared.tokens import mint
from random_figures import METRICS, OF_PEOPLE, asked_by_chance, counted, told
from random_records import Chance, Rows, questions_of, write
from spreadsheet import Spreadsheet
from structure import ROOT

DATA = ROOT / "tests/data"
AS_JSON = {"Content-Type": "application/json"}
PERIOD = {"period_from": "2017-10-01", "period_to": "2019-01-31"}

pytestmark = pytest.mark.bus
CAMPAIGN = pytest.mark.campaign

in_2021 = pytest.mark.parametrize("platform", ["2021"], indirect=True)
in_2019 = pytest.mark.parametrize("platform", ["2019"], indirect=True)


@pytest.fixture(scope="module", params=["2019", "2021"])
async def platform(request, tmp_path_factory):
    """The figures of services that were fed with nothing but the records of one folder."""
    if {AMQP_URL, DATABASE_URL} & os.environ.keys():
        pytest.skip("the servers that are given serve the other tests, whose figures would mix in")
    folder = DATA / request.param
    async with AsyncExitStack() as closing:
        house = await closing.enter_async_context(a_house(tmp_path_factory.mktemp("records")))
        running = {
            name: await closing.enter_async_context(house.process(name)) for name in SERVICES
        }
        await _the_lists_are_known(closing, house)
        token = mint(house.secrets.issuer, IMPORTER, audiences=[f"pdu-{one}" for one in SERVICES])
        target = Target({name: process.url for name, process in running.items()}, token)
        records = records_in(folder, [service("bookings"), service("resources")])
        first = await asyncio.to_thread(carry, target, records)
        assert [one.complaints for one in first] == [[]] * 6
        again = await asyncio.to_thread(carry, target, records)
        assert [(one.changed, one.messages) for one in again] == [(0, 0)] * 6
        headers = house.authorised(Role.COORDINATOR)
        with httpx.Client(base_url=running["reporting"].url, headers=headers, timeout=30) as http:
            yield Platform(folder, http, house, target)


@dataclass(frozen=True)
class Platform:
    """A folder of records, the figures that came of it, and the way in."""

    folder: Path
    http: httpx.Client
    house: House
    target: Target
    brought: Rows = field(default_factory=dict)
    same: list[tuple[str, str]] = field(default_factory=list)

    async def take(self, rows, folder):
        """Bring more rows; there may be nothing wrong with them."""
        for name, lines in rows.items():
            self.brought.setdefault(name, []).extend(lines)
        write(rows, folder)
        records = records_in(folder, [service("bookings"), service("resources")])
        sent = await asyncio.to_thread(carry, self.target, records)
        assert [one.complaints for one in sent] == [[]] * 6


async def _the_lists_are_known(closing, house):
    """Wait until bookings has heard of every word that resources has told, as after any start."""
    told = await closing.enter_async_context(house.database("resources"))
    heard = await closing.enter_async_context(house.database("bookings"))
    words = ["resources.CategoryDefined", "resources.WorkstreamDefined"]

    async def all_heard():
        return await heard.pool.fetchval(
            "SELECT count(DISTINCT message_id) FROM inbox WHERE listener LIKE 'category.%'"
        ) == await told.pool.fetchval(
            "SELECT count(*) FROM outbox WHERE routing_key = ANY ($1::text[])", words
        )

    await until(all_heard, within=30)


@pytest.fixture(scope="module")
def figure(platform):
    """`figure("attendances", sector="voluntary")`: its value now."""
    http = platform.http

    def value(metric, **asked):
        answer = http.get(f"/figures/{metric}", params=asked)
        assert answer.status_code == 200, answer.text
        [row] = answer.json()["rows"]
        return row["value"]

    return value


def rows(name):
    with (DATA / "2019" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_figure_of_the_report_is_what_the_records_give(platform):
    folder, http = platform.folder, platform.http
    lines = compare(http, published(folder / "expected.json"))
    assert {
        (line.printed.id, line.verdict) for line in lines if line.verdict is Verdict.GAP
    } == set()
    assert {line.verdict for line in lines} <= {Verdict.SAME, Verdict.ROUNDING}
    assert [
        (line.counted.numerator, line.counted.denominator)
        for line in lines
        if line.printed.numerator is not None
    ] == [
        (line.printed.numerator, line.printed.denominator)
        for line in lines
        if line.printed.numerator is not None
    ]


@in_2019
def test_a_row_of_the_register_is_not_an_attendance(figure):
    assert len(rows("attendances")) == 511
    assert figure("attendances", **PERIOD) == 468


@in_2019
def test_whoever_booked_has_not_come_yet(figure):
    assert len({row["person_email"].lower() for row in rows("attendances")}) == 305
    assert figure("individuals", **PERIOD) == 291


@in_2019
def test_an_address_in_other_letters_is_the_same_person(figure):
    came = {row["person_email"] for row in rows("attendances") if row["state"] == "present"}
    assert len(came) == 300
    assert figure("individuals", **PERIOD) == 291


@in_2019
def test_somebody_who_changed_their_field_counts_in_both_as_they_were_at_the_time(figure):
    """Six people changed sector or field between two sessions."""
    came = [row for row in rows("attendances") if row["state"] == "present"]
    latest = {row["person_email"].lower(): row for row in came}
    as_they_are_now = Counter(latest[row["person_email"].lower()]["work_field"] for row in came)
    as_they_were = Counter(row["work_field"] for row in came)
    assert as_they_are_now != as_they_were
    for one, number in as_they_were.items():
        assert figure("attendances", work_field=one, **PERIOD) == number


@in_2019
def test_a_meeting_of_a_community_is_attended_like_a_learning_event(figure):
    assert figure("attendances", kind="learning_event", **PERIOD) == 396
    assert figure("attendances", **PERIOD) == 468


@in_2019
def test_ticks_are_not_people(figure):
    ticks = [row for row in rows("survey_answers") if row["question_code"] == "core.share_planned"]
    assert len(ticks) == 69
    asked = {"survey_key": "post_event", "question_code": "core.share_planned"}
    assert figure("question_responses", **asked) == 41


@in_2019
@pytest.mark.parametrize(
    ("question", "option", "one_wave", "pooled"),
    [
        ("core.heard_about", "word_of_mouth", "13/27", "17/34"),
        ("fu.action", "yes", "19/29", "24/36"),
    ],
)
def test_waves_that_are_pooled_have_another_base(platform, question, option, one_wave, pooled):
    http = platform.http
    asked = {
        "survey_key": "follow_up", "question_code": question, "option_code": option,
        "base": "answered",
    }  # fmt: skip

    def share(**wave):
        [row] = http.get("/figures/survey_share", params={**asked, **wave}).json()["rows"]
        return f"{row['numerator']}/{row['denominator']}"

    assert share(wave="2019-01") == one_wave
    assert share() == pooled


def test_claims_over_http_are_judged_as_the_command_judges_them(platform):
    folder, http = platform.folder, platform.http
    file = folder / "expected.json"
    told = http.put(f"/claims/records-{folder.name}", content=file.read_bytes(), headers=AS_JSON)
    assert told.status_code == 200, told.text
    judged = http.get("/claims", params={"report": f"records-{folder.name}"}).json()
    by_command = compare(http, published(file))
    assert [(one["claim"]["id"], one["verdict"]) for one in judged["items"]] == [
        (line.printed.id, line.verdict) for line in by_command
    ]


@pytest.mark.parametrize("year", ["1", "2"])
def test_the_records_of_a_year_make_a_report_and_a_pack(platform, year):
    http = platform.http
    asked = {"project_year": year, "audience": "team"}
    report = http.get("/reports/annual", params={**asked, "format": "json"}).json()
    numbers = {one["name"]: one["value"] for one in report["numbers"]}
    figure = http.get("/figures/attendances", params={"project_year": year}).json()
    assert numbers["Attendances"] == f"{figure['rows'][0]['value']:,}"
    assert any(part["svg"] for section in report["sections"] for part in section["parts"])
    paper = http.get("/reports/annual", params={**asked, "format": "pdf"})
    assert paper.content.startswith(b"%PDF-")
    assert http.get("/reports/evidence", params=asked).content.startswith(b"PK")


@in_2021
@pytest.mark.parametrize("seed", [2191, *(pytest.param(n, marks=CAMPAIGN) for n in range(25))])
async def test_records_that_nobody_has_seen_give_what_a_spreadsheet_counts(
    platform, tmp_path, seed
):
    """Last in this file, as it adds to the records; then some people turn out to be the same."""
    chance = Chance(seed, questions_of(platform.folder))
    rows = chance.rows()
    await platform.take(rows, tmp_path)
    await report(platform, chance.indicators())
    hold_against_each_other(platform, rows, METRICS, Random(seed))  # noqa: S311 - the same for a seed
    await merge(platform, chance.random.sample(chance.people, 8))
    hold_against_each_other(platform, rows, OF_PEOPLE, Random(seed + 1))  # noqa: S311 - the same for a seed


def hold_against_each_other(platform, rows, metrics, random):
    """Ask figures and a spreadsheet the same questions, each metric many times."""
    own = Spreadsheet.of(platform.folder).rows
    sheet = Spreadsheet({name: [*own[name], *platform.brought[name]] for name in own})
    for kept, merged in platform.same:
        sheet.merge(kept, merged)
    for _ in range(10 * len(metrics)):
        metric, asked = asked_by_chance(random, rows, metrics)
        said = Published(id=metric, statement="", metric=metric, filter=asked, value=None)
        answer = platform.http.get(f"/figures/{metric}", params=said.asked)
        assert answer.status_code == 200, (metric, asked, answer.text)
        [row] = answer.json()["rows"]
        expected = counted(sheet, metric, asked)
        assert told(row, expected) == expected, (metric, asked)


async def report(platform, rows):
    """A coordinator reports for organisations what these count themselves."""
    headers = platform.house.authorised(Role.COORDINATOR)
    async with httpx.AsyncClient(
        base_url=platform.target.urls["resources"], headers=headers, timeout=30
    ) as http:
        for row in rows:
            form = {**row, **{name: int(row[name]) for name in ("numerator", "denominator")}}
            answer = await http.post("/indicator-reports", json=form, headers=a.key())
            assert answer.status_code == 201, answer.text
    platform.brought.setdefault("indicators", []).extend(rows)
    async with platform.house.database("reporting") as database:

        async def all_heard():
            heard = "SELECT count(*) FROM journal WHERE routing_key = 'resources.IndicatorReported'"
            return await database.pool.fetchval(heard) == len(platform.brought["indicators"])

        await until(all_heard, within=60)


async def merge(platform, people):
    """A coordinator finds out that of each two of these the second is the first."""
    headers = platform.house.authorised(Role.COORDINATOR)
    url = platform.target.urls["resources"]
    key = platform.house.secrets.person_key.encode()
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as http:
        for kept, merged in zip(people[::2], people[1::2], strict=True):
            ids = [str(person_id(key, address)) for address in (kept, merged)]
            form = {"kept_id": ids[0], "merged_id": ids[1], "basis": "manual"}
            answer = await http.post("/persons/merges", json=form)
            assert answer.status_code == 200, answer.text
            platform.same.append((kept, merged))
    async with platform.house.database("reporting") as database:

        async def all_heard():
            heard = "SELECT count(*) FROM person_alias WHERE merged"
            return await database.pool.fetchval(heard) == len(platform.same)

        await until(all_heard, within=60)
