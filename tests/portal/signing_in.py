"""Somebody who has signed in at a portal with stand-ins behind it, and an issuer to do it at."""

import base64
import hashlib
import json
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import httpx
from starlette.responses import Response

from pdu_portal.jar import Jar
from pdu_portal.viewer import Viewer
from portal.stand_in import COOKIE_KEY, Town

PERSON = "018f0000-0000-8000-8000-00000000a1a1"


def token_of(*roles: str, person_id: str = PERSON) -> str:
    """What an issuer would give, as far as the portal reads it."""
    claims = {"sub": person_id, "roles": list(roles)}
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{body}.{uuid4().hex}"


def a_viewer(*roles: str, **changes: object) -> Viewer:
    """Somebody with these roles who signed in just now."""
    said = {
        "session_id": uuid4().hex,
        "person_id": PERSON,
        "name": "Marian Leaford",
        "roles": frozenset(roles or {"member"}),
        "until": int(time.time()) + 43200,
        "token": token_of(*(roles or ("member",))),
        "token_until": int(time.time()) + 600,
        "refresh": "refresh-of-the-first",
    }
    return Viewer(**said | changes)


def cookie_of(viewer: Viewer, *, secure: bool = False) -> tuple[str, str]:
    """Name and value of the cookie that says who this is."""
    jar, answer = Jar(COOKIE_KEY, secure=secure), Response()
    jar.keep(answer, viewer)
    name, _, rest = answer.headers["set-cookie"].partition("=")
    return name, rest.partition(";")[0]


def signed_in(site: httpx.Client, *roles: str, **changes: object) -> Viewer:
    """Make this client, from now on, the one of somebody with these roles."""
    viewer = a_viewer(*roles, **changes)
    site.cookies.set(*cookie_of(viewer), domain=site.base_url.host)
    return viewer


def signed_in_page(page: object, address: str, *roles: str) -> Viewer:
    """The same for a page of a browser."""
    viewer = a_viewer(*roles)
    name, value = cookie_of(viewer)
    page.context.add_cookies([{"name": name, "value": value, "url": address}])
    return viewer


def a_key(viewer: Viewer, *, seconds_ago: int = 0) -> str:
    """The key of a form that this viewer was shown."""
    jar = Jar(COOKIE_KEY, secure=False)
    once, at = str(uuid4()), str(int(time.time()) - seconds_ago)
    mac = jar._mac(viewer, once, at)  # noqa: SLF001 - nobody else makes an old one
    return f"{once}.{at}.{mac}" if seconds_ago else jar.form_key(viewer)


@dataclass
class Issuer:
    """The part of resources at which people sign in: everybody who asks is let in."""

    town: Town
    roles: tuple[str, ...] = ("member",)
    challenges: dict[str, str] = field(default_factory=dict)
    refused: bool = False
    given: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    name: str = "Marian Leaford"

    def let_in(self, location: str) -> str:
        """What the issuer would send a browser back with, that came to this address."""
        asked = dict(p.split("=", 1) for p in urlsplit(location).query.split("&"))
        asked = {k: httpx.URL(f"http://x/?a={v}").params["a"] for k, v in asked.items()}
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert asked["client_id"] == "portal"
        code = f"code-{len(self.challenges)}"
        self.challenges[code] = asked["code_challenge"]
        said = {"code": code, "state": asked["state"], "iss": "urn:pdu:issuer"}
        return f"/signed-in?{urlencode(said)}"

    def token(self, _path: str, _query: dict, body: dict) -> tuple[int, object]:
        if self.refused or body.get("client_secret") != "portal-secret-of-the-tests":
            return 400, {"title": "No.", "status": 400, "error": "invalid_grant"}
        if body["grant_type"] == "authorization_code":
            made = hashlib.sha256(body["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
            if self.challenges.pop(body["code"], None) != challenge:
                return 400, {"title": "No.", "status": 400, "error": "invalid_grant"}
        token = token_of(*self.roles)
        self.given.append(token)
        refresh = f"refresh-{len(self.given)}"
        return 200, {"access_token": token, "expires_in": 600, "refresh_token": refresh}

    def revoke(self, _path: str, _query: dict, body: dict) -> tuple[int, object]:
        self.ended.append(body["token"])
        return 200, {}


def issuing(town: Town) -> Issuer:
    """An issuer in this town."""
    issuer = Issuer(town)
    answers = town.resources.answers
    answers["POST /token"] = issuer.token
    answers["POST /revoke"] = issuer.revoke
    answers["GET /members/me"] = lambda *_: (200, {"name": issuer.name})
    return issuer
