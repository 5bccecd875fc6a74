"""Accounts that may be of one person: found with reasons, merged, parted, or set aside for good."""

from uuid import uuid4

import pytest

from members import a_member
from pdu_resources.rules.likeness import Known, Reason, is_near, reasons


def known(name="Robin Hood", address="robin.hood@sherwood.example.org", organisation=None):
    return Known(name=name, address=address, organisation=organisation)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (known(), known(address="rh@example.org"), [Reason.SAME_NAME]),
        (
            known(organisation="x"),
            known(organisation="x", name="HOOD  Robín", address="rh@example.org"),
            [Reason.SAME_NAME_AND_ORGANISATION],
        ),
        (
            known(organisation="x"),
            known(organisation="y", address="rh@example.org"),
            [Reason.SAME_NAME],
        ),
        (
            known(),
            known(name="R. Hood", address="RobinHood@example.com"),
            [Reason.SAME_LOCAL_PART],
        ),
        (
            known(),
            known(name="R. Hood", address="robin.hod@sherwood.example.org"),
            [Reason.NEARLY_THE_SAME_ADDRESS],
        ),
        (
            known(),
            known(address="robin.hood@sherwod.example.org"),
            [Reason.SAME_NAME, Reason.SAME_LOCAL_PART],
        ),
        (known(), known(name="Much", address="much@example.org"), []),
        (
            known(address="info@one.example.org"),
            known(name="Much", address="info@two.example.org"),
            [],
        ),
        (known(address="al@example.org"), known(name="Ed", address="ed@example.org"), []),
    ],
)
def test_two_accounts_are_alike_for_a_reason(one, other, why):
    assert reasons(one, other) == reasons(other, one) == why


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("robin", "robin", True),
        ("robin", "robyn", True),
        ("robin", "rbn", True),
        ("robin", "rb", False),
        ("robin", "bonir", False),
        ("", "ab", True),
        ("", "abc", False),
    ],
)
def test_two_letters_may_be_another(one, other, near):
    assert is_near(one, other) is near


@pytest.fixture
def coordinator(token):
    return token("coordinator")


async def pairs(http, coordinator, member):
    answer = await http.get(
        "/coordinator/duplicates", params={"of": str(member.person_id)}, headers=coordinator
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


@pytest.fixture
async def twice(resources_http, token):
    """Somebody who registered twice, with two addresses."""
    mark = f"robin.{uuid4().hex[:10]}"
    said = {"name": f"Robin {mark}", "organisation": "Sherwood Housing"}
    addresses = (f"{mark}@one.example.org", f"{mark}@two.example.org")
    return [await a_member(resources_http, token, email=one, **said) for one in addresses]


async def test_a_pair_is_shown_with_its_reasons_and_what_hangs_on_it(
    resources_http, coordinator, twice
):
    older, younger = twice
    [pair] = await pairs(resources_http, coordinator, younger)
    assert pair["reasons"] == ["same_name_and_organisation", "same_local_part"]
    ids = (pair["older"]["person_id"], pair["younger"]["person_id"])
    assert ids == (str(older.person_id), str(younger.person_id))
    assert (pair["older"]["address"], pair["older"]["activities"]) == (older.email, 0)


async def test_once_merged_they_are_no_pair_and_parted_they_are_again(
    resources_http, coordinator, twice
):
    older, younger = twice
    form = {"kept_id": str(older.person_id), "merged_id": str(younger.person_id), "basis": "same"}
    merged = await resources_http.post("/persons/merges", json=form, headers=coordinator)
    assert merged.status_code == 200
    assert await pairs(resources_http, coordinator, younger) == []
    own = [(await one.profile(resources_http)).json()["person_id"] for one in twice]
    assert own == [str(older.person_id)] * 2
    path = f"/persons/merges/{younger.person_id}"
    assert (await resources_http.delete(path, headers=coordinator)).status_code == 204
    assert len(await pairs(resources_http, coordinator, younger)) == 1


async def test_two_persons_who_are_alike_are_set_aside_for_good(resources_http, coordinator, twice):
    one, other = (member.person_id for member in twice)
    for first, second in ((other, one), (one, other)):
        path = f"/coordinator/duplicates/{first}/{second}/set-aside"
        assert (await resources_http.put(path, headers=coordinator)).status_code == 204
    assert await pairs(resources_http, coordinator, twice[0]) == []
    nobody = f"/coordinator/duplicates/{one}/{uuid4()}/set-aside"
    assert (await resources_http.put(nobody, headers=coordinator)).status_code == 404
    same = f"/coordinator/duplicates/{one}/{one}/set-aside"
    assert (await resources_http.put(same, headers=coordinator)).status_code == 409


async def test_whoever_left_is_in_no_pair(resources_http, coordinator, twice):
    await resources_http.delete("/members/me", headers=twice[0].header)
    assert await pairs(resources_http, coordinator, twice[1]) == []


async def test_who_looked_at_a_pair_is_kept(resources_http, resources_database, token, twice):
    reader = uuid4()
    await pairs(resources_http, token("coordinator", sub=reader), twice[0])
    rows = await resources_database.pool.fetch(
        "SELECT of_id, why FROM sensitive_read WHERE reader = $1", reader
    )
    assert {row["of_id"] for row in rows} == {one.person_id for one in twice}
    assert {row["why"] for row in rows} == {"duplicates"}


@pytest.mark.parametrize("role", ["member", "organisation_lead", "evaluator"])
async def test_nobody_else_sees_pairs(resources_http, token, role):
    answer = await resources_http.get("/coordinator/duplicates", headers=token(role))
    assert answer.status_code == 403
