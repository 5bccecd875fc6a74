"""Commitments: what organisations promise for a year, held against who came and what was named."""

import json
from uuid import uuid4

import pytest

import a
import governed
from bus import deliver
from governed import get, post, put, try_to_put, wrong
from house import service
from pdu_shared.contracts.bookings.attendance import AttendanceCorrected
from pdu_shared.contracts.bookings.topic import TopicDecided, TopicSuggested
from pdu_shared.identity import organisation_id
from resources.organisations import Registry
from resources.surveys import attendance

IN_YEAR_9 = "2025-06-01"


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
def lead(token):
    """`lead("Sherwood Outreach")`: who leads the organisation of this name."""
    return lambda name: token("organisation_lead", organisation_id=organisation_id(name))


async def promised(http, headers, **details):
    return await post(http, headers, "/commitments", governed.commitment(**details))


async def heard(database, *messages, **how):
    await deliver(service("resources"), database, *messages, **how)


async def kept(http, headers, commitment):
    found = await get(http, headers, f"/commitments/{commitment['commitment_id']}")
    return found["kept"], found["attendances"]


async def test_what_was_kept_is_counted_from_those_who_came(
    resources_http, resources_database, coordinator
):
    name = governed.organisation()
    commitment = await promised(resources_http, coordinator, organisation=name)
    event, twice = uuid4(), uuid4()
    here = {"organisation_id": organisation_id(name), "held_on": IN_YEAR_9}
    late = attendance(event, **here)
    messages = [
        *(attendance(uuid4(), **here, person_id=twice) for _ in range(2)),
        late,
        attendance(event, **here, state="absent_no_show"),
        attendance(event, **{**here, "held_on": "2024-06-01"}),
        attendance(event, organisation_id=uuid4(), held_on=IN_YEAR_9),
        attendance(event, held_on=IN_YEAR_9),
    ]
    await heard(resources_database, *messages, *messages)
    assert await kept(resources_http, coordinator, commitment) == (2, 3)

    told = {**late.model_dump(), "state": "absent_apologies", "supersedes": uuid4()}
    await heard(resources_database, AttendanceCorrected(**told))
    assert await kept(resources_http, coordinator, commitment) == (1, 2)
    moved = {**told, "state": "present", "organisation_id": None}
    await heard(resources_database, AttendanceCorrected(**moved))
    assert await kept(resources_http, coordinator, commitment) == (1, 2)


async def test_ids_that_are_one_person_count_once_and_history_counts_too(
    resources_http, resources_database, coordinator
):
    name = governed.organisation()
    commitment = await promised(resources_http, coordinator, organisation=name)
    here = {"organisation_id": organisation_id(name), "held_on": IN_YEAR_9}
    one, two, three = (uuid4() for _ in range(3))
    came = [attendance(uuid4(), **here, person_id=person) for person in (one, two, three)]
    await heard(resources_database, *came, origin="import")
    assert await kept(resources_http, coordinator, commitment) == (3, 3)
    for merged, into in ((one, two), (two, three)):
        form = {"kept_id": str(into), "merged_id": str(merged), "basis": "same_person_said_so"}
        await resources_http.post("/persons/merges", json=form, headers=coordinator)
    assert await kept(resources_http, coordinator, commitment) == (1, 3)


async def test_a_review_tells_what_was_promised_and_kept(
    resources_http, resources_database, coordinator, lead
):
    name = governed.organisation()
    commitment = await promised(resources_http, lead(name), organisation=name)
    path = f"/commitments/{commitment['commitment_id']}"
    await put(resources_http, lead(name), f"{path}/promise", {"promised": 5}, seen=1)
    review = {"state": "partly", "note": "Rotas made it hard."}
    answer = await try_to_put(resources_http, lead(name), f"{path}/review", review, seen=2)
    assert answer.status_code == 403
    reviewed = await put(resources_http, coordinator, f"{path}/review", review, seen=2)
    assert (reviewed["state"], reviewed["promised"], reviewed["kept"]) == ("partly", 5, 0)
    late = await try_to_put(resources_http, lead(name), f"{path}/promise", {"promised": 1}, seen=3)
    assert late.status_code == 409
    back = {"state": "intended"}
    answer = await try_to_put(resources_http, coordinator, f"{path}/review", back, seen=3)
    assert answer.status_code == 409
    rows = await resources_database.pool.fetch(
        "SELECT routing_key, body FROM outbox WHERE subject = $1 ORDER BY position",
        f"commitment/{commitment['commitment_id']}",
    )
    told = [(row["routing_key"], json.loads(row["body"])["data"]["promised"]) for row in rows]
    assert told == [
        ("resources.CommitmentMade", 3),
        ("resources.CommitmentMade", 5),
        ("resources.CommitmentReviewed", 5),
    ]
    assert "Rotas" not in rows[-1]["body"]


async def test_topics_that_an_organisation_names_are_counted_once(
    resources_http, resources_database, lead
):
    name = governed.organisation()
    commitment = await promised(resources_http, lead(name), organisation=name, kind="name_topics")
    topic_id = uuid4()
    path = f"/commitments/{commitment['commitment_id']}/topics/{topic_id}"
    answer = await try_to_put(resources_http, lead(name), path)
    assert wrong(answer) == {("/topic_id", "unknown-topic")}
    await heard(
        resources_database,
        TopicSuggested(topic_id=topic_id, source="partner"),
        TopicDecided(topic_id=topic_id, decision="planned"),
    )
    for _ in range(2):
        named = await put(resources_http, lead(name), path)
        assert (named["kept"], named["attendances"]) == (1, 0)
    staff = await promised(resources_http, lead(name), organisation=name)
    path = f"/commitments/{staff['commitment_id']}/topics/{topic_id}"
    assert (await try_to_put(resources_http, lead(name), path)).status_code == 409


async def test_an_organisation_sees_its_own_and_those_who_steer_see_all(
    resources_http, coordinator, lead, token
):
    name = governed.organisation()
    commitment = await promised(resources_http, coordinator, organisation=name)
    path = f"/commitments/{commitment['commitment_id']}"
    manager = token("manager", organisation_id=organisation_id(name))
    for headers in (lead(name), manager, token("steering_group")):
        assert (await get(resources_http, headers, path))["organisation"] == name
    [own] = (await get(resources_http, lead(name), "/commitments"))["items"]
    assert own["commitment_id"] == commitment["commitment_id"]
    for stranger in (lead(governed.organisation()), token("organisation_lead")):
        assert (await resources_http.get(path, headers=stranger)).status_code == 404
        assert (await get(resources_http, stranger, "/commitments"))["items"] == []
        answer = await try_to_put(
            resources_http, stranger, f"{path}/promise", {"promised": 1}, seen=1
        )
        assert answer.status_code == 404


async def test_nobody_promises_twice_for_another_or_for_a_year_that_is_not_there(
    resources_http, coordinator, lead
):
    name = governed.organisation()
    await promised(resources_http, coordinator, organisation=name)
    again = governed.commitment(organisation=name)
    answer = await resources_http.post(
        "/commitments", json=again, headers={**coordinator, **a.key()}
    )
    assert answer.status_code == 409
    wrongly = governed.commitment(project_year="99")
    answer = await resources_http.post(
        "/commitments", json=wrongly, headers={**lead(name), **a.key()}
    )
    assert wrong(answer) == {("/project_year", "unknown-code"), ("/organisation", "not-yours")}


async def test_a_promise_is_kept_under_every_name_of_the_organisation(
    resources_http, resources_database, coordinator, lead
):
    registry = Registry(resources_http, coordinator)
    name, other, double = (governed.organisation() for _ in range(3))
    organisation, doubled = await registry.add(name), await registry.add(double)
    assert (await registry.match(organisation, other)).is_success
    commitment = await promised(resources_http, lead(other), organisation=other)
    assert commitment["organisation_id"] == organisation
    twice = {**governed.commitment(organisation=name), "project_year": commitment["project_year"]}
    answer = await resources_http.post(
        "/commitments", json=twice, headers={**lead(name), **a.key()}
    )
    assert answer.status_code == 409, "the same organisation under another name"
    for one in (name, other, double):
        came = attendance(uuid4(), organisation_id=organisation_id(one), held_on=IN_YEAR_9)
        await heard(resources_database, came)
    assert await kept(resources_http, lead(other), commitment) == (2, 2)
    path = f"/commitments/{commitment['commitment_id']}"
    assert (await resources_http.get(path, headers=lead(double))).status_code == 404
    assert (await registry.merge(doubled, organisation)).is_success
    assert await kept(resources_http, lead(double), commitment) == (3, 3)
    asked = {"organisation_id": str(organisation_id(double))}
    listed = await get(resources_http, coordinator, "/commitments", **asked)
    assert [one["commitment_id"] for one in listed["items"]] == [commitment["commitment_id"]]
    assert (await registry.unmerge(doubled)).is_success
    assert await kept(resources_http, lead(other), commitment) == (2, 2)
