"""The pages of signing in: plain forms without script, that lead back where one came from."""

import argparse
import io
import re
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

import signing_in
from pdu_resources.identity.administrator import COMMAND
from signing_in import Form, send

BASE = "http://127.0.0.1:8000"  # where the house says that resources is


@pytest.fixture(scope="module")
async def kiosk(resources_http, resources_database, token):
    return await signing_in.front_end(resources_http, resources_database, token, pageless=False)


@pytest.fixture
async def browser(resources_http):
    """Somebody's browser: it keeps cookies, and does not follow where it is sent."""
    async with httpx.AsyncClient(
        transport=resources_http._transport,  # noqa: SLF001 - the same app
        base_url=BASE,
        headers={"Accept": "text/html,application/xhtml+xml"},
    ) as one:
        yield one


async def opened(browser, kiosk, **said):
    return await browser.get("/authorize", params=kiosk.asks(signing_in.pkce()[1], **said))


async def test_somebody_signs_in_on_our_pages_and_comes_back(browser, kiosk, resources_http):
    email = await signing_in.member(resources_http)
    verifier, challenge = signing_in.pkce()
    page = await browser.get("/authorize", params=kiosk.asks(challenge))
    assert "Sign in to Kiosk" in page.text
    sent = await send(browser, page, email=email)
    assert (sent.status_code, urlsplit(sent.headers["location"]).path) == (303, "/authorize/step")
    page = await browser.get("/authorize/step")
    back = await send(browser, page, code=await signing_in.letter(kiosk.database, email))
    assert back.status_code == 303, back.text
    assert back.headers["location"].startswith("https://kiosk.example.org/signed-in?at=door&")
    told = signing_in.query_of(back.headers["location"])
    assert (told["state"], told["iss"]) == ("door 7", "urn:pdu:issuer")
    tokens = await kiosk.exchange(told["code"], verifier)
    assert tokens.status_code == 200, tokens.text
    assert "pdu_sign_in" not in browser.cookies


async def test_staff_set_up_their_app_on_our_pages(browser, kiosk, resources_http, token):
    email = await signing_in.member(resources_http)
    await signing_in.give(resources_http, token, email, "coordinator")
    await send(browser, await opened(browser, kiosk), email=email)
    letter = await signing_in.letter(kiosk.database, email)
    await send(browser, await browser.get("/authorize/step"), code=letter)
    page = await browser.get("/authorize/step")
    secret = re.search(r'class="key">([A-Z2-7]{32})<', page.text)[1]
    wrong = await send(browser, page, code="000 000")
    assert wrong.status_code == 400
    back = await send(browser, wrong, code=signing_in.app_shows(secret))
    assert back.status_code == 303, back.text
    await send(browser, await opened(browser, kiosk), email=email)
    letter = await signing_in.letter(kiosk.database, email)
    await send(browser, await browser.get("/authorize/step"), code=letter)
    assert secret not in (await browser.get("/authorize/step")).text


async def test_every_field_has_a_label_and_every_fault_is_said_beside_it(browser, kiosk):
    first = await opened(browser, kiosk)
    wrong = await send(browser, first, email="no address")
    assert (first.status_code, wrong.status_code) == (200, 400)
    for page in (first, wrong):
        form = Form(page.text)
        assert form.ids == form.labelled == {"email"}
        assert 'lang="en-GB"' in page.text
    assert 'role="alert"' in wrong.text
    assert 'aria-describedby="email-hint email-error"' in wrong.text
    assert "<title>Error:" in wrong.text
    assert 'value="no address"' in wrong.text


async def test_pages_run_no_script_and_send_forms_nowhere_else(browser, kiosk, resources_http):
    email = await signing_in.member(resources_http)
    first = await opened(browser, kiosk)
    await send(browser, first, email=email)
    second = await browser.get("/authorize/step")
    for page in (first, second):
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "<script" not in page.text
        assert not re.search(r'style="|\son\w+="', page.text)
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
    assert first.headers["content-security-policy"].endswith("form-action 'self'")
    policy = second.headers["content-security-policy"]
    assert policy.endswith("form-action 'self' https://kiosk.example.org")
    style = await browser.get("/authorize/style.css")
    assert style.headers["content-type"].startswith("text/css")


async def test_the_cookie_is_for_these_pages_alone(browser, kiosk):
    sent = await send(browser, await opened(browser, kiosk), email="much@example.org")
    cookie = sent.headers["set-cookie"]
    for word in ("HttpOnly", "SameSite=lax", "Path=/authorize", "Max-Age=1800"):
        assert word in cookie


@pytest.mark.parametrize(
    "said",
    [
        {"client_id": "nobody-at-all"},
        {"client_id": None},
        {"redirect_uri": "https://evil.example.org/"},
        {"redirect_uri": "https://kiosk.example.org/signed-in"},
        {"redirect_uri": None},
    ],
)
async def test_nobody_is_sent_to_an_address_that_is_not_registered(browser, kiosk, said):
    page = await opened(browser, kiosk, **said)
    assert page.status_code == 400
    assert "location" not in page.headers
    assert "evil.example.org" not in page.text


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
    ],
)
async def test_a_front_end_at_fault_is_told_so_at_its_own_address(browser, kiosk, said, error):
    answer = await opened(browser, kiosk, **said)
    assert answer.status_code == 303
    told = signing_in.query_of(answer.headers["location"])
    assert (told["error"], told["state"]) == (error, "door 7")
    assert answer.headers["location"].startswith("https://kiosk.example.org/")


async def test_what_was_said_in_the_address_bar_is_text_and_nothing_more(browser, kiosk):
    page = await opened(browser, kiosk, state='"><script>alert(1)</script>')
    assert "<script" not in page.text
    assert Form(page.text).fields["state"] == '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example.org"}],
)
async def test_a_form_from_another_site_is_not_taken(browser, kiosk, headers):
    count = "SELECT count(*) FROM mailed_code"
    before = await kiosk.database.pool.fetchval(count)
    form = {**kiosk.asks(signing_in.pkce()[1]), "email": "much@example.org"}
    answer = await browser.post("/authorize", data=form, headers=headers)
    assert answer.status_code == 400
    assert await kiosk.database.pool.fetchval(count) == before
    assert (
        await browser.post("/authorize/step", data={"code": "000000"}, headers=headers)
    ).status_code == 400


async def test_without_a_cookie_one_begins_again(browser):
    page = await browser.get("/authorize/step")
    assert page.status_code == 400
    assert "begin again" in page.text


async def test_whoever_has_no_account_is_told_where_they_proved_their_address(browser, kiosk):
    stranger = f"stranger-{uuid4().hex}@example.org"
    await send(browser, await opened(browser, kiosk), email=stranger)
    page = await browser.get("/authorize/step")
    told = await send(browser, page, code=await signing_in.letter(kiosk.database, stranger))
    assert "no account" in told.text


async def test_after_five_letters_an_address_waits(browser, kiosk):
    email = f"often-{uuid4().hex}@example.org"
    for _ in range(12):
        sent = await send(browser, await opened(browser, kiosk), email=email)
        if sent.status_code == 429:
            break
    assert sent.status_code == 429
    assert int(sent.headers["retry-after"]) > 0


async def made_administrator(database, monkeypatch, said):
    monkeypatch.setenv("PDU_PERSON_KEY", "pdu-test-key")
    monkeypatch.setattr("sys.stdin", io.StringIO(said))
    return await COMMAND.run(database, argparse.Namespace())


async def test_whoever_runs_the_machine_makes_the_first_administrator(
    resources_http, resources_database, monkeypatch, capsys, token
):
    email = await signing_in.member(resources_http)
    assert await made_administrator(resources_database, monkeypatch, f"{email}\n") == 0
    path = f"/persons/{signing_in.person_of(email)}/roles"
    grants = (await resources_http.get(path, headers=token("administrator"))).json()["items"]
    assert [(one["role"], one["given_by"]) for one in grants] == [("administrator", None)]
    assert "is an administrator" in capsys.readouterr().out


@pytest.mark.parametrize("said", ["", "nonsense", "nobody-at-all@example.org"])
async def test_nobody_else_becomes_an_administrator(resources_database, monkeypatch, capsys, said):
    assert await made_administrator(resources_database, monkeypatch, said) == 1
    assert capsys.readouterr().out
