"""The evidence pack: everything that a funder asks for in one file, which proves itself."""

import csv
import hashlib
import io
import json
import zipfile
from uuid import uuid4

import pytest

import telling
import telling_change
from pdu_shared.access import Role
from pdu_shared.contracts.resources.voice import CaseStudyPublished, CaseStudyWithdrawn


@pytest.fixture(scope="session")
async def year(take):
    told = telling.project_year()
    on = {"held_on": told.starts_on}
    changed = {
        "happened_on": told.starts_on,
        "aims": ("user_led",),
        "hls": ("local_relationships",),
    }
    await take(
        told,
        *(telling.attendance(sector=one, **on) for one in ["voluntary"] * 9 + ["private"] * 2),
        *(telling_change.impact(**changed) for _ in range(6)),
    )
    return told


@pytest.fixture(scope="session")
async def pack(reporting_http, year):
    async def asked(**query):
        answer = await reporting_http.get(
            "/reports/evidence", params={"project_year": year.code, **query}
        )
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/zip"
        return zipfile.ZipFile(io.BytesIO(answer.content))

    return asked


def lines(pack, name):
    return list(csv.DictReader(io.StringIO(pack.read(name).decode())))


async def test_every_file_is_what_the_manifest_says(pack):
    found = await pack()
    told = json.loads(found.read("manifest.json"))["files"]
    assert told.keys() == {*found.namelist()} - {"manifest.json"}
    for name, digest in told.items():
        assert hashlib.sha256(found.read(name)).hexdigest() == digest
    assert {"README.txt", "report.pdf", "report.html", "claims.json"} <= told.keys()


async def test_every_table_has_its_description_beside_it(pack):
    found = await pack()
    tables = [name for name in found.namelist() if name.endswith(".csv") and "tables/" in name]
    assert tables
    for name in tables:
        about = json.loads(found.read(f"{name}-metadata.json"))
        assert about["url"] == name.removeprefix("tables/")
        columns = [one["name"] for one in about["tableSchema"]["columns"]]
        assert columns == found.read(name).decode().partition("\r\n")[0].split(",")
        assert about["notes"][0]["audience"] == "published"


async def test_small_numbers_are_withheld_unless_it_is_for_the_team(pack):
    for audience, expected in (("published", "[c]"), ("team", "2")):
        found = await pack(audience=audience)
        [name] = [one for one in found.namelist() if one.endswith("-attendances-by-sector.csv")]
        values = {row["sector"]: row["value"] for row in lines(found, name)}
        assert values["private"] == expected


async def test_evidence_is_laid_beside_each_aim_and_condition(pack):
    found = await pack(audience="team")
    aims = lines(found, "aims.csv")
    assert {row["aim"] for row in aims} == {
        "works_as_one", "welcoming", "user_led", "resilience", "acknowledges_needs",
    }  # fmt: skip
    assert {row["changes"] for row in aims if row["aim"] == "user_led"} == {"6"}
    assert {row["changes"] for row in aims if row["aim"] == "welcoming"} == {"0"}
    conditions = {row["condition"]: row for row in lines(found, "conditions.csv")}
    assert len(conditions) == 9
    assert conditions["local_relationships"]["changes"] == "6"
    assert conditions["letting_go_of_control"]["capacity"] == "lower"


async def test_case_studies_are_those_that_everybody_can_read_now(pack, take, year):
    about = {"aims": ("user_led",), "title": "=A quiet room", "published_on": year.starts_on}
    open_one, closed = (CaseStudyPublished(case_study_id=uuid4(), **about) for _ in range(2))
    await take(open_one, closed)
    withdrawn = {"case_study_id": closed.case_study_id, "withdrawn_on": year.ends_on}
    await take(CaseStudyWithdrawn(**withdrawn))
    told = {row["case_study_id"]: row["title"] for row in lines(await pack(), "case-studies.csv")}
    assert told[str(open_one.case_study_id)] == "'=A quiet room"
    assert str(closed.case_study_id) not in told


async def test_the_same_evidence_gives_the_same_bytes(pack):
    first, second = [(await pack()).read("manifest.json") for _ in range(2)]
    assert first == second


async def test_a_funder_has_the_pack_and_a_member_has_not(house, year):
    async with house.http("reporting") as http:
        asked = {"project_year": "nought"}
        for role, status in ((Role.COMMISSIONER_FUNDER, 422), (Role.MEMBER, 403)):
            headers = house.authorised(role)
            answer = await http.get("/reports/evidence", params=asked, headers=headers)
            assert answer.status_code == status
    del year
