"""What explains figures: annotations of their time, and words that count as others."""

import json
from uuid import uuid4

import pytest

from pdu_resources.explaining.annotation import annotation_id
from pdu_resources.explaining.recoding import recoding_id


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
def code():
    return f"explained-{uuid4().hex[:8]}"


LOCKDOWN = {"label": "First lockdown", "starts_on": "2020-03-23", "ends_on": "2020-07-04"}


def recoding(**details):
    # An organisation of its own, so that no two tests recode the same words.
    return {
        "scheme": "sector",
        "source_code": "other",
        "canonical_code": "voluntary",
        "organisation_id": str(uuid4()),
        "note": "Housing associations had no sector of their own.",
        **details,
    }


async def told(database, subject):
    rows = await database.pool.fetch(
        "SELECT body FROM outbox WHERE subject = $1 ORDER BY position", subject
    )
    return [json.loads(row["body"])["data"] for row in rows]


async def test_what_happened_is_told_once_and_again_when_it_is_otherwise(
    resources_http, resources_database, coordinator, code
):
    path, subject = f"/annotations/{code}", f"annotation/{annotation_id(code)}"
    for _ in range(2):
        answer = await resources_http.put(path, json=LOCKDOWN, headers=coordinator)
        assert answer.status_code == 200, answer.text
    assert len(await told(resources_database, subject)) == 1
    longer = {**LOCKDOWN, "ends_on": "2020-08-01"}
    await resources_http.put(path, json=longer, headers=coordinator)
    assert [one["ends_on"] for one in await told(resources_database, subject)] == [
        "2020-07-04", "2020-08-01",
    ]  # fmt: skip
    was = (await resources_http.get(f"/changes/{annotation_id(code)}", headers=coordinator)).json()
    assert was["items"][0]["was"] == {"ends_on": "2020-07-04"}


async def test_what_is_withdrawn_is_listed_no_more(resources_http, coordinator, code):
    path = f"/annotations/{code}"
    await resources_http.put(path, json=LOCKDOWN, headers=coordinator)
    listed = (await resources_http.get("/annotations")).json()["items"]
    assert code in [one["code"] for one in listed]
    await resources_http.put(path, json={**LOCKDOWN, "withdrawn": True}, headers=coordinator)
    listed = (await resources_http.get("/annotations")).json()["items"]
    assert code not in [one["code"] for one in listed]


async def test_a_word_counts_as_another_and_everybody_hears_of_it(
    resources_http, resources_database, coordinator, code
):
    form = recoding(valid_from="2018-04-01", valid_to="2019-03-31")
    for _ in range(2):
        answer = await resources_http.put(f"/recodings/{code}", json=form, headers=coordinator)
        assert answer.status_code == 200, answer.text
    [one] = await told(resources_database, f"recoding/{recoding_id(code)}")
    assert (one["source_code"], one["canonical_code"]) == ("other", "voluntary")
    assert one["note"] == form["note"]
    listed = (await resources_http.get("/recodings")).json()["items"]
    assert code in [one["code"] for one in listed]


async def test_two_recodings_do_not_hold_on_the_same_day(resources_http, coordinator, code):
    form = recoding(valid_from="2018-04-01", valid_to="2019-03-31")
    again = {**form, "canonical_code": "private", "valid_from": "2019-03-31", "valid_to": None}
    first, second = f"/recodings/{code}", f"/recodings/{code}-again"
    await resources_http.put(first, json=form, headers=coordinator)
    refused = await resources_http.put(second, json=again, headers=coordinator)
    assert refused.status_code == 409
    await resources_http.put(first, json={**form, "withdrawn": True}, headers=coordinator)
    taken = await resources_http.put(second, json=again, headers=coordinator)
    assert taken.status_code == 200


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"source_code": "nobody"}, "/source_code"),
        ({"canonical_code": "nobody"}, "/canonical_code"),
        ({"scheme": "colour"}, "/scheme"),
        ({"canonical_code": "other"}, ""),
        ({"valid_from": "2019-04-01", "valid_to": "2019-03-31"}, ""),
        ({"note": ""}, "/note"),
    ],
)
async def test_what_makes_no_sense_is_refused(resources_http, coordinator, code, wrong, pointer):
    path = f"/recodings/{code}"
    answer = await resources_http.put(path, json=recoding(**wrong), headers=coordinator)
    assert answer.status_code == 422, answer.text
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    listed = (await resources_http.get("/recodings")).json()["items"]
    assert code not in [one["code"] for one in listed]


async def test_members_do_not_explain_figures(resources_http, token, code):
    answer = await resources_http.put(
        f"/annotations/{code}", json=LOCKDOWN, headers=token("member")
    )
    assert answer.status_code == 403
