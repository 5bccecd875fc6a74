"""Signing in as people do, at a front end of their own: `await member(…)`."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid4

import httpx
from pyotp import TOTP

import a
import signing_up
from pdu_resources.member.code import digits_of
from pdu_shared.database import Database
from pdu_shared.identity import person_id
from pdu_shared.tokens import Keys

BACK = "https://kiosk.example.org/signed-in?at=door"
ADMINISTRATOR = "administrator"


def pkce():
    """A verifier, and the challenge that it answers."""
    verifier = secrets.token_urlsafe(48)
    made = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def claims(token):
    """What a token says, unverified."""
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def query_of(location):
    """The words of an address that somebody is sent to."""
    return dict(parse_qsl(urlsplit(location).query))


@dataclass
class FrontEnd:
    """A front end that is registered, and draws its own pages or sends people to ours."""

    http: httpx.AsyncClient
    database: Database
    client_id: str
    redirect_uri: str = BACK
    client_secret: str | None = None

    def asks(self, challenge, **said):
        """The words with which it sends somebody to us."""
        words = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid email",
            "state": "door 7",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **said,
        }
        return {name: value for name, value in words.items() if value is not None}

    async def begin(self, email, challenge, **said):
        """The answer to asking for a code without our pages."""
        words = self.asks(challenge, **said)
        form = {"email": email, **words}
        for name in ("response_type", "state"):
            form.pop(name, None)
        return await self.http.post("/sign-in", json=form)

    async def step(self, handle, code):
        return await self.http.post("/sign-in/step", json={"handle": handle, "code": code})

    async def code_for(self, email, challenge, **said):
        """An authorization code, for somebody without a second factor."""
        begun = await self.begin(email, challenge, **said)
        assert begun.status_code == 201, begun.text
        done = await self.step(begun.json()["handle"], await letter(self.database, email))
        assert done.json()["state"] == "done", done.text
        return done.json()["code"]

    async def token(self, **said):
        """The answer of the token endpoint."""
        form = {"client_id": self.client_id, "client_secret": self.client_secret, **said}
        kept = {name: value for name, value in form.items() if value is not None}
        return await self.http.post("/token", data=kept)

    async def exchange(self, code, verifier, **said):
        """The answer to a code that was brought."""
        return await self.token(
            grant_type="authorization_code",
            code=code,
            code_verifier=verifier,
            **{"redirect_uri": self.redirect_uri, **said},
        )

    async def refresh(self, token, **said):
        return await self.token(grant_type="refresh_token", refresh_token=token, **said)

    async def signed_in(self, email, **said):
        """The tokens of somebody who signs in with a code by letter."""
        verifier, challenge = pkce()
        answer = await self.exchange(await self.code_for(email, challenge, **said), verifier)
        assert answer.status_code == 200, answer.text
        return answer.json()


async def front_end(http, database, token, *, client_id=None, **details):
    """A front end that an administrator has registered."""
    client_id = client_id or f"kiosk-{uuid4().hex[:10]}"
    form = {
        "name": "Kiosk",
        "pageless": True,
        "redirect_uris": [BACK],
        "scopes": ["openid", "email", "import"],
        **details,
    }
    put = await http.put(f"/clients/{client_id}", json=form, headers=token(ADMINISTRATOR))
    assert put.status_code == 204, put.text
    secret = None
    if form.get("confidential"):
        made = await http.post(f"/clients/{client_id}/secrets", headers=token(ADMINISTRATOR))
        assert made.status_code == 201, made.text
        secret = made.json()["client_secret"]
    uri = form["redirect_uris"][0] if form["redirect_uris"] else BACK
    return FrontEnd(http, database, client_id, uri, secret)


async def member(http, **details):
    """The address of somebody with an account."""
    person = a.person(**details)
    answer = await signing_up.sign_up(http, person)
    assert answer.status_code == 201, answer.text
    return person["email"]


def person_of(email):
    """Who the house takes this address for."""
    return person_id(signing_up.KEY, email)


async def letter(database, email):
    """The digits in the latest letter to this address."""
    code_id: UUID = await database.pool.fetchval(
        """
        SELECT code_id FROM mailed_code WHERE person_id = $1 AND purpose = 'sign_in'
         ORDER BY asked_at DESC LIMIT 1
        """,
        person_of(email),
    )
    return digits_of(signing_up.KEY, code_id)


async def give(http, token, email, role, **details):
    """The answer to giving somebody a role."""
    path = f"/persons/{person_of(email)}/roles/{role}"
    return await http.put(path, json=details, headers=token(ADMINISTRATOR))


async def staff(http, token, kiosk, role="coordinator"):
    """Somebody with this role who has set up their app: address, and its secret."""
    email = await member(http)
    await give(http, token, email, role)
    handle = (await kiosk.begin(email, pkce()[1])).json()["handle"]
    waits = await kiosk.step(handle, await letter(kiosk.database, email))
    assert waits.json()["state"] == "set_up", waits.text
    secret = waits.json()["secret"]
    done = await kiosk.step(handle, app_shows(secret))
    assert done.json()["state"] == "done", done.text
    return email, secret


def app_shows(secret, *, steps=0):
    """What an authenticator app shows for this secret, so many half minutes from now."""
    app = TOTP(secret)
    return app.at(datetime.now(UTC) + timedelta(seconds=30 * steps))


class Form(HTMLParser):
    """The form of a page: where it goes, and what is in it."""

    def __init__(self, html):
        super().__init__()
        self.action, self.fields, self.labelled, self.ids = None, {}, set(), set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        match tag:
            case "form":
                self.action = urlsplit(said["action"]).path
            case "input":
                self.fields[said["name"]] = said.get("value", "")
                if said.get("type") != "hidden":
                    self.ids.add(said["id"])
            case "label":
                self.labelled.add(said["for"])


async def send(browser, page, **typed):
    """Fill in the form of a page and send it, as a browser would."""
    form = Form(page.text)
    return await browser.post(
        form.action,
        data={**form.fields, **typed},
        headers={"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    )


def caller_of(house, tokens, service="bookings"):
    """Who these tokens say it is, as a service reads them."""
    keys = Keys(house.secrets.jwks_file, audience=f"pdu-{service}")
    return keys.verify(tokens["access_token"], datetime.now(UTC))


def bearer(tokens):
    """The header of these tokens."""
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def refused(answer, error):
    """An OAuth error, and no token."""
    assert answer.status_code == 400, answer.text
    assert (answer.json()["type"], answer.json()["error"]) == ("/problems/oauth", error)
    assert "access_token" not in answer.text


def fault(answer):
    """The code of the only fault."""
    assert answer.status_code == 422, answer.text
    return answer.json()["errors"][0]["code"]


async def with_letter(kiosk, email):
    """A sign-in that waits for the app."""
    verifier, challenge = pkce()
    handle = (await kiosk.begin(email, challenge)).json()["handle"]
    answer = await kiosk.step(handle, await letter(kiosk.database, email))
    assert answer.json()["state"] == "app", answer.text
    return handle, verifier
