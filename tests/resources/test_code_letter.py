"""The letter with a code goes from resources to the mail server itself, and never over the bus."""

import asyncio
import email
import email.policy
from email.headerregistry import Address
from functools import partial
from uuid import uuid4

import asyncpg
import pytest
from aiosmtpd.smtp import SMTP

from notifications.office import Clock, PostBox
from pdu_resources.member.code import Purpose, digits_of, forget_codes, send_code
from pdu_resources.member.code_letter import Desk, send_next
from pdu_shared.database import migrate, open_database, transaction
from pdu_shared.smtp import Smtp
from signing_up import KEY


@pytest.fixture(scope="module")
async def database(house):
    """A hub of its own, where nobody else sends codes."""
    name = f"codes_{uuid4().hex}"
    admin = await asyncpg.connect(house.servers.database_url)
    await admin.execute(f"CREATE DATABASE {name}")
    url = f"{house.servers.database_url.rpartition('/')[0]}/{name}"
    async with open_database(url, application="tests") as opened:
        async with opened.pool.acquire() as conn:
            await migrate(conn, ["pdu_shared", "pdu_resources"])
        yield opened
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture
async def desk(database):
    """`await desk(box)`: whoever sends codes, and a mail server that answers as the box says."""
    running = []

    async def opened(box):
        server = await asyncio.get_running_loop().create_server(
            partial(SMTP, box, hostname="mail.example.org"), "127.0.0.1", 0
        )
        running.append(server)
        return Desk(
            database=database,
            sink=Smtp(f"smtp+plain://127.0.0.1:{server.sockets[0].getsockname()[1]}"),
            sender=Address("Practice Development Unit", "pdu", "example.org"),
            key=KEY,
            now=Clock(),
        )

    yield opened
    for server in running:
        server.close()
    await database.pool.execute("DELETE FROM mailed_code")


async def ask(desk, purpose=Purpose.SIGN_UP):
    """Somebody asks for a code: their address, and the id."""
    address = f"{uuid4().hex}@example.org"
    async with transaction(desk.database) as conn:
        return address, await send_code(conn, KEY, address, purpose, desk.now())


def read(box):
    """The letters as their readers see them."""
    return [
        email.message_from_bytes(copy.content, policy=email.policy.default) for copy in box.copies
    ]


@pytest.mark.parametrize("purpose", Purpose)
async def test_whoever_asks_gets_one_letter_with_their_digits(desk, purpose):
    box = PostBox()
    at_work = await desk(box)
    address, code_id = await ask(at_work, purpose)
    assert await send_next(at_work)
    assert not await send_next(at_work)
    [letter] = read(box)
    digits = digits_of(KEY, code_id)
    assert f"{digits[:3]} {digits[3:]}" in letter.get_content()
    assert letter["To"].addresses[0].addr_spec == address
    assert digits[:3] not in letter["Subject"]
    assert str(code_id) not in letter.as_string()


async def test_a_server_that_says_later_gets_the_same_letter_later(desk):
    box = PostBox(rcpt=("451 4.2.1 Not now", "250 OK"))
    at_work = await desk(box)
    await ask(at_work)
    assert await send_next(at_work)
    assert not await send_next(at_work)
    at_work.now.forward(seconds=21)
    assert await send_next(at_work)
    assert len(box.copies) == 1


async def test_a_letter_in_doubt_goes_again_with_the_same_digits_and_id(desk):
    box = PostBox(data=("take, then hang up", "250 OK"))
    at_work = await desk(box)
    await ask(at_work)
    for _ in range(2):
        assert await send_next(at_work)
        at_work.now.forward(seconds=21)
    first, second = read(box)
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_content() == second.get_content()


@pytest.mark.parametrize("answer", ["550 5.1.1 Nobody here", "552 5.2.2 Full"])
async def test_a_letter_that_is_refused_for_good_is_not_tried_again(desk, answer):
    at_work = await desk(PostBox(rcpt=(answer,)))
    await ask(at_work)
    assert await send_next(at_work)
    at_work.now.forward(minutes=5)
    assert not await send_next(at_work)


async def test_a_code_that_has_run_out_is_not_sent_any_more(desk):
    box = PostBox(rcpt=("451 4.2.1 Not now",))
    at_work = await desk(box)
    await ask(at_work)
    await send_next(at_work)
    at_work.now.forward(minutes=11)
    assert await send_next(at_work)
    assert not await send_next(at_work)
    assert box.copies == []
    left = await at_work.database.pool.fetchval("SELECT count(*) FROM code_letter")
    assert left == 0


async def test_a_letter_whose_sender_died_is_taken_up_after_a_while(desk):
    class Crash(BaseException):
        """The process dies here."""

    async def dies(*_args, **_details):
        raise Crash

    box = PostBox()
    at_work = await desk(box)
    await ask(at_work)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(at_work.sink, "send", dies)
        with pytest.raises(Crash):
            await send_next(at_work)
    assert not await send_next(at_work)
    at_work.now.forward(seconds=131)
    assert await send_next(at_work)
    assert len(box.copies) == 1


async def test_two_senders_take_each_letter_once(desk):
    box = PostBox()
    at_work = await desk(box)
    asked = {(await ask(at_work))[0] for _ in range(6)}
    await asyncio.gather(*(send_next(at_work) for _ in range(6)))
    assert sorted(box.reached()) == sorted(asked)


async def test_codes_and_addresses_are_forgotten_after_a_day(desk):
    at_work = await desk(PostBox())
    await ask(at_work)
    later = Clock()
    later.forward(hours=25)
    async with transaction(at_work.database) as conn:
        assert await forget_codes(conn, at_work.now()) == 0
        assert await forget_codes(conn, later()) == 1


async def test_nothing_about_codes_is_promised_to_anybody(desk):
    at_work = await desk(PostBox())
    await ask(at_work)
    await send_next(at_work)
    assert await at_work.database.pool.fetchval("SELECT count(*) FROM outbox") == 0
