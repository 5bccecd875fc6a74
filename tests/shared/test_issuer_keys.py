"""The issuer's keys rotate while everybody goes on: good tokens are believed, old keys are not."""

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from pdu_shared import issuer_keys
from pdu_shared.access import Caller, Role
from pdu_shared.issuer_keys import IssuerKeys, first_keys, published, rotated, signing_key
from pdu_shared.problems import Unauthenticated, Unavailable
from pdu_shared.settings import BadSettings
from pdu_shared.tokens import Keys, mint, new_issuer_key, public_jwks

BOOKINGS = "pdu-bookings"
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
SOMEBODY = Caller(sub=uuid4(), client_id="portal", roles=frozenset({Role.MEMBER}))


def now():
    return datetime.now(UTC)


def kids(document):
    return {key["kid"] for key in document["keys"]}


def token(document):
    return mint(signing_key(document), SOMEBODY, audiences=[BOOKINGS])


def reply(body, status="200 OK", **headers):
    head = {"Content-Length": str(len(body)), "Connection": "close", **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


class Issuer:
    """What publishes keys at an address: as it should, or not."""

    def __init__(self):
        self.answer = b""
        self.hangs = False
        self.asked = 0

    def publishes(self, *keys):
        self.answer = reply(json.dumps(public_jwks(*keys)).encode())

    async def _speak(self, reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        if self.hangs:
            await reader.read()  # until the other side gives up
        writer.write(self.answer)
        with_end = asyncio.gather(writer.drain(), return_exceptions=True)
        await with_end
        writer.close()

    @asynccontextmanager
    async def at_an_address(self):
        server = await asyncio.start_server(self._speak, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jwks.json"


@pytest.fixture
async def issuer():
    return Issuer()


@pytest.fixture
async def url(issuer):
    async with issuer.at_an_address() as address:
        yield address


@pytest.fixture
def copy(tmp_path):
    return tmp_path / "copy" / "jwks.json"


def keys_from(url, copy, *known):
    copy.parent.mkdir(exist_ok=True)
    if known:
        copy.write_text(json.dumps(public_jwks(*known)))
    return Keys(copy, audience=BOOKINGS, url=url)


def test_a_new_issuer_publishes_two_keys_and_signs_with_one():
    document = first_keys()
    assert kids(published(document, NOON)) == kids(document)
    assert len(kids(document)) == 2


def test_the_key_that_signs_after_a_rotation_was_published_before_it():
    before = first_keys()
    after = rotated(before, NOON)
    assert signing_key(after)["kid"] in kids(published(before, NOON)) - {signing_key(before)["kid"]}


def test_an_old_key_is_published_until_its_tokens_have_expired():
    before = first_keys()
    old, after = signing_key(before)["kid"], rotated(before, NOON)
    assert old in kids(published(after, NOON + timedelta(minutes=19)))
    assert old not in kids(published(after, NOON + timedelta(minutes=21)))
    assert old not in kids(rotated(after, NOON + timedelta(minutes=21)))


def test_nothing_private_is_published():
    for key in published(rotated(first_keys(), NOON), NOON)["keys"]:
        assert not {"d", "state", "until"} & key.keys()


def test_a_running_issuer_signs_with_the_next_key_within_seconds(tmp_path):
    path = tmp_path / "keys.json"
    first = issuer_keys.rotate(path, NOON)
    running = IssuerKeys(path)
    second = issuer_keys.rotate(path, now())
    assert running.signing(now())["kid"] == signing_key(first)["kid"]
    assert running.signing(now() + timedelta(seconds=6))["kid"] == signing_key(second)["kid"]


def test_a_command_rotates_a_file_and_publishes_what_is_public(tmp_path, capsys):
    private, public = tmp_path / "keys.json", tmp_path / "jwks.json"
    words = [str(private), "--publish", str(public)]
    assert issuer_keys.main(words) == 0
    assert issuer_keys.main(words) == 0
    assert kids(json.loads(public.read_text())) == kids(json.loads(private.read_text()))
    assert len(kids(json.loads(public.read_text()))) == 3
    assert private.stat().st_mode & 0o077 == 0
    assert issuer_keys.main([*words, "--compromised"]) == 0
    assert len(kids(json.loads(public.read_text()))) == 2
    assert "signs from now on" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"keys": []}', '{"keys": [{"state": "signs"}]}']
)
def test_what_is_no_set_of_keys_is_neither_used_nor_overwritten(tmp_path, content, capsys):
    path = tmp_path / "keys.json"
    path.write_text(content)
    with pytest.raises(BadSettings, match="PDU_ISSUER_KEYS_FILE"):
        IssuerKeys(path)
    assert issuer_keys.main([str(path)]) == 1
    assert path.read_text() == content
    assert "no usable" in capsys.readouterr().err


def test_in_production_nobody_else_reads_the_keys(tmp_path):
    path = tmp_path / "keys.json"
    issuer_keys.rotate(path, NOON)
    assert IssuerKeys(path, guarded=True).published(NOON)
    path.chmod(0o644)
    with pytest.raises(BadSettings, match="others may read"):
        IssuerKeys(path, guarded=True)


async def test_a_rotation_under_load_refuses_no_token(url, issuer, copy):
    document = first_keys()
    issuer.publishes(*document["keys"])
    keys = keys_from(url, copy)
    assert await keys.learn(now())
    for _ in range(5):
        before, document = document, rotated(document, now())
        for signed_with in (before, document):
            assert keys.verify(token(signed_with), now()) == SOMEBODY
        issuer.publishes(*document["keys"])
        assert await keys.learn(now() + timedelta(minutes=2 * issuer.asked))


async def test_with_the_issuer_down_its_keys_come_from_the_copy(copy):
    key = new_issuer_key()
    keys = keys_from("http://127.0.0.1:1/jwks.json", copy, key)
    assert not await keys.learn(now())
    assert keys.verify(mint(key, SOMEBODY, audiences=[BOOKINGS]), now()) == SOMEBODY


async def test_without_any_key_nobody_is_called_a_liar(copy):
    keys = keys_from("http://127.0.0.1:1/jwks.json", copy)
    with pytest.raises(Unavailable):
        keys.verify(token(first_keys()), now())


async def test_what_was_fetched_is_there_at_the_next_start(url, issuer, copy):
    key = new_issuer_key()
    issuer.publishes(key)
    assert await keys_from(url, copy).learn(now())
    later = keys_from("http://127.0.0.1:1/jwks.json", copy)
    assert later.verify(mint(key, SOMEBODY, audiences=[BOOKINGS]), now()) == SOMEBODY


@pytest.mark.parametrize(
    "answer",
    [
        reply(b" " * 10_000_000),
        reply(b"", "302 Found", Location="http://127.0.0.1:1/"),
        reply(b"", "500 Internal Server Error"),
        reply(b'{"keys": []}'),
        reply(b'{"keys": [{"kty": "oct", "k": "aGVsbG8", "kid": "1"}]}'),
        reply(b"\xff"),
        b"nonsense",
        b"",
    ],
    ids=["10 MB", "elsewhere", "500", "empty", "a secret", "no text", "no HTTP", "nothing"],
)
async def test_an_issuer_that_talks_nonsense_changes_nothing(url, issuer, copy, answer):
    key = new_issuer_key()
    keys = keys_from(url, copy, key)
    issuer.answer = answer
    assert not await keys.learn(now())
    assert keys.verify(mint(key, SOMEBODY, audiences=[BOOKINGS]), now()) == SOMEBODY
    assert json.loads(copy.read_text()) == public_jwks(key)


async def test_a_slow_issuer_holds_nobody_up_for_long(url, issuer, copy):
    issuer.hangs = True
    assert not await keys_from(url, copy, new_issuer_key()).learn(now())


async def test_a_flood_of_invented_keys_asks_the_issuer_once(url, issuer, copy):
    issuer.publishes(new_issuer_key())
    keys, at = keys_from(url, copy), now()
    for _ in range(100):
        await keys.learn(at)
    assert issuer.asked == 1


async def test_keys_are_fetched_before_anybody_asks(url, issuer, copy):
    key = new_issuer_key()
    issuer.publishes(key)
    keys = keys_from(url, copy)
    going_on = asyncio.create_task(keys.keep_fresh())
    try:
        async with asyncio.timeout(15):
            while not copy.exists():
                await asyncio.sleep(0.02)
    finally:
        going_on.cancel()
    assert keys_from(None, copy).verify(mint(key, SOMEBODY, audiences=[BOOKINGS]), now())


@pytest.mark.parametrize("minutes", [-5, 0, 5])
def test_a_clock_that_is_off_by_five_minutes_believes_a_new_token(copy, minutes):
    document = first_keys()
    keys = keys_from(None, copy, *document["keys"])
    assert keys.verify(token(document), now() + timedelta(minutes=minutes)) == SOMEBODY


def test_a_token_from_further_in_the_future_is_refused(copy):
    document = first_keys()
    keys = keys_from(None, copy, *document["keys"])
    with pytest.raises(Unauthenticated) as raised:
        keys.verify(token(document), now() - timedelta(minutes=6))
    assert raised.value.reason == "not_yet_valid"
