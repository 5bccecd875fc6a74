"""The report that checks itself: what was printed beside what is counted, and why they differ."""

from uuid import uuid4

import pytest

import telling
from pdu_shared.access import Role


def claim(**details):
    told = {"id": "F1", "statement": "As printed", "metric": "attendances", "filter": {}}
    return {**told, "value": 1, **details}


@pytest.fixture(scope="session")
async def year(take):
    told = telling.project_year()
    on = {"held_on": told.starts_on}
    sectors = ["voluntary"] * 3 + ["statutory"]
    await take(told, *(telling.attendance(sector=one, **on) for one in sectors))
    return told


@pytest.fixture
async def verdicts(reporting_http):
    """`await verdicts(claim(), …)`: what is said of each claim of a report of its own."""
    report = f"report-{uuid4().hex}"
    address = f"/claims/{report}"

    async def said(*claims):
        answer = await reporting_http.put(address, json=claims)
        assert answer.status_code == 200, answer.text
        assert answer.json() == {"report": report, "claims": len(claims)}
        return (await reporting_http.get("/claims", params={"report": report})).json()

    yield said
    await reporting_http.put(address, json=[])


async def test_each_claim_is_counted_again_and_judged(verdicts, year):
    of_year = {"project_year": year.code}
    share = {"metric": "attendance_share", "filter": {**of_year, "sector": "voluntary"}}
    told = await verdicts(
        claim(id="same", filter=of_year, value=4),
        claim(id="rounding", **share, value=75.3, tolerance=0.5),
        claim(id="unpublished", filter=of_year, value=None),
        claim(id="inconsistent", **share, value=60, tolerance=0.5, numerator=3, denominator=4),
        claim(id="gap", filter=of_year, value=5),
        claim(id="code", filter={"project_year": "nought"}),
        claim(id="figure", metric="reservations"),
        claim(id="table", filter={"by": "sector"}),
    )
    found = {one["claim"]["id"]: one["verdict"] for one in told["items"]}
    assert found == {
        "same": "same", "rounding": "rounding", "unpublished": "unpublished",
        "inconsistent": "inconsistent", "gap": "gap", "code": "gap", "figure": "gap",
        "table": "gap",
    }  # fmt: skip
    assert told["verdicts"]["gap"] == 4
    reasons = {one["claim"]["id"]: one["reason"] for one in told["items"]}
    assert year.code in reasons["code"]
    assert "attendances" in reasons["figure"]
    assert "3 of 4" in reasons["inconsistent"]
    [same, rounding, *_] = told["items"]
    assert (same["counted"], rounding["numerator"], rounding["denominator"]) == (4, 3, 4)
    assert told["journal_position"] > 0


async def test_a_share_printed_over_the_other_base_is_explained(verdicts, take):
    key = f"claims-{uuid4().hex}"
    answered = [telling.answered("claims.it", options=(one,)) for one in ("yes", "no")]
    await take(
        telling.question(code="claims.it"),
        *(telling.submitted(one, survey_key=key) for one in answered),
        telling.submitted(telling.answered("claims.else", options=("yes",)), survey_key=key),
    )
    asked = {"survey_key": key, "question_code": "claims.it", "option_code": "yes"}
    [one] = (
        await verdicts(
            claim(
                metric="survey_share", filter={**asked, "base": "answered"}, value=33.33,
                tolerance=0.005,
            )
        )
    )["items"]  # fmt: skip
    assert (one["verdict"], one["reason"]) == ("base", "Printed as 1 of 3.")


async def test_a_report_that_is_told_again_takes_the_place_of_what_it_said(verdicts):
    await verdicts(claim(id="first"), claim(id="second"))
    told = await verdicts(claim(id="third"))
    assert [one["claim"]["id"] for one in told["items"]] == ["third"]


async def test_the_annual_report_says_what_earlier_ones_printed(verdicts, year, reporting_http):
    private = {"project_year": year.code, "sector": "statutory"}
    await verdicts(claim(id="A1", statement="One statutory attendance", filter=private))
    asked = {"project_year": year.code, "format": "json", "audience": "team"}
    report = (await reporting_http.get("/reports/annual", params=asked)).json()
    [one] = [one for one in report["checked"] if one["id"] == "A1"]
    assert (one["printed"], one["counted"], one["verdict"]) == ("1", "1", "same")
    everybody = {**asked, "audience": "published"}
    report = (await reporting_http.get("/reports/annual", params=everybody)).json()
    [one] = [one for one in report["checked"] if one["id"] == "A1"]
    assert (one["printed"], one["counted"], one["verdict"]) == ("1", "", "same")


@pytest.mark.parametrize(
    ("claims", "pointer"),
    [
        ([{"id": "F1"}], "/0/statement"),
        ([claim(tolerance=-1)], "/0/tolerance"),
        ([claim(metric="Attendances!")], "/0/metric"),
        ([claim(colour="red")], "/0/colour"),
        ({"claims": []}, ""),
        ([claim()] * 501, ""),
    ],
)
async def test_claims_that_are_none_are_refused_and_nothing_is_kept(
    reporting_http, claims, pointer
):
    report = f"refused-{uuid4().hex}"
    answer = await reporting_http.put(f"/claims/{report}", json=claims)
    assert answer.status_code == 422
    assert pointer in {one["pointer"] for one in answer.json()["errors"]}
    kept = (await reporting_http.get("/claims", params={"report": report})).json()
    assert kept["items"] == []


async def test_claims_are_for_the_team(house):
    async with house.http("reporting") as http:
        assert (await http.get("/claims")).status_code == 401
        as_funder = house.authorised(Role.COMMISSIONER_FUNDER)
        assert (await http.get("/claims", headers=as_funder)).status_code == 403
        answer = await http.put("/claims/mine", json=[], headers=as_funder)
        assert answer.status_code == 403
