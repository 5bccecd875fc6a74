"""Two ids of one person: merged once, taken apart again, and never in a circle."""

import asyncio
from uuid import uuid4

import pytest

from resources.surveys import told


@pytest.fixture
def coordinator(token):
    return token("coordinator")


async def merge(http, coordinator, merged, kept, *, basis="same_person_said_so"):
    form = {"kept_id": str(kept), "merged_id": str(merged), "basis": basis}
    return await http.post("/persons/merges", json=form, headers=coordinator)


async def unmerge(http, coordinator, merged):
    return await http.delete(f"/persons/merges/{merged}", headers=coordinator)


async def who_is(database, person_id):
    """Whom a reader of the messages takes an id for: the last word counts."""
    row = await database.pool.fetchrow(
        """
        SELECT routing_key, (body::jsonb -> 'data' ->> 'kept_id')::uuid AS kept_id FROM outbox
         WHERE subject = $1 AND routing_key LIKE 'resources.Person%'
         ORDER BY sequence DESC LIMIT 1
        """,
        f"person/{person_id}",
    )
    return row["kept_id"] if row and row["routing_key"] == "resources.PersonMerged" else person_id


async def test_two_ids_become_one_person_and_two_again(
    resources_http, resources_database, coordinator
):
    kept, merged = uuid4(), uuid4()
    answer = await merge(resources_http, coordinator, merged, kept)
    assert (answer.status_code, answer.json()) == (
        200,
        {"kept_id": str(kept), "merged_id": str(merged)},
    )
    [message] = await told(resources_database, "PersonMerged", str(merged))
    assert (message.kept_id, message.basis) == (kept, "same_person_said_so")
    assert (await unmerge(resources_http, coordinator, merged)).status_code == 204
    [message] = await told(resources_database, "PersonUnmerged", str(merged))
    assert (message.kept_id, message.merged_id) == (kept, merged)
    assert (await merge(resources_http, coordinator, merged, uuid4())).status_code == 200


async def test_merging_and_taking_apart_twice_is_doing_it_once(
    resources_http, resources_database, coordinator
):
    kept, merged = uuid4(), uuid4()
    answers = [await merge(resources_http, coordinator, merged, kept) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert len(await told(resources_database, "PersonMerged", str(merged))) == 1
    for _ in range(2):
        assert (await unmerge(resources_http, coordinator, merged)).status_code == 204
    assert len(await told(resources_database, "PersonUnmerged", str(merged))) == 1


async def test_an_id_is_merged_into_one_other_only(resources_http, resources_database, coordinator):
    merged = uuid4()
    await merge(resources_http, coordinator, merged, uuid4())
    assert (await merge(resources_http, coordinator, merged, uuid4())).status_code == 409
    assert len(await told(resources_database, "PersonMerged", str(merged))) == 1


async def test_nobody_is_merged_into_themselves_or_in_a_circle(
    resources_http, resources_database, coordinator
):
    one, two, three = uuid4(), uuid4(), uuid4()
    assert (await merge(resources_http, coordinator, one, one)).status_code == 409
    await merge(resources_http, coordinator, one, two)
    await merge(resources_http, coordinator, two, three)
    for kept in (one, two):
        assert (await merge(resources_http, coordinator, three, kept)).status_code == 409
    assert await told(resources_database, "PersonMerged", f'merged_id":"{three}') == []


async def test_the_last_word_about_an_id_is_enough_to_know_who_it_is(
    resources_http, resources_database, coordinator
):
    one, two, three, four = (uuid4() for _ in range(4))

    async def known_as():
        return [await who_is(resources_database, person) for person in (one, two, three, four)]

    await merge(resources_http, coordinator, one, two)
    await merge(resources_http, coordinator, three, four)
    await merge(resources_http, coordinator, two, three)
    assert await known_as() == [four, four, four, four]
    await unmerge(resources_http, coordinator, two)
    assert await known_as() == [two, two, four, four]


async def test_two_merges_at_once_close_no_circle(resources_http, coordinator):
    for _ in range(5):
        one, two = uuid4(), uuid4()
        answers = await asyncio.gather(
            merge(resources_http, coordinator, one, two),
            merge(resources_http, coordinator, two, one),
        )
        assert sorted(one.status_code for one in answers) == [200, 409]


@pytest.mark.parametrize("role", ["member", "evaluator", "operator"])
async def test_nobody_else_says_who_is_one_person(resources_http, token, role):
    assert (await merge(resources_http, token(role), uuid4(), uuid4())).status_code == 403
    assert (await unmerge(resources_http, token(role), uuid4())).status_code == 403
