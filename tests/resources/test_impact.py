"""A change is written down in a minute, verified by another, coded, and published with consent."""

from datetime import timedelta
from uuid import uuid4

import pytest

import governed
from governed import get, post, put, try_to_put, wrong
from pdu_resources.rules.impact import Standing, state_of
from pdu_shared.identity import organisation_id
from resources.surveys import told

CODED = {
    "level": "organisation",
    "expectedness": "negative",
    "kind": "emergent",
    "contribution_class": "partnership",
    "evidence": ["interview"],
    "aims": ["welcoming"],
    "hls": ["local_relationships"],
    "workstreams": ["housing"],
}
WORDS = {"title": "A hostel asks first", "summary": "Four people kept their room."}


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
def member(token):
    return token("member", sub=uuid4())


def change(**details):
    return {"what": f"They ring us first. {uuid4()}", "level": "organisation", **details}


async def through(http, coordinator, impact, *steps):
    """The record after these steps."""
    path = f"/impacts/{impact['impact_id']}"
    for step in steps:
        match step:
            case "coding":
                seen = (await get(http, coordinator, path))["version"]
                found = await put(http, coordinator, f"{path}/coding", CODED, seen=seen)
            case "publication":
                found = await put(http, coordinator, f"{path}/publication", WORDS)
            case _:
                found = await put(http, coordinator, f"{path}/{step}")
    return found


async def test_a_change_goes_all_the_way_and_is_told_in_codes(
    resources_http, resources_database, coordinator, member
):
    name = governed.organisation()
    form = change(organisation=name, learning_event_ids=[str(uuid4())], expectedness="unexpected")
    impact = await post(resources_http, member, "/impacts", form)
    assert impact["state"] == "captured"
    states = [
        (await through(resources_http, coordinator, impact, step))["state"]
        for step in ("verification", "verification", "consent", "coding", "publication")
    ]
    assert states == [
        "verified", "verified", "verified", "consented_to_publish", "published",
    ]  # fmt: skip
    messages = [
        (kind, one.state)
        for kind in ("ImpactRecorded", "ImpactVerified", "ImpactPublished")
        for one in await told(resources_database, kind, impact["impact_id"])
    ]
    assert messages == [
        ("ImpactRecorded", "captured"),
        ("ImpactRecorded", "verified"),
        ("ImpactRecorded", "consented_to_publish"),
        ("ImpactVerified", "verified"),
        ("ImpactPublished", "published"),
    ]
    [published] = await told(resources_database, "ImpactPublished", impact["impact_id"])
    assert published.organisation_id == organisation_id(name)
    assert (published.aims, published.expectedness) == (("welcoming",), "negative")
    assert form["what"] not in published.model_dump_json()


async def test_everybody_reads_what_is_published_and_nothing_else(
    resources_http, coordinator, member
):
    form = change(may_publish=True)
    impact = await post(resources_http, member, "/impacts", form)

    async def stories():
        found = await get(resources_http, {}, "/stories", aim="welcoming", kind="change")
        return [one for one in found["items"] if one["story_id"] == impact["impact_id"]]

    await through(resources_http, coordinator, impact, "verification", "coding")
    assert await stories() == []
    await through(resources_http, coordinator, impact, "publication")
    [story] = await stories()
    assert (story["title"], story["text"]) == (WORDS["title"], WORDS["summary"])
    assert form["what"] not in str(story)
    other = {"authorization": coordinator["Authorization"]}
    elsewhere = await get(resources_http, other, "/stories", aim="resilience")
    assert impact["impact_id"] not in str(elsewhere)
    withdrawn = await put(resources_http, member, f"/impacts/{impact['impact_id']}/withdrawal")
    assert (withdrawn["state"], await stories()) == ("withdrawn", [])
    answer = await try_to_put(
        resources_http, coordinator, f"/impacts/{impact['impact_id']}/publication", WORDS
    )
    assert answer.status_code == 409


async def test_nobody_verifies_their_own_and_nothing_is_published_too_early(
    resources_http, resources_database, token
):
    writer = token("coordinator", sub=uuid4())
    impact = await post(resources_http, writer, "/impacts", change())
    path = f"/impacts/{impact['impact_id']}"
    own = await try_to_put(resources_http, writer, f"{path}/verification")
    early = await try_to_put(resources_http, writer, f"{path}/publication", WORDS)
    assert (own.status_code, early.status_code) == (409, 409)
    assert "somebody else has to verify it, and it has to be coded" in early.json()["detail"]
    without = await try_to_put(
        resources_http,
        writer,
        f"{path}/coding",
        {"level": "system", "expectedness": "expected"},
        seen=1,
    )
    assert wrong(without) == {
        ("/kind", "missing"),
        ("/contribution_class", "missing"),
        ("/evidence", "missing"),
    }
    stale = await try_to_put(resources_http, writer, f"{path}/coding", CODED, seen=7)
    assert stale.status_code == 412
    assert (await get(resources_http, writer, path))["version"] == 1
    assert len(await told(resources_database, "ImpactRecorded", impact["impact_id"])) == 1


async def test_a_member_sees_and_changes_only_their_own(resources_http, token, member):
    impact = await post(resources_http, member, "/impacts", change())
    other, path = token("member", sub=uuid4()), f"/impacts/{impact['impact_id']}"
    listed = await get(resources_http, member, "/impacts")
    assert [one["impact_id"] for one in listed["items"]] == [impact["impact_id"]]
    assert (await get(resources_http, other, "/impacts"))["items"] == []
    assert (await resources_http.get(path, headers=other)).status_code == 404
    for step in ("consent", "withdrawal"):
        assert (await try_to_put(resources_http, other, f"{path}/{step}")).status_code == 404
        assert (await try_to_put(resources_http, member, f"{path}/{step}")).status_code == 200


@pytest.mark.parametrize(
    ("details", "problem"),
    [
        ({"workstreams": ["gardening"]}, ("/workstreams/0", "unknown-code")),
        (
            {"happened_on": (governed.today() + timedelta(days=1)).isoformat()},
            ("/happened_on", "out-of-bounds"),
        ),
        ({"level": "everywhere"}, ("/level", "enum")),
        ({"aims": ["fame"]}, ("/aims/0", "enum")),
    ],
)
async def test_what_makes_no_sense_is_not_written_down(
    resources_http, resources_database, member, details, problem
):
    form = change(**details)
    answer = await resources_http.post(
        "/impacts", json=form, headers={**member, "Idempotency-Key": str(uuid4())}
    )
    assert problem in wrong(answer)
    kept = await resources_database.pool.fetchval(
        "SELECT count(*) FROM impact_record WHERE what = $1", form["what"]
    )
    assert kept == 0


def test_a_state_is_reached_when_every_step_before_it_was_taken():
    steps = ("verified", "coded", "may_publish", "published")
    found = []
    for taken in range(5):
        done = {name: place < taken for place, name in enumerate(steps)}
        found.append(state_of(Standing(**done, withdrawn=False)))
        assert state_of(Standing(**done, withdrawn=True)) == "withdrawn"
    assert found == ["captured", "verified", "coded", "consented_to_publish", "published"]


def a_case_study(**details):
    return {
        "title": f"A hostel asks {uuid4().hex[:6]}",
        "body": "Staff came twice, and changed one rule.",
        "aims": ["works_as_one"],
        **details,
    }


async def test_a_case_study_is_agreed_to_read_by_another_and_shown_for_a_time(
    resources_http, resources_database, token
):
    writer, reader = (token("coordinator", sub=uuid4()) for _ in range(2))
    study = await post(resources_http, writer, "/case-studies", a_case_study())
    path = f"/case-studies/{study['case_study_id']}"
    until = {"shown_until": governed.day(30)}
    for step in ("publication", "review"):
        early = await try_to_put(resources_http, reader, f"{path}/{step}")
        assert early.status_code == 409
    past = await try_to_put(
        resources_http, writer, f"{path}/consent", {"shown_until": governed.day(0)}
    )
    assert wrong(past) == {("/shown_until", "out-of-bounds")}
    await put(resources_http, writer, f"{path}/consent", until)
    own = await try_to_put(resources_http, writer, f"{path}/review")
    assert own.status_code == 409
    await put(resources_http, reader, f"{path}/review")
    shown = await put(resources_http, writer, f"{path}/publication")
    assert shown["state"] == "published"

    async def found():
        stories = await get(resources_http, {}, "/stories", kind="case_study")
        return study["case_study_id"] in {one["story_id"] for one in stories["items"]}

    assert await found()
    await resources_database.pool.execute(
        "UPDATE case_study SET shown_until = $2 WHERE case_study_id = $1::text::uuid",
        study["case_study_id"],
        governed.today() - timedelta(days=1),
    )
    assert not await found()
    anew = await put(resources_http, writer, path, a_case_study(), seen=shown["version"])
    assert (anew["state"], anew["shown_until"]) == ("draft", None)
    kinds = [
        len(await told(resources_database, kind, study["case_study_id"]))
        for kind in ("CaseStudyPublished", "CaseStudyWithdrawn")
    ]
    assert kinds == [1, 1]
