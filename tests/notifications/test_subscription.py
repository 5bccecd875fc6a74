"""Who asks for letters gets them, once they have confirmed it, until they say stop."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from pdu_notifications.reader_link import Purpose
from pdu_notifications.subscription.holdings import UNCONFIRMED_FOR, forget_unconfirmed
from pdu_notifications.subscription.topic import learn_topic
from pdu_shared.contracts.resources.vocabulary import WorkstreamDefined
from pdu_shared.database import transaction
from pdu_shared.identity import person_id, uuid7
from pdu_shared.links import token_of

CLICK = {"Content-Type": "application/x-www-form-urlencoded"}


class Reader:
    """Somebody with an address, and what they find in their letters."""

    def __init__(self, http, database, secrets):
        self.http, self.database, self.key = http, database, secrets.link_key.encode()
        self.address = f"reader-{uuid4().hex}@example.org"
        self.person_id = person_id(secrets.person_key.encode(), self.address)

    async def ask(self, *lists, key=None, **form):
        told = {
            "email": self.address,
            "lists": list(lists or ["bulletin"]),
            "words_version": 1,
        } | form
        headers = {"Idempotency-Key": key or uuid4().hex}
        return await self.http.post("/subscriptions", json=told, headers=headers)

    async def preferences(self):
        subscriber_id = await self.database.pool.fetchval(
            "SELECT subscriber_id FROM subscriber WHERE person_id = $1", self.person_id
        )
        return f"/p/{token_of(self.key, Purpose.PREFERENCES, subscriber_id)}"

    async def one_click(self, name):
        subscription_id = await self.database.pool.fetchval(
            """
            SELECT subscription_id FROM subscription JOIN subscriber USING (subscriber_id)
             WHERE person_id = $1 AND list = $2
            """,
            self.person_id,
            name,
        )
        return f"/u/{token_of(self.key, Purpose.ONE_CLICK, subscription_id)}"

    async def gets(self):
        """The lists and how they stand, as the page of preferences shows them."""
        seen = (await self.http.get(await self.preferences())).json()
        return {one["list"]: one["state"] for one in seen["lists"] if one["state"]}

    async def letters(self):
        rows = await self.database.pool.fetch(
            "SELECT content FROM letter WHERE person_id = $1 ORDER BY letter_id", self.person_id
        )
        return [row["content"] for row in rows]

    async def told(self):
        rows = await self.database.pool.fetch(
            """
            SELECT routing_key FROM outbox
             WHERE subject IN (SELECT 'subscription/' || subscription_id
                                 FROM subscription JOIN subscriber USING (subscriber_id)
                                WHERE person_id = $1)
             ORDER BY position
            """,
            self.person_id,
        )
        return [row["routing_key"].rpartition(".")[2] for row in rows]


@pytest.fixture
def a_reader(notifications_http, notifications_database, house):
    return lambda: Reader(notifications_http, notifications_database, house.secrets)


@pytest.fixture
def reader(a_reader):
    return a_reader()


@pytest.fixture
async def subscribed(reader):
    await reader.ask("bulletin", "alerts")
    await reader.http.post(f"{await reader.preferences()}/confirmation")
    return reader


async def test_nothing_is_sent_but_a_letter_that_asks_back(reader):
    answer = await reader.ask("bulletin", source="event_page")
    assert (answer.status_code, answer.json()) == (201, {"state": "check_your_email"})
    assert await reader.gets() == {"bulletin": "pending_confirmation"}
    [letter] = await reader.letters()
    assert "Until then we send you nothing." in letter
    assert await reader.told() == ["SubscriptionStarted"]


async def test_confirming_twice_is_confirming_once(reader):
    await reader.ask("bulletin", "opportunities")
    link = await reader.preferences()
    for _ in range(2):
        answer = await reader.http.post(f"{link}/confirmation")
        assert answer.status_code == 200
    assert await reader.gets() == {"bulletin": "active", "opportunities": "active"}
    assert (await reader.told()).count("SubscriptionConfirmed") == 2


async def test_however_often_an_address_is_typed_its_owner_gets_one_letter(reader):
    for _ in range(3):
        assert (await reader.ask()).status_code == 201
    assert len(await reader.letters()) == 1


async def test_a_repeated_request_is_one_request(reader):
    first, again = await reader.ask(key="once"), await reader.ask(key="once")
    assert (first.status_code, first.text) == (again.status_code, again.text)
    assert await reader.told() == ["SubscriptionStarted"]


async def test_the_answer_does_not_tell_who_is_on_a_list(subscribed):
    known = await subscribed.ask("bulletin")
    unknown = await subscribed.ask("bulletin", email=f"{uuid4().hex}@example.org")
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)


async def test_preferences_are_changed_without_a_log_in_and_at_once(subscribed):
    link = await subscribed.preferences()
    answer = await subscribed.http.put(link, json={"lists": ["opportunities"]})
    assert answer.status_code == 200
    assert await subscribed.gets() == {
        "after_events": "unsubscribed",
        "alerts": "unsubscribed",
        "bulletin": "unsubscribed",
        "opportunities": "active",
        "surveys": "unsubscribed",
    }
    assert "reader" not in answer.text  # whoever finds the letter learns no address


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (CLICK, b"List-Unsubscribe=One-Click"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x--\r\n"),
        ({}, b""),
    ],
    ids=["form", "multipart", "nothing"],
)
async def test_one_click_ends_one_list_whatever_a_mail_program_sends(subscribed, headers, body):
    link = await subscribed.one_click("bulletin")
    for _ in range(2):
        answer = await subscribed.http.post(link, headers=headers, content=body)
        assert answer.status_code == 200
        assert answer.json() == {"list": "bulletin", "state": "unsubscribed"}
    assert await subscribed.gets() == {"alerts": "active", "bulletin": "unsubscribed"}
    assert (await subscribed.told()).count("SubscriptionEnded") == 1


async def test_looking_at_the_link_ends_nothing(subscribed):
    await subscribed.http.get(await subscribed.one_click("bulletin"))
    assert (await subscribed.gets())["bulletin"] == "active"


async def test_who_stopped_can_ask_again_and_is_asked_back_again(subscribed):
    await subscribed.http.post(await subscribed.one_click("bulletin"), headers=CLICK)
    await subscribed.ask("bulletin")
    assert (await subscribed.gets())["bulletin"] == "pending_confirmation"


async def test_every_change_is_kept_with_the_words_that_were_agreed_to(subscribed):
    await subscribed.http.post(await subscribed.one_click("bulletin"), headers=CLICK)
    kept = (await subscribed.http.get(f"{await subscribed.preferences()}/export")).json()
    steps = [(one["list"], one["state"], one["how"]) for one in kept["steps"]]
    assert ("bulletin", "active", "confirmation") in steps
    assert steps[-1] == ("bulletin", "unsubscribed", "one_click")
    assert all("until I say stop" in one["words"] for one in kept["steps"])


async def test_alerts_are_about_topics_that_the_hub_knows(reader, notifications_database):
    code = f"topic_{uuid4().hex[:8]}"
    told = WorkstreamDefined(
        workstream_id=uuid7(), code=code, label="Housing first", valid_from="2026-04-01"
    )
    async with transaction(notifications_database) as conn:
        await learn_topic(conn, told)
    offered = (await reader.http.get("/subscriptions/offer")).json()
    assert {"code": code, "label": "Housing first"} in offered["topics"]
    assert (await reader.ask("alerts", topics=[code])).status_code == 201
    answer = await reader.ask("alerts", topics=["weather"])
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/topics/0"


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"email": "one@example.org, two@example.org"}, "/email"),
        ({"email": "Ünï@example.org"}, "/email"),
        ({"lists": []}, "/lists"),
        ({"lists": ["spam"]}, "/lists/0"),
        ({"words_version": 99}, "/words_version"),
        ({"words_version": -(10**40)}, "/words_version"),
        ({"words_version": "1"}, "/words_version"),
        ({"name": "Marian"}, "/name"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_kept(reader, wrong, pointer):
    answer = await reader.ask(**wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert await reader.letters() == []


@pytest.mark.parametrize("path", ["/p/{}", "/u/{}", "/p/{}/export"])
async def test_a_link_that_we_did_not_make_opens_nothing(subscribed, path):
    foreign = token_of(b"another key", Purpose.PREFERENCES, uuid4())
    mixed_up = (await subscribed.one_click("bulletin")).removeprefix("/u/")
    wrong = [foreign, "x", mixed_up] if path.startswith("/p") else [foreign, "x"]
    for token in wrong:
        assert (await subscribed.http.get(path.format(token))).status_code == 404


async def test_who_never_confirms_is_forgotten_after_two_weeks(a_reader, subscribed):
    hesitant = a_reader()
    await hesitant.ask()
    later = datetime.now(UTC) + UNCONFIRMED_FOR + timedelta(seconds=1)
    async with transaction(hesitant.database) as conn:
        await forget_unconfirmed(conn, later)
    known = await hesitant.database.pool.fetch(
        "SELECT person_id FROM contact_point WHERE person_id = ANY ($1::uuid[])",
        [hesitant.person_id, subscribed.person_id],
    )
    assert [row["person_id"] for row in known] == [subscribed.person_id]
    assert await subscribed.gets() == {"alerts": "active", "bulletin": "active"}
