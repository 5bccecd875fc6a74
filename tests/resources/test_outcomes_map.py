"""The outcomes map, the log of influence, indicators of organisations, pledges and evaluation."""

from datetime import timedelta

import pytest

import a
import governed
from governed import get, post, put, try_to_put, wrong
from pdu_shared.identity import organisation_id
from resources.surveys import a_code, told


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
def lead(token):
    return lambda name: token("organisation_lead", organisation_id=organisation_id(name))


def partner(**details):
    return {
        "label": "Organisations",
        "kind": "direct",
        "outcome": "Staff ask what happened.",
        "mechanism": "Learning events.",
        "valid_from": "2026-04-01",
        "markers": [
            {"level": "expect_to_see", "wording": "They send staff."},
            {"level": "love_to_see", "wording": "They change a rule."},
        ],
        **details,
    }


async def test_a_marker_keeps_what_was_seen_of_it_however_the_map_is_drawn(
    resources_http, resources_database, coordinator
):
    code = a_code()
    path = f"/boundary-partners/{code}"
    mapped = await put(resources_http, coordinator, path, partner())
    sends, _ = mapped["markers"]
    observations = f"/progress-markers/{sends['marker_id']}/observations"
    for seen in (True, True, False):
        form = {"seen": seen, "evidence": "interview"}
        await post(resources_http, coordinator, observations, form)
    moved = partner(markers=[{"level": "like_to_see", "wording": "They send staff."}])
    again = await put(resources_http, coordinator, path, moved)
    [marker] = again["markers"]
    assert (marker["marker_id"], marker["seen"], marker["not_seen"]) == (
        sends["marker_id"], 2, 1,
    )  # fmt: skip
    assert marker["level"] == "like_to_see"
    messages = await told(resources_database, "ProgressMarkerObserved", sends["marker_id"])
    assert [(one.partner, one.seen) for one in messages] == [
        (code, True), (code, True), (code, False),
    ]  # fmt: skip
    mapped_twice = await told(resources_database, "BoundaryPartnerMapped", code)
    assert [one.markers for one in mapped_twice] == [2, 1]
    late = {"seen": True, "evidence": "interview", "observed_on": governed.day(1)}
    answer = await resources_http.post(observations, json=late, headers={**coordinator, **a.key()})
    assert wrong(answer) == {("/observed_on", "out-of-bounds")}


@pytest.mark.parametrize(
    ("details", "problem"),
    [
        ({"kind": "indirect"}, ("/reached_through", "contradiction")),
        ({"valid_to": "2025-01-01"}, ("/valid_to", "out-of-bounds")),
        (
            {"markers": [{"level": "like_to_see", "wording": "Again."}] * 2},
            ("/markers/1/wording", "repeated"),
        ),
    ],
)
async def test_a_map_that_contradicts_itself_is_not_drawn(
    resources_http, coordinator, details, problem
):
    code = a_code()
    answer = await try_to_put(
        resources_http, coordinator, f"/boundary-partners/{code}", partner(**details)
    )
    assert wrong(answer) == {problem}
    drawn = await get(resources_http, coordinator, "/outcomes-map")
    assert code not in {one["partner"] for one in drawn["partners"]}


async def test_the_result_of_an_influence_is_added_when_it_is_known(
    resources_http, resources_database, coordinator
):
    form = {
        "forum": a_code(),
        "strategy": "joint_needs_assessment",
        "contribution": "Told what experts had said.",
        "happened_on": governed.day(-40),
    }
    entry = await post(resources_http, coordinator, "/strategic-influences", form)
    path = f"/strategic-influences/{entry['influence_id']}"
    known = {**form, "result": "It stands in the strategy.", "influenced": True}
    assert (await try_to_put(resources_http, coordinator, path, known, seen=9)).status_code == 412
    await put(resources_http, coordinator, path, known, seen=1)
    messages = await told(resources_database, "StrategicInfluenceLogged", form["forum"])
    assert [one.influenced for one in messages] == [None, True]
    assert "strategy." not in "".join(one.model_dump_json() for one in messages)


def completion(name, **details):
    return {
        "organisation": name,
        "indicator": "completion",
        "series": "programme_completion",
        "period_from": governed.day(-100),
        "period_to": governed.day(-10),
        "numerator": 34,
        "denominator": 50,
        **details,
    }


async def test_an_organisation_reports_its_own_series_and_puts_it_right(
    resources_http, resources_database, coordinator, lead
):
    name, other = governed.organisation(), governed.organisation()
    first = await post(resources_http, lead(name), "/indicator-reports", completion(name))
    right = await post(
        resources_http, coordinator, "/indicator-reports", completion(name, numerator=35)
    )
    assert right["report_id"] == first["report_id"]
    messages = await told(resources_database, "IndicatorReported", first["report_id"])
    assert [(one.numerator, one.denominator) for one in messages] == [(34, 50), (35, 50)]
    mine = await get(resources_http, lead(name), "/indicator-reports")
    assert [one["numerator"] for one in mine["items"]] == [35]
    assert (await get(resources_http, lead(other), "/indicator-reports"))["items"] == []


@pytest.mark.parametrize(
    ("details", "problem"),
    [
        ({"numerator": 51}, ("/numerator", "out-of-bounds")),
        ({"period_to": governed.day(-101)}, ("/period_to", "out-of-bounds")),
        ({"period_to": governed.day(1)}, ("/period_to", "out-of-bounds")),
        ({"organisation": "Somebody else's"}, ("/organisation", "not-yours")),
    ],
)
async def test_a_number_that_cannot_be_is_not_kept(resources_http, lead, details, problem):
    name = governed.organisation()
    answer = await resources_http.post(
        "/indicator-reports",
        json=completion(name, **details),
        headers={**lead(name), **a.key()},
    )
    assert wrong(answer) == {problem}
    assert (await get(resources_http, lead(name), "/indicator-reports"))["items"] == []


async def test_a_pledge_is_made_once_and_followed(
    resources_http, resources_database, coordinator, lead
):
    code, name = a_code(), governed.organisation()
    await put(resources_http, coordinator, f"/pledges/{code}", {"wording": "We ask first."})
    path = f"/pledges/{code}/adoptions"
    adoption = await post(resources_http, lead(name), path, {"organisation": name})
    for who, status in ((lead(name), 409), (lead(governed.organisation()), 422)):
        answer = await resources_http.post(
            path, json={"organisation": name}, headers={**who, **a.key()}
        )
        assert answer.status_code == status
    state = f"/pledge-adoptions/{adoption['adoption_id']}/state"
    await put(resources_http, lead(name), state, {"state": "partly"})
    back = await try_to_put(resources_http, lead(name), state, {"state": "intended"})
    strange = await try_to_put(
        resources_http, lead(governed.organisation()), state, {"state": "done"}
    )
    assert (back.status_code, strange.status_code) == (409, 404)
    messages = await told(resources_database, "PledgeAdopted", adoption["adoption_id"])
    assert [one.state for one in messages] == ["intended", "partly"]
    [pledge] = [
        one for one in (await get(resources_http, {}, "/pledges"))["pledges"] if one["code"] == code
    ]
    assert pledge["organisations"] == 1


async def test_what_was_done_to_evaluate_is_logged(resources_http, resources_database, coordinator):
    day = governed.today() - timedelta(days=3)
    form = {
        "method": "focus_group",
        "participants_count": 7,
        "starts_on": day.isoformat(),
        "ends_on": day.isoformat(),
        "note": "In the library.",
    }
    entry = await post(resources_http, coordinator, "/evaluation-activities", form)
    [logged] = await told(resources_database, "EvaluationActivityLogged", entry["evaluation_id"])
    assert (logged.method, logged.participants_count) == ("focus_group", 7)
    answer = await resources_http.post(
        "/evaluation-activities",
        json={**form, "ends_on": (day - timedelta(days=1)).isoformat()},
        headers={**coordinator, **a.key()},
    )
    assert wrong(answer) == {("/ends_on", "out-of-bounds")}
