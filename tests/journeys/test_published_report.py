"""Records in, the published report out: through files, services and bus to every figure printed."""

import asyncio
import csv
import os
from collections import Counter
from contextlib import AsyncExitStack

import httpx
import pytest

from eventually import until
from house import a_house, service
from pdu_local.choice import AMQP_URL, DATABASE_URL
from pdu_local.importing import IMPORTER, carry
from pdu_local.published import Verdict, published
from pdu_local.records import records_in
from pdu_local.sending import Target
from pdu_local.verify import compare
from pdu_shared.access import Role
from pdu_shared.platform import SERVICES
from pdu_shared.tokens import mint
from structure import ROOT

DATA = ROOT / "tests/data"
PERIOD = {"period_from": "2017-10-01", "period_to": "2019-01-31"}

pytestmark = pytest.mark.bus

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
            yield folder, http


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
    _, http = platform

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
    folder, http = platform
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
    for field, number in as_they_were.items():
        assert figure("attendances", work_field=field, **PERIOD) == number


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
    _, http = platform
    asked = {
        "survey_key": "follow_up", "question_code": question, "option_code": option,
        "base": "answered",
    }  # fmt: skip

    def share(**wave):
        [row] = http.get("/figures/survey_share", params={**asked, **wave}).json()["rows"]
        return f"{row['numerator']}/{row['denominator']}"

    assert share(wave="2019-01") == one_wave
    assert share() == pooled
