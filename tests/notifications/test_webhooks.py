"""Other tools are told of what is announced: signed, until they take it, and never of people."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import get_args
from uuid import uuid4

import pytest

import a
from loopback import loopback
from notifications.office import Clock, tell
from notifications.told import Story
from pdu_notifications.rules.webhook import PAUSES, Again, Done, Off, after_call
from pdu_notifications.webhook.calls import Switchboard, call_next, secret_for
from pdu_notifications.webhook.room import forget_calls
from pdu_notifications.webhook.telling import Announced, Announcement
from pdu_shared.database import transaction
from pdu_shared.standard_webhooks import verify

KEY = b"the key of links in tests"
NOON = datetime(2027, 1, 13, 12, 0, tzinfo=UTC)


async def a_webhook(database, url, messages=("bookings.EventPublished",), made_by=None):
    webhook_id = uuid4()
    await database.pool.execute(
        """
        INSERT INTO webhook (webhook_id, url, messages, state, made_by, made_at, changed_at)
        VALUES ($1, $2, $3, 'on', $4, now(), now())
        """,
        webhook_id, url, list(messages), made_by,
    )  # fmt: skip
    return webhook_id


def board(database, clock=None, *, at_home=True):
    return Switchboard(database=database, key=KEY, at_home=at_home, now=clock or Clock())


async def call_all(switchboard):
    while await call_next(switchboard):
        pass


def test_nothing_that_is_told_says_anything_of_a_person():
    assert {message.routing_key() for message in get_args(Announced)} == {*Announcement}
    for message in get_args(Announced):
        assert message.public, message
        for name in message.model_fields:
            for word in ("person", "member", "expert", "name", "address", "_by", "facilitator"):
                assert word not in name, (message, name)


async def test_a_tool_is_told_what_it_asked_for_signed_and_once(database):
    story = Story()
    async with loopback(lambda _asked: (200, {})) as there:
        webhook_id = await a_webhook(database, f"{there.url}/pdu")
        await tell(database, *story.announced)
        await call_all(board(database))
        await call_all(board(database))
    [asked] = there.asked
    message_id = verify(
        secret_for(KEY, webhook_id), asked.headers, asked.body, now=datetime.now(UTC)
    )
    assert asked.json["type"] == "bookings.EventPublished"
    assert asked.json["data"]["learning_event_id"] == str(story.learning_event_id)
    [call] = await database.pool.fetch("SELECT * FROM webhook_call")
    assert (str(call["message_id"]), call["state"]) == (message_id, "done")


async def test_history_is_told_to_nobody(database):
    await a_webhook(database, "https://tool.example.org/")
    await tell(database, Story().published, origin="import")
    assert await database.pool.fetchval("SELECT count(*) FROM webhook_call") == 0


def test_after_a_failure_it_is_called_again_for_two_days():
    now, attempt, times = NOON, 1, [NOON]
    while isinstance(outcome := after_call(attempt, 500, now=now), Again):
        now, attempt = outcome.at, attempt + 1
        times.append(now)
    assert outcome == Off("status_500")
    assert tuple(b - a for a, b in pairwise(times)) == PAUSES
    assert timedelta(hours=40) < now - NOON < timedelta(hours=50)


@pytest.mark.parametrize(
    ("answer", "becomes"),
    [(200, Done), (204, Done), (410, Off), (302, Again), (404, Again), (503, Again),
     ("no_answer", Again)],
)  # fmt: skip
def test_every_answer_has_its_outcome(answer, becomes):
    assert isinstance(after_call(1, answer, now=NOON), becomes)


async def test_a_tool_that_fails_for_days_is_switched_off_and_whoever_set_it_up_is_told(database):
    clock, coordinator, bodies = Clock(), uuid4(), set()
    async with loopback(lambda _asked: (500, {})) as there:
        webhook_id = await a_webhook(database, there.url, made_by=coordinator)
        await tell(database, Story().published, Story().published)
        for _ in range(2 * len(PAUSES) + 2):
            await call_all(board(database, clock))
            clock.forward(hours=25)
    bodies = {(asked.headers["webhook-id"], asked.body) for asked in there.asked}
    assert len(bodies) == 2  # byte for byte the same at every attempt
    hook = await database.pool.fetchrow("SELECT * FROM webhook WHERE webhook_id = $1", webhook_id)
    assert (hook["state"], hook["reason"]) == ("off", "status_500")
    [letter] = await database.pool.fetch("SELECT kind, content, person_id FROM letter")
    assert (letter["kind"], letter["person_id"]) == ("webhook_off", coordinator)
    assert there.url not in letter["content"]
    states = await database.pool.fetch("SELECT state FROM webhook_call ORDER BY state")
    assert [row["state"] for row in states] == ["given_up", "waiting"]


async def test_an_address_inside_is_never_called_whatever_the_table_says(database):
    async with loopback(lambda _asked: (200, {})) as there:
        await a_webhook(database, there.url)
        await tell(database, Story().published)
        await call_all(board(database, at_home=False))
    assert there.asked == []
    assert await database.pool.fetchval("SELECT answer FROM webhook_call") == "address_refused"


async def test_calls_are_forgotten_after_a_month_and_waiting_ones_are_not(database):
    async with loopback(lambda _asked: (200, {})) as there:
        await a_webhook(database, there.url)
        await tell(database, Story().published)
        await call_all(board(database))
    await tell(database, Story().published)
    async with transaction(database) as conn:
        assert await forget_calls(conn, datetime.now(UTC) + timedelta(days=29)) == 0
        assert await forget_calls(conn, datetime.now(UTC) + timedelta(days=31)) == 1
    assert await database.pool.fetchval("SELECT state FROM webhook_call") == "waiting"
    await database.pool.execute("UPDATE webhook SET state = 'off'")
    async with transaction(database) as conn:
        assert await forget_calls(conn, datetime.now(UTC) + timedelta(days=31)) == 1


async def test_a_coordinator_sets_up_tries_and_removes_a_webhook(notifications_http, token):
    http, who = notifications_http, token("coordinator")
    wanted = {"url": "https://tool.invalid.example.org/pdu", "messages": ["bookings.CopCreated"]}
    key = a.key()
    added = await http.post("/webhooks", json=wanted, headers={**who, **key})
    assert added.status_code == 201, added.text
    assert "secret" not in added.text
    again = await http.post("/webhooks", json=wanted, headers={**who, **key})
    assert again.json() == added.json()
    where = f"/webhooks/{added.json()['webhook_id']}"
    secret = (await http.get(f"{where}/secret", headers=who)).json()["secret"]
    assert secret.startswith("whsec_")
    off = await http.put(f"{where}/state", json={"state": "off"}, headers=who)
    assert off.json()["state"] == "off"
    assert (await http.post(f"{where}/test", headers=who)).status_code == 409
    assert (await http.get(f"{where}/calls", headers=who)).json() == []
    assert (await http.delete(where, headers=who)).status_code == 204
    assert (await http.delete(where, headers=who)).status_code == 404
    assert (await http.get(f"{where}/secret", headers=who)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"url": "http://tool.example.org/"}, "/url"),
        ({"url": "https://127.0.0.1/"}, "/url"),
        ({"url": "https://10.0.0.1/x"}, "/url"),
        ({"url": "tool"}, "/url"),
        ({"messages": ["bookings.EventBooked"]}, "/messages/0"),
        ({"messages": []}, "/messages"),
        ({"secret": "mine"}, "/secret"),
    ],
)
async def test_a_webhook_that_will_not_do_is_refused_with_words(
    notifications_http, token, changes, pointer
):
    wanted = {"url": "https://tool.example.org/", "messages": ["bookings.EventPublished"]}
    answer = await notifications_http.post(
        "/webhooks", json={**wanted, **changes}, headers={**token("coordinator"), **a.key()}
    )
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert json.dumps(changes) not in answer.text
