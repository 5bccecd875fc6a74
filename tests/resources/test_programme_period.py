"""Programmes and funders: data with days that never overlap; and what is handed over."""

import asyncio
import hashlib
import io
import json
import zipfile
from uuid import uuid4

import pytest

import governed
from governed import get, post, put, try_to_put
from pdu_resources.funding.handover import HANDED_OVER
from pdu_resources.funding.period import period_id
from pdu_resources.funding.seeds import seed
from pdu_shared.database import transaction


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
def far():
    """A year that no other test uses, and a code."""
    return 2300 + uuid4().int % 5000, f"programme-{uuid4().hex[:8]}"


async def told(database, code):
    rows = await database.pool.fetch(
        "SELECT body FROM outbox WHERE subject = $1 ORDER BY position",
        f"programme_period/{period_id(code)}",
    )
    return [json.loads(row["body"])["data"] for row in rows]


async def test_the_programmes_of_the_reports_are_there_from_the_first_start(
    resources_http, resources_database
):
    found = await get(resources_http, {}, "/programme-periods")
    days = {one["code"]: (one["starts_on"], one["ends_on"]) for one in found["items"]}
    assert days["fulfilling_lives"][0] == "2017-10-01"
    assert days["changing_futures"][1] == "2024-03-31"
    before = await told(resources_database, "changing_futures")
    async with transaction(resources_database) as conn:
        await seed(conn)
    assert await told(resources_database, "changing_futures") == before
    assert len(before) == 1


async def test_a_programme_is_defined_once_and_told_whenever_it_is_another(
    resources_http, resources_database, coordinator, far
):
    year, code = far
    path = f"/programme-periods/{code}"
    form = {"label": "Next Futures", "starts_on": f"{year}-04-01", "ends_on": f"{year}-09-30"}
    for _ in range(2):
        await put(resources_http, coordinator, path, form)
    await put(resources_http, coordinator, path, {**form, "ends_on": f"{year}-10-31"})
    ends = [one["ends_on"] for one in await told(resources_database, code)]
    assert ends == [f"{year}-09-30", f"{year}-10-31"]
    [change] = (await get(resources_http, coordinator, f"/changes/{period_id(code)}"))["items"]
    assert change["was"] == {"ends_on": f"{year}-09-30"}


async def test_a_day_belongs_to_one_programme_whoever_is_first(resources_http, coordinator, far):
    year, code = far
    days = {"starts_on": f"{year}-01-01", "ends_on": f"{year}-12-31"}
    answers = await asyncio.gather(
        *(
            try_to_put(
                resources_http, coordinator, f"/programme-periods/{code}-{place}",
                {"label": "Next Futures", **days},
            )
            for place in range(4)
        )
    )  # fmt: skip
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


async def test_a_programme_that_ends_before_it_begins_or_names_an_address_is_refused(
    resources_http, coordinator, far
):
    year, code = far
    for form in (
        {"label": "Next", "starts_on": f"{year}-02-01", "ends_on": f"{year}-01-01"},
        {"label": "Ask ana@example.org", "starts_on": f"{year}-02-01"},
        {"label": "Next", "starts_on": "soon"},
    ):
        answer = await try_to_put(resources_http, coordinator, f"/programme-periods/{code}", form)
        assert answer.status_code == 422


async def test_all_that_is_handed_over_is_in_one_archive_without_names(resources_http, coordinator):
    name = f"Canary {uuid4().hex}"
    seat = await post(
        resources_http,
        coordinator,
        "/steering/seats",
        governed.seat(name=name, person_id=str(person := uuid4())),
    )
    plan = await post(resources_http, coordinator, "/plans", governed.plan())
    answer = await resources_http.get("/handover", headers=coordinator)
    assert answer.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    files = {one: archive.read(one).decode() for one in archive.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    assert set(files) == {f"{table}.ndjson" for table in HANDED_OVER}
    for listed in manifest["files"]:
        text = files[listed["file"]]
        assert listed["rows"] == text.count("\n")
        assert listed["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert seat["seat_id"] in files["seat.ndjson"]
    assert plan["objectives"][0]["objective_id"] in files["objective.ndjson"]
    everything = "".join(files.values())
    assert name not in everything
    assert str(person) not in everything
