"""Coordinators and operators see where letters are, and release those that are held."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from pdu_shared.identity import uuid7


async def held_letter(database, state="held"):
    letter_id, now = uuid7(), datetime.now(UTC)
    await database.pool.execute(
        """
        INSERT INTO letter (letter_id, key, kind, person_id, related_id, content, needs_link,
                            while_booking, repeatable, correlation_id, state, reason, attempt,
                            next_at, posted_at, changed_at)
        VALUES ($1, $2, 'bulletin', $3, $4, '{}', false, 'confirmed', false, $5, $6, 'in_doubt', 1,
                $7, $7, $7)
        """,
        letter_id,
        f"bulletin:{letter_id}:0",
        uuid4(),
        uuid4(),
        uuid4(),
        state,
        now,
    )
    return letter_id


@pytest.mark.parametrize("role", ["coordinator", "operator"])
async def test_letters_are_listed_newest_first_without_people(
    notifications_http, notifications_database, token, role
):
    older = await held_letter(notifications_database)
    newer = await held_letter(notifications_database)
    answer = await notifications_http.get("/letters?limit=2&state=held", headers=token(role))
    page = answer.json()
    assert [item["letter_id"] for item in page["items"]] == [str(newer), str(older)]
    assert set(page["items"][0]) == {
        "letter_id", "kind", "related_id", "state", "channel", "reason", "attempt", "posted_at",
        "changed_at", "expires_at",
    }  # fmt: skip


async def test_a_page_leads_to_the_next(notifications_http, notifications_database, token):
    older = await held_letter(notifications_database, "failed")
    newer = await held_letter(notifications_database, "failed")
    ask = {"limit": 1, "state": "failed"}
    first = (await notifications_http.get("/letters", params=ask, headers=token("operator"))).json()
    assert first["next"] == str(newer)
    ask["after"] = first["next"]
    second = (
        await notifications_http.get("/letters", params=ask, headers=token("operator"))
    ).json()
    assert [item["letter_id"] for item in second["items"]] == [str(older)]


@pytest.mark.parametrize(
    ("roles", "status"), [((), 401), (("member",), 403), (("integration",), 403)]
)
async def test_nobody_else_sees_letters(notifications_http, token, roles, status):
    headers = token(*roles) if roles else {}
    assert (await notifications_http.get("/letters", headers=headers)).status_code == status


async def test_a_held_letter_is_released_once(notifications_http, notifications_database, token):
    letter_id = await held_letter(notifications_database)
    path = f"/letters/{letter_id}/release"
    answer = await notifications_http.post(path, headers=token("coordinator"))
    assert answer.status_code == 200, answer.text
    assert (answer.json()["state"], answer.json()["reason"]) == ("queued", "released")
    again = await notifications_http.post(path, headers=token("coordinator"))
    assert again.status_code == 409
    assert again.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("letter_id", ["3c8f7a52-6f0b-4f0c-8a38-5d9e3c2b7a10", "nonsense"])
async def test_what_is_not_there_cannot_be_released(notifications_http, token, letter_id):
    answer = await notifications_http.post(
        f"/letters/{letter_id}/release", headers=token("coordinator")
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "after=x", "state=lost"])
async def test_a_question_that_makes_no_sense_is_refused(notifications_http, token, query):
    answer = await notifications_http.get(f"/letters?{query}", headers=token("operator"))
    assert answer.status_code == 422


async def test_postmen_and_diary_are_at_work_as_long_as_the_service_is(notifications_http):
    assert (await notifications_http.get("/livez")).status_code == 200
    assert "# TYPE pdu_letters_total counter" in (await notifications_http.get("/metrics")).text


async def test_all_held_letters_about_one_thing_are_released_together(
    notifications_http, notifications_database, token
):
    ours, other = (
        await held_letter(notifications_database),
        await held_letter(notifications_database),
    )
    about = await notifications_database.pool.fetchval(
        "SELECT related_id FROM letter WHERE letter_id = $1", ours
    )
    asked = {"kind": "bulletin", "related_id": str(about)}
    answer = await notifications_http.post(
        "/letters/release", json=asked, headers=token("coordinator")
    )
    assert (answer.status_code, answer.json()) == (200, {"letters": 1})
    state = await notifications_database.pool.fetchval(
        "SELECT state FROM letter WHERE letter_id = $1", other
    )
    assert state == "held"
