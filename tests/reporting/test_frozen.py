"""A snapshot as a report: what was frozen, on a page and on paper, whatever has come in since."""

import io
from uuid import uuid4

import pytest
from pypdf import PdfReader

import a
import telling
from pdu_shared.access import Role


@pytest.fixture(scope="session")
async def snapshot(take, reporting_http):
    year = telling.project_year()
    sectors = ["voluntary"] * 31 + ["statutory"] * 4
    await take(year, *(telling.attendance(sector=s, held_on=year.starts_on) for s in sectors))
    asked = {"name": "attendances", "by": ["sector"], "filters": {"project_year": year.code}}
    body = {"kind": "report", "title": "Interim <report>", "figures": [asked]}
    made = await reporting_http.post("/snapshots", json=body, headers=a.key())
    assert made.status_code == 201, made.text
    await take(telling.attendance(sector="voluntary", held_on=year.starts_on))
    return made.json()


@pytest.fixture(scope="session")
async def report(reporting_http, snapshot):
    async def asked(form):
        answer = await reporting_http.get(
            f"/reports/snapshots/{snapshot['snapshot_id']}", params={"format": form}
        )
        assert answer.status_code == 200, answer.text
        return answer

    return asked


async def test_a_snapshot_is_told_as_it_was_frozen(report, snapshot, reporting_http, sector):
    told = (await report("json")).json()
    assert told["journal_position"] == snapshot["journal_position"]
    [section] = told["sections"]
    [part] = section["parts"]
    most, least = await sector("voluntary"), await sector("statutory")
    assert part["rows"] == [[most, "31"], [least, "4"]]
    assert part["title"] == f"Attendances: {most} has most, 31"
    now = (await reporting_http.get(part["address"])).json()
    assert [row["value"] for row in now["rows"]] == [4, 32]


async def test_it_can_be_read_and_printed(report):
    page = await report("html")
    assert "Interim &lt;report&gt;" in page.text
    assert "at a glance" not in page.text
    paper = PdfReader(io.BytesIO((await report("pdf")).content))
    assert paper.metadata.title == "Interim <report>"


async def test_what_is_no_snapshot_is_not_found_and_not_for_everybody(house, snapshot):
    async with house.http("reporting") as http:
        evaluator, member = house.authorised(Role.EVALUATOR), house.authorised(Role.MEMBER)
        there = f"/reports/snapshots/{snapshot['snapshot_id']}"
        assert (await http.get(there, headers=member)).status_code == 403
        assert (await http.get(there, headers=evaluator)).status_code == 200
        nowhere = f"/reports/snapshots/{uuid4()}"
        assert (await http.get(nowhere, headers=evaluator)).status_code == 404
