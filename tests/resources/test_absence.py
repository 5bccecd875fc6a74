"""Why nobody comes from an organisation: written down by a coordinator, told, and taken back."""

from uuid import uuid4

import pytest

from resources.organisations import Registry, a_name

SAID = {"reasons": ["times", "no_cover", "times"], "asked_on": "2026-11-02"}


@pytest.fixture
def registry(resources_http, token):
    return Registry(resources_http, token("coordinator"))


async def told(database, organisation):
    """What was told of it, oldest first."""
    rows = await database.pool.fetch(
        """
        SELECT body::jsonb -> 'data' -> 'reasons' AS reasons
          FROM outbox
         WHERE subject = $1
         ORDER BY position
        """,
        f"organisation_absence/{organisation}",
    )
    return [row["reasons"] for row in rows]


async def test_what_an_organisation_says_is_kept_and_told_once(registry, resources_database):
    organisation = await registry.add()
    path = f"/organisations/{organisation}/absence"
    assert (await registry.ask("GET", path)).status_code == 404
    for _ in range(2):
        answer = await registry.ask("PUT", path, SAID)
        assert answer.status_code == 200, answer.text
    kept = {"organisation_id": organisation, "reasons": ["no_cover", "times"],
            "asked_on": "2026-11-02"}  # fmt: skip
    assert answer.json() == kept
    assert (await registry.ask("GET", path)).json() == kept
    assert await told(resources_database, organisation) == ['["no_cover", "times"]']


async def test_what_was_written_is_taken_back_once(registry, resources_database):
    organisation = await registry.add()
    path = f"/organisations/{organisation}/absence"
    await registry.ask("PUT", path, SAID)
    for _ in range(2):
        assert (await registry.ask("DELETE", path)).status_code == 204
    assert (await registry.ask("GET", path)).status_code == 404
    assert await told(resources_database, organisation) == ['["no_cover", "times"]', "[]"]


async def test_a_record_that_is_merged_and_words_of_ones_own_are_refused(registry):
    kept, merged = await registry.add(), await registry.add(a_name("Other"))
    await registry.merge(merged, kept)
    path = f"/organisations/{merged}/absence"
    assert (await registry.ask("PUT", path, SAID)).status_code == 409
    free = {**SAID, "reasons": ["Mrs Example says no"]}
    refused = await registry.ask("PUT", f"/organisations/{kept}/absence", free)
    assert refused.status_code == 422
    assert "not_relevant" in refused.text


async def test_an_organisation_that_nobody_knows_is_not_there(registry):
    assert (await registry.ask("PUT", f"/organisations/{uuid4()}/absence", SAID)).status_code == 404
