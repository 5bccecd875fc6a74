"""What members do in the hub is told; what does not fit, and who has no account, is refused."""

from uuid import uuid4

import pytest

import a
from pdu_resources.rules.activity import Action, Kind, fits, kind_by
from pdu_resources.usage.activity import item_id_of
from resources.surveys import told
from signing_up import sign_up


@pytest.fixture
async def member(resources_http, resources_database, token):
    """Somebody with an account: their id and their header."""
    person = a.person()
    await sign_up(resources_http, person)
    person_id = await resources_database.pool.fetchval(
        "SELECT person_id FROM member WHERE address = $1", person["email"]
    )
    return person_id, token("member", sub=person_id)


@pytest.fixture
def item(resources_database):
    """An item of the hub: its key."""

    async def made(kind="resource"):
        item_key = f"{kind}-{uuid4().hex}"
        await resources_database.pool.execute(
            "INSERT INTO item (item_id, item_key, kind, state) VALUES ($1, $2, $3, 'imported')",
            item_id_of(item_key),
            item_key,
            kind,
        )
        return item_key

    return made


async def do(http, headers, item_key, action):
    form = {"item_key": item_key, "action": action}
    return await http.post("/activity", json=form, headers={**headers, **a.key()})


@pytest.mark.parametrize(
    "done",
    [
        ("viewed", "ResourceViewed"),
        ("downloaded", "ResourceDownloaded"),
        ("module_started", "ModuleStarted"),
        ("module_completed", "ModuleCompleted"),
    ],
)
async def test_what_a_member_does_is_told(resources_http, resources_database, member, item, done):
    (action, message), (person_id, headers) = done, member
    item_key = await item("module" if action.startswith("module") else "resource")
    answer = await do(resources_http, headers, item_key, action)
    assert answer.status_code == 201, answer.text
    [fact] = await told(resources_database, message, item_key)
    assert (str(fact.activity_id), fact.person_id) == (answer.json()["activity_id"], person_id)
    assert fact.item_id == item_id_of(item_key)


async def test_doing_it_again_is_another_activity(resources_http, resources_database, member, item):
    item_key, headers = await item(), member[1]
    answers = [await do(resources_http, headers, item_key, "viewed") for _ in range(3)]
    assert len({one.json()["activity_id"] for one in answers}) == 3
    assert len(await told(resources_database, "ResourceViewed", item_key)) == 3


async def test_a_repeated_request_is_one_activity(resources_http, resources_database, member, item):
    item_key = await item()
    form, headers = {"item_key": item_key, "action": "viewed"}, {**member[1], **a.key()}
    answers = [await resources_http.post("/activity", json=form, headers=headers) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert len(await told(resources_database, "ResourceViewed", item_key)) == 1


async def test_a_paper_is_not_completed(resources_http, resources_database, member, item):
    item_key = await item()
    answer = await do(resources_http, member[1], item_key, "module_completed")
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/action"]
    assert await told(resources_database, "ModuleCompleted", item_key) == []


async def test_what_the_hub_does_not_have_has_no_activity(
    resources_http, resources_database, member
):
    item_key = f"item-{uuid4().hex}"
    answer = await do(resources_http, member[1], item_key, "viewed")
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/item_key"]
    assert await told(resources_database, "ResourceViewed", item_key) == []


async def test_a_module_can_be_looked_at(resources_http, member, item):
    item_key = await item("module")
    for action in ("module_started", "viewed", "module_completed"):
        assert (await do(resources_http, member[1], item_key, action)).status_code == 201


async def test_only_who_has_an_account_has_activity(
    resources_http, resources_database, token, item
):
    item_key = await item()
    answer = await do(resources_http, token("member"), item_key, "viewed")
    assert answer.status_code == 409
    assert await told(resources_database, "ResourceViewed", item_key) == []


async def test_what_nobody_can_do_is_refused(resources_http, member):
    answer = await do(resources_http, member[1], "res-001", "danced")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/action"]


def test_only_modules_are_begun_and_completed():
    assert {action for action in Action if not fits(action, Kind.RESOURCE)} == {
        Action.MODULE_STARTED,
        Action.MODULE_COMPLETED,
    }
    assert all(fits(action, Kind.MODULE) for action in Action)
    assert all(fits(action, kind_by(action)) for action in Action)
