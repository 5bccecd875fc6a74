"""Members of the past: as they were at their registration, each once, and nobody is written to."""

import json

import pytest

from pdu_shared.identity import organisation_id, person_id
from pdu_shared.sealing import Sealer
from signing_up import sign_up
from told_history import importer, member

KEY = b"pdu-test-key"


@pytest.fixture
def take(resources_http, token):
    return importer(resources_http, token("integration", scope=["import"]))


async def told(database, row):
    rows = await database.pool.fetch(
        "SELECT routing_key, body FROM outbox WHERE subject = $1 ORDER BY position",
        f"person/{person_id(KEY, row['person_email'])}",
    )
    return [(row["routing_key"], json.loads(row["body"])) for row in rows]


async def register(http, **details):
    asked = {"name": "Ana Example", **details}
    answer = await sign_up(http, asked)
    assert answer.status_code == 201
    return asked


async def test_a_member_is_told_as_they_were_and_no_address_leaves(take, resources_database):
    row = member(organisation="Emmanuel House", registered_at="2018-03-31T23:30")
    assert await take("members", row) == (1, [])
    [(key, message)] = await told(resources_database, row)
    assert key == "resources.MemberRegistered.import"
    assert (message["origin"], message["time"]) == ("import", "2018-03-31T22:30:00+00:00")
    assert message["data"]["registered_on"] == "2018-03-31"
    assert message["data"]["organisation_id"] == str(organisation_id("Emmanuel House"))
    assert row["person_email"] not in json.dumps(message)


@pytest.mark.parametrize(
    "change",
    [
        {"sector": "statutory"},
        {"organisation": "Framework"},
        {"registered_at": "2018-06-02T10:00"},
    ],
)
async def test_a_later_copy_corrects_a_member_once(take, resources_database, change):
    row = member()
    await take("members", row)
    assert await take("members", row) == (0, [])
    for changed in (1, 0):
        assert await take("members", {**row, **change}) == (changed, [])
    assert len(await told(resources_database, row)) == 2


async def test_an_address_in_other_letters_is_the_same_member(take):
    row = member()
    await take("members", row)
    assert await take("members", {**row, "person_email": row["person_email"].upper()}) == (0, [])
    other = member()
    same = {**other, "person_email": other["person_email"].upper(), "sector": "private"}
    changed, [problem] = await take("members", other, same)
    assert (changed, problem["line"], problem["code"]) == (1, 2, "repeated-key")


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"sector": "charity"}, "/sector", "unknown-code"),
        ({"area": ""}, "/area", "missing"),
        ({"person_email": "ana@"}, "/person_email", "value_error"),
        ({"registered_at": "2018-02-30T10:00"}, "/registered_at", "value_error"),
        ({"name": "Ana Example"}, "/name", "extra_forbidden"),
    ],
)
async def test_a_wrong_member_is_named_and_the_next_one_taken(take, change, pointer, code):
    changed, problems = await take("members", member(**change), member())
    assert changed == 1
    assert [(one["line"], one["pointer"], one["code"]) for one in problems] == [(1, pointer, code)]


async def test_who_registered_here_stays_as_they_are(take, resources_http, resources_database):
    row = member()
    profile = {field: row[field] for field in ("sector", "work_field", "role_level", "area")}
    await register(resources_http, email=row["person_email"], **profile)
    before = len(await told(resources_database, row))
    assert await take("members", {**row, "sector": "statutory"}) == (0, [])
    assert len(await told(resources_database, row)) == before


async def test_who_registers_at_last_can_be_reached(
    house, take, resources_http, resources_database
):
    row = member()
    await take("members", row)
    profile = {field: row[field] for field in ("sector", "work_field", "role_level", "area")}
    await register(resources_http, email=row["person_email"], **profile)
    _, (key, message), (changed, _) = await told(resources_database, row)
    assert (key, changed) == ("resources.ContactPointChanged", "resources.MemberProfileChanged")
    opened = Sealer(house.secrets.sealing_keys("notifications")).unseal(message["data"])
    assert json.loads(opened)["name"] == "Ana Example"
