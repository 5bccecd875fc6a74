"""Signing in with an account elsewhere: here at a second issuer, which is another one of ours."""

import asyncio
import json
from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import urlsplit

import httpx
import pytest

import signing_in
from pdu_local.ports import free_ports
from pdu_resources.identity.provider import NotVouchedFor, Provider, Vouched
from pdu_shared.issuer_keys import first_keys, signing_key
from pdu_shared.problems import Unavailable
from pdu_shared.settings import Settings
from pdu_shared.tokens import public_jwks, sign
from signing_in import Form, send

HUB = "https://hub.example.org"
RETURN = f"{HUB}/authorize/outside/back"


@pytest.fixture(scope="module")
async def provider(house):
    """A second issuer, behind a real socket."""
    [port] = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    told = {"PDU_ISSUER": url, "PDU_PUBLIC_URL": url}
    async with house.process("resources", broker=False, port=port, **told) as process:
        yield process.url


@pytest.fixture(scope="module")
async def hub(house, provider):
    """Our own resources, which knows of the other issuer."""
    told = {
        "public_url": HUB,
        "outside_issuer": provider,
        "outside_name": "your council account",
        "outside_client_id": "hub",
    }
    async with house.http("resources", **told) as http:
        yield http


@pytest.fixture(scope="module")
async def kiosk(hub, resources_database, token):
    await signing_in.front_end(
        hub, resources_database, token, client_id="hub", redirect_uris=[RETURN]
    )
    return await signing_in.front_end(hub, resources_database, token)


@pytest.fixture
async def browser(hub):
    async with httpx.AsyncClient(transport=hub._transport, base_url=HUB) as one:  # noqa: SLF001
        yield one


async def sent_away(browser, kiosk, challenge):
    """Where somebody is sent who chooses the other account."""
    page = await browser.get("/authorize", params=kiosk.asks(challenge))
    assert "Sign in with your council account" in page.text
    fields = Form(page.text).fields
    fields.pop("email")
    answer = await browser.post("/authorize/outside", data=fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def signed_in_there(address, email, database, *, secret=None):
    """Where the other issuer sends somebody who has signed in at this address of it."""
    base = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    async with httpx.AsyncClient(base_url=base) as there:
        page = await there.get(address)
        assert page.status_code == 200, page.text
        sent = await send(there, page, email=email)
        assert sent.status_code == 303, sent.text
        page = await there.get("/authorize/step")
        back = await send(there, page, code=await signing_in.letter(database, email))
        if secret:
            page = await there.get("/authorize/step")
            back = await send(there, page, code=signing_in.app_shows(secret, steps=1))
        assert back.status_code == 303, back.text
        return back.headers["location"]


async def test_somebody_signs_in_with_an_account_elsewhere(browser, kiosk, hub):
    email = await signing_in.member(hub)
    verifier, challenge = signing_in.pkce()
    away = await sent_away(browser, kiosk, challenge)
    back = await signed_in_there(away, email, kiosk.database)
    assert back.startswith(RETURN)
    done = await browser.get(back)
    assert done.status_code == 303, done.text
    told = signing_in.query_of(done.headers["location"])
    tokens = (await kiosk.exchange(told["code"], verifier)).json()
    person = str(signing_in.person_of(email))
    assert signing_in.claims(tokens["access_token"])["sub"] == person
    linked = await kiosk.database.pool.fetchval(
        "SELECT person_id FROM outside_identity WHERE subject = $1", person
    )
    assert str(linked) == person
    again = await browser.get(back)
    assert again.status_code == 400


async def test_what_comes_back_is_for_the_browser_that_left(browser, kiosk, hub):
    email = await signing_in.member(hub)
    away = await sent_away(browser, kiosk, signing_in.pkce()[1])
    back = await signed_in_there(away, email, kiosk.database)
    async with httpx.AsyncClient(transport=hub._transport, base_url=HUB) as another:  # noqa: SLF001
        assert (await another.get(back)).status_code == 400
    forged = back.replace("state=", "state=x")
    assert (await browser.get(forged)).status_code == 400


async def test_staff_show_their_second_factor_here_all_the_same(browser, kiosk, hub, token):
    email, secret = await signing_in.staff(hub, token, kiosk)
    away = await sent_away(browser, kiosk, signing_in.pkce()[1])
    done = await browser.get(await signed_in_there(away, email, kiosk.database, secret=secret))
    assert urlsplit(done.headers["location"]).path == "/authorize/step"
    assert "Open your authenticator app" in (await browser.get("/authorize/step")).text


async def test_with_the_other_issuer_away_the_letter_still_works(house, kiosk):
    told = {"public_url": HUB, "outside_issuer": "http://127.0.0.1:1"}
    async with house.http("resources", **told) as http:
        page = await http.get("/authorize", params=kiosk.asks(signing_in.pkce()[1]))
        assert page.status_code == 200
        assert "Sign in with" not in page.text
        fields = kiosk.asks(signing_in.pkce()[1])
        assert (await http.post("/authorize/outside", data=fields)).status_code == 503


async def test_where_no_provider_is_named_nobody_is_sent_to_one(resources_http, kiosk):
    fields = kiosk.asks(signing_in.pkce()[1])
    assert (await resources_http.post("/authorize/outside", data=fields)).status_code == 400
    assert (await resources_http.get("/authorize/outside/back?code=x&state=y")).status_code == 400


KEYS = first_keys()


class StandIn:
    """An issuer that says what the test wants."""

    def __init__(self):
        self.url, self.id_token, self.issuer = "", "", None

    async def speak(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        where = {
            "/.well-known/openid-configuration": {
                "issuer": self.issuer or self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
            },
            "/token": {"id_token": self.id_token},
            "/keys": public_jwks(signing_key(KEYS)),
        }
        body = json.dumps(where[head.split()[1]]).encode()
        length = f"Content-Length: {len(body)}\r\nConnection: close"
        writer.write(f"HTTP/1.1 200 OK\r\n{length}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()


@pytest.fixture
async def stand_in():
    one = StandIn()
    server = await asyncio.start_server(one.speak, "127.0.0.1", 0)
    async with server:
        one.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield one


async def vouched(stand_in, key=None, **wrong):
    """What becomes of an ID token that is right but for this."""
    moment = int(datetime.now(UTC).timestamp())
    claims = {
        "iss": stand_in.url, "aud": "hub", "sub": "7", "nonce": "once", "iat": moment,
        "exp": moment + 60, "email": "much@example.org", "email_verified": True,
    }  # fmt: skip
    stand_in.id_token = sign(key or signing_key(KEYS), {**claims, **wrong}, typ="JWT")
    settings = Settings(outside_issuer=stand_in.url, outside_client_id="hub")
    asked = {"verifier": "v" * 43, "nonce": "once", "redirect_uri": RETURN}
    provider = Provider(SimpleNamespace(settings=settings))
    return await provider.vouched("code", **asked, now=datetime.now(UTC))


async def test_an_id_token_that_is_right_vouches_for_a_verified_address(stand_in):
    assert await vouched(stand_in) == Vouched("7", "much@example.org")


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://elsewhere.example.org"},
        {"aud": "somebody-else"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": None},
        {"sub": None},
    ],
    ids=str,
)
async def test_an_id_token_with_something_wrong_vouches_for_nobody(stand_in, wrong):
    with pytest.raises(NotVouchedFor):
        await vouched(stand_in, **wrong)


async def test_an_id_token_of_a_stranger_vouches_for_nobody(stand_in):
    stranger = {**signing_key(first_keys()), "kid": signing_key(KEYS)["kid"]}
    with pytest.raises(NotVouchedFor):
        await vouched(stand_in, key=stranger)


async def test_a_provider_that_calls_itself_otherwise_is_not_asked(stand_in):
    stand_in.issuer = "https://elsewhere.example.org"
    with pytest.raises(Unavailable):
        await vouched(stand_in)
