"""Least privilege: whoever logs in tries what is not theirs, and none of it works."""

import asyncio
from contextlib import suppress

import aio_pika
import asyncpg
import httpx
import pytest
from aio_pika.exceptions import AMQPError
from aiormq.exceptions import ChannelAccessRefused, ChannelPreconditionFailed

from pdu_shared.contracts.message import JOURNAL_STREAM, MESSAGES_EXCHANGE, REPLAY_EXCHANGE
from pdu_shared.platform import BROKER_USERS, DATABASE_ROLES, SERVICES
from scratch import Tap, ask_broker

pytestmark = pytest.mark.bus

REFUSED = (ChannelAccessRefused, ChannelPreconditionFailed)
"""403, or 406 for a forged user."""
ANOTHER = {"bookings": "resources"}


def other_than(name):
    service = name.partition("_")[0]
    return ANOTHER.get(service, "bookings")


async def publish(channel, exchange, key, **properties):
    # Not mandatory: that nobody is bound must not look like a refusal.
    where = await channel.get_exchange(exchange, ensure=False) if exchange else None
    await (where or channel.default_exchange).publish(
        aio_pika.Message(b"{}", **properties), key, mandatory=False
    )


async def consume(channel, queue):
    found = await channel.get_queue(queue, ensure=False)
    await found.consume(Tap().take)


async def bind(channel, queue, exchange, key):
    found = await channel.get_queue(queue, ensure=False)
    await found.bind(exchange, key)


async def purge(channel, queue):
    found = await channel.get_queue(queue, ensure=False)
    await found.purge()


async def delete(channel, queue):
    await channel.queue_delete(queue, if_unused=True, if_empty=True)


def attempts(user):
    """What no user but the platform's own may do."""
    service, other = user.partition("_")[0], other_than(user)
    return {
        "publish by the default exchange": lambda c: publish(c, "", f"{other}.inbox"),
        "publish under another's name": lambda c: publish(
            c, MESSAGES_EXCHANGE, f"{other}.EventBooked"
        ),
        "publish a sealed message of another": lambda c: publish(
            c, "pdu.sealed", f"{other}.ContactPointChanged"
        ),
        "publish with a forged user": lambda c: publish(
            c, MESSAGES_EXCHANGE, f"{service}.Anything", user_id=other
        ),
        "publish a key with more words": lambda c: publish(
            c, MESSAGES_EXCHANGE, f"{service}.Event.{other}"
        ),
        "publish to the dead letters": lambda c: publish(c, "pdu.dead", other),
        "publish to amq.topic": lambda c: publish(c, "amq.topic", f"{service}.Anything"),
        "replay what another told": lambda c: publish(
            c, REPLAY_EXCHANGE, f"{service}.inbox.{other}.EventBooked"
        ),
        "read another's queue": lambda c: consume(c, f"{other}.inbox"),
        "read another's dead letters": lambda c: consume(c, f"{other}.dead"),
        "purge another's queue": lambda c: purge(c, f"{other}.inbox"),
        "delete another's queue": lambda c: delete(c, f"{other}.inbox"),
        "delete the journal": lambda c: delete(c, JOURNAL_STREAM),
        "bind another's queue": lambda c: bind(c, f"{other}.inbox", MESSAGES_EXCHANGE, "#"),
        "declare an exchange": lambda c: c.declare_exchange("pdu.mine", "topic"),
        "declare a queue for another": lambda c: c.declare_queue(f"{other}.more"),
        "declare a queue for everything": lambda c: c.declare_queue("", exclusive=True),
    }


def attempts_at_run_time(service):
    """What a running service may not do, though its owner may."""
    return {
        "read the journal": lambda c: consume(c, JOURNAL_STREAM),
        "read its own dead letters": lambda c: consume(c, f"{service}.dead"),
        "declare its own queue": lambda c: c.declare_queue(f"{service}.more"),
        "bind its own queue": lambda c: bind(c, f"{service}.inbox", MESSAGES_EXCHANGE, "#"),
        "delete its own queue": lambda c: delete(c, f"{service}.inbox"),
    }


async def works(connection, attempt):
    """Whether the broker let it happen. Each on a channel of its own, as a refusal closes it."""
    channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
    try:
        async with asyncio.timeout(5):
            await attempt(channel)
    except REFUSED:
        return False
    finally:
        with suppress(Exception):
            await channel.close()
    return True


@pytest.mark.parametrize("user", [user for user in BROKER_USERS if user != "platform"])
async def test_no_broker_user_gets_beyond_its_own(house, user):
    tried = attempts(user)
    if user in SERVICES:
        tried |= attempts_at_run_time(user)
    async with await aio_pika.connect(house.amqp_url(user)) as connection:
        done = [name for name, attempt in tried.items() if await works(connection, attempt)]
    assert done == []


async def test_a_service_may_do_what_it_has_to(house):
    """Otherwise the attempts above might fail for another reason."""
    allowed = {
        "publish": lambda c: publish(
            c, MESSAGES_EXCHANGE, "bookings.EventHeld", user_id="bookings"
        ),
        "read": lambda c: consume(c, "bookings.inbox"),
    }
    async with await aio_pika.connect(house.amqp_url("bookings")) as connection:
        done = [name for name, attempt in allowed.items() if await works(connection, attempt)]
    assert done == list(allowed)


@pytest.mark.parametrize("user", ["bookings", "bookings_owner", "monitor"])
async def test_nobody_enters_another_vhost(house, user):
    await ask_broker(house, "PUT", "/api/vhosts/elsewhere", {})
    with pytest.raises((AMQPError, ConnectionError)):
        await aio_pika.connect(house.amqp_url(user, "elsewhere"))


@pytest.mark.parametrize("user", [user for user in BROKER_USERS if user != "platform"])
async def test_nobody_but_the_platform_administers_the_broker(house, user):
    async with httpx.AsyncClient(
        base_url=house.servers.management_url, auth=(user, house.passwords[user])
    ) as http:
        definitions = await http.get("/api/definitions")
        policy = await http.put(
            "/api/policies/pdu/mine", json={"pattern": ".*", "definition": {"max-length": 1}}
        )
    assert {definitions.status_code, policy.status_code} == {401}


async def test_every_topic_exchange_has_a_permission_for_every_service(house):
    """Where there is none, RabbitMQ allows every key."""
    exchanges = await ask_broker(house, "GET", "/api/exchanges/pdu")
    ours = {
        exchange["name"]
        for exchange in exchanges
        if exchange["type"] == "topic" and not exchange["name"].startswith("amq.")
    }
    given = await ask_broker(house, "GET", "/api/topic-permissions")
    for service in SERVICES:
        mine = {
            one["exchange"]: one for one in given if (one["user"], one["vhost"]) == (service, "pdu")
        }
        assert mine.keys() == ours
        assert all(one["write"][0] == "^" and one["write"][-1] == "$" for one in mine.values())
        assert {one["read"] for one in mine.values()} == {"^$"}


@pytest.mark.parametrize("role", DATABASE_ROLES)
async def test_no_role_enters_the_database_of_another_service(house, role):
    entered = []
    for service in SERVICES:
        if role.startswith(f"{service}_"):
            continue
        try:
            conn = await asyncpg.connect(house.database_url(role, f"pdu_{service}"))
        except asyncpg.InsufficientPrivilegeError:
            continue
        entered.append(service)
        await conn.close()
    assert entered == []


AS_APP = (
    "UPDATE outbox SET body = ''",
    "UPDATE outbox SET published_at = now()",
    "DELETE FROM outbox",
    "TRUNCATE outbox",
    "TRUNCATE inbox",
    "INSERT INTO migration VALUES ('a', 'b', 'c')",
    "DELETE FROM migration",
    "CREATE TABLE mine (n integer)",
    "CREATE SCHEMA mine",
    "DROP TABLE inbox",
    "ALTER TABLE outbox DISABLE TRIGGER ALL",
    "ALTER TABLE outbox ADD COLUMN n integer",
    "DROP TRIGGER outbox_is_a_ledger ON outbox",
    "SET session_replication_role = 'replica'",
    "CREATE ROLE mine",
    "SELECT pg_read_file('/etc/passwd')",
    "COPY inbox TO PROGRAM 'cat'",
)
AS_READER = (
    *AS_APP,
    "INSERT INTO inbox VALUES ('a', gen_random_uuid(), 's', 1, '', 'done')",
    "UPDATE inbox SET state = 'done'",
    "DELETE FROM inbox",
    "DELETE FROM parked",
    "UPDATE idempotency SET answer = ''",
    "SELECT outbox_published(ARRAY[1::bigint])",
)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(("part", "statements"), [("app", AS_APP), ("ro", AS_READER)])
async def test_no_role_does_in_its_database_what_is_not_its_work(house, service, part, statements):
    role = f"{service}_{part}"
    statements = [*statements, f"SET ROLE {service}_owner", f"ALTER ROLE {role} CREATEDB"]
    conn = await asyncpg.connect(house.database_url(role, f"pdu_{service}"))
    done = []
    try:
        if not await conn.fetchval("SELECT to_regclass('outbox')"):
            pytest.skip(f"{service} has no tables yet")
        for statement in statements:
            try:
                await conn.execute(statement)
            except asyncpg.InsufficientPrivilegeError:
                continue
            done.append(statement)
    finally:
        await conn.close()
    assert done == []
