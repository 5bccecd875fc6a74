"""Signing in at the issuer with a code by letter, coming back, and signing out (RFC 7636)."""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from time import time
from urllib.parse import urlencode, urlsplit

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.areas import landing
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.neighbours import Away, NotThere, Refused
from pdu_portal.sessions import ask_for_tokens, with_tokens
from pdu_portal.signed_in import OwnForm, SignedIn
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

LASTS = 12 * 3600
"""So long somebody stays signed in here; the issuer may end it earlier."""
MAY_TAKE = 30 * 60
WAY = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,500}")
"""A path of our own with its query: whatever else browsers might read as an address is none."""


class Profile(BaseModel):
    """Whom a page greets."""

    name: str = ""


class Nothing(BaseModel):
    """There is nothing to say."""


@router.get("/sign-in")
async def sign_in(desk: AtDesk, to: str = "") -> Response:
    """Go to the issuer's pages, and note what is needed for the way back."""
    if desk.viewer and desk.viewer.token:
        return RedirectResponse(_way(to) or landing(desk.viewer.roles), 303)
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    asked = {
        "response_type": "code",
        "client_id": desk.settings.client_id,
        "redirect_uri": _back(desk),
        "scope": "openid",
        "state": state,
        "code_challenge": _challenge(verifier),
        "code_challenge_method": "S256",
    }
    issuer = str(desk.settings.public_resources()).rstrip("/")
    answer = RedirectResponse(f"{issuer}/authorize?{urlencode(asked)}", 303, _NOT_KEPT)
    noted = {"state": state, "verifier": verifier, "to": _way(to)}
    desk.jar.keep_journey(answer, noted, MAY_TAKE)
    return answer


@router.get("/signed-in")
async def come_back(request: Request, desk: AtDesk) -> Response:
    """Take the code that the issuer gave, and let the browser keep who is there."""
    query = request.query_params
    noted = desk.jar.journey(request.headers.get("cookie", ""))
    right = noted and hmac.compare_digest(noted["state"], query.get("state", ""))
    # An answer of another issuer is not for us (RFC 9207).
    if not right or query.get("iss", desk.settings.issuer) != desk.settings.issuer:
        return _not_signed_in(desk)
    try:
        tokens = await ask_for_tokens(
            desk,
            grant_type="authorization_code",
            code=query.get("code", ""),
            redirect_uri=_back(desk),
            code_verifier=noted["verifier"],
        )
        until = int(time()) + LASTS
        # Another session with each signing in: what somebody planted before is worth nothing.
        empty = Viewer(secrets.token_urlsafe(16), "", "", frozenset(), until, "", 0, "")
        viewer = with_tokens(empty, tokens)
    except (Refused, NotThere, ValueError):
        return _not_signed_in(desk)
    viewer = await _named(desk, viewer)
    answer = RedirectResponse(noted["to"] or landing(viewer.roles), 303, _NOT_KEPT)
    desk.jar.forget(answer)
    desk.jar.keep(answer, viewer)
    log.info("signed in", person_id=viewer.person_id)
    return answer


@router.post("/sign-out")
async def sign_out(desk: AtDesk, viewer: SignedIn, form: OwnForm) -> Response:
    """End it here, and at the issuer, so that nothing of it is good any more."""
    del form  # it says nothing but that it is ours
    said = {"client_id": desk.settings.client_id, "token": viewer.refresh}
    if secret := desk.settings.client_secret:
        said["client_secret"] = secret.get_secret_value()
    try:
        await desk.everybodys.resources.form("/revoke", said, shape=Nothing)
    except (Away, NotThere, Refused):
        log.warning("issuer not told of a signing out")
    answer = RedirectResponse("/signed-out", 303, _NOT_KEPT)
    desk.jar.forget(answer)
    return answer


@router.get("/signed-out")
async def signed_out(desk: AtDesk) -> Response:
    """Say that it is done."""
    return desk.pages.page("signed_out.html", {})


async def _named(desk: Desk, viewer: Viewer) -> Viewer:
    try:
        profile = await desk.seen_by(viewer).services.resources.read("/members/me", Profile)
    except (Away, NotThere, Refused):
        return viewer
    return viewer.called(profile.name)


def _not_signed_in(desk: Desk) -> Response:
    answer = desk.pages.page("not_signed_in.html", {}, status=400)
    # Whoever is signed in stays so: a link from elsewhere must not put anybody out.
    desk.jar.forget_journey(answer)
    return answer


def _back(desk: Desk) -> str:
    return f"{str(desk.settings.portal_url).rstrip('/')}/signed-in"


def _challenge(verifier: str) -> str:
    made = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def _way(to: str) -> str:
    """Where somebody wanted to go, as far as it is a page of ours; else nothing."""
    if not WAY.fullmatch(to) or urlsplit(to).path in {"/sign-in", "/signed-in", "/sign-out"}:
        return ""
    return to


_NOT_KEPT = {"Cache-Control": "no-store"}
