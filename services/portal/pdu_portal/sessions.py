"""Knows who looks, on every page, and has new tokens in time; the browser keeps what we know."""

from dataclasses import replace
from http.cookies import SimpleCookie
from time import time
from typing import Any

import structlog
from pydantic import BaseModel
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pdu_portal.desk import VIEWER, Desk
from pdu_portal.neighbours import Away, NotThere, Refused
from pdu_portal.viewer import Viewer, claims_of

SOON = 60
"""So many seconds before its end a token is changed for the next one."""
TOO_MANY = 429
WITHOUT = ("/static/", "/livez", "/readyz")

log = structlog.get_logger()


class Tokens(BaseModel):
    """What the issuer gives for a code, or for a refresh token."""

    access_token: str
    expires_in: int
    refresh_token: str = ""


class Sessions:
    """Wraps the pages; written for ASGI so that streams pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with a newer cookie where there is one."""
        if scope["type"] != "http" or scope["path"].startswith(WITHOUT):
            await self.app(scope, receive, send)
            return
        desk: Desk = scope["app"].state.desk
        kept = desk.jar.viewer(Headers(scope=scope).get("cookie", ""))
        viewer = await _refreshed(desk, kept) if kept else None
        scope[VIEWER] = viewer
        if viewer is kept:
            await self.app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(desk, viewer, MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, send_with_cookie)


async def ask_for_tokens(desk: Desk, **said: str) -> Tokens:
    """Tokens from the issuer; raises Away, or Refused when it gives none."""
    settings = desk.settings
    form = {"client_id": settings.client_id, **said}
    if settings.client_secret:
        form["client_secret"] = settings.client_secret.get_secret_value()
    return await desk.everybodys.resources.form("/token", form, shape=Tokens)


def with_tokens(viewer: Viewer, tokens: Tokens) -> Viewer:
    """The viewer with new tokens, and the roles that they have now; raises ValueError."""
    claims: dict[str, Any] = claims_of(tokens.access_token)
    return replace(
        viewer,
        person_id=str(claims.get("sub", "")),
        roles=frozenset(str(role) for role in claims.get("roles", ())),
        token=tokens.access_token,
        token_until=int(time()) + tokens.expires_in,
        refresh=tokens.refresh_token,
    )


async def _refreshed(desk: Desk, viewer: Viewer) -> Viewer | None:
    """The viewer with a token that is good; None when they are not signed in any more."""
    if viewer.token_until - SOON > time():
        return viewer
    try:
        tokens = await ask_for_tokens(
            desk, grant_type="refresh_token", refresh_token=viewer.refresh
        )
        return with_tokens(viewer, tokens)
    except (Away, NotThere):
        return _waiting(viewer)
    except (Refused, ValueError) as reason:
        if isinstance(reason, Refused) and reason.refusal.status == TOO_MANY:
            return _waiting(viewer)
        log.info("signed out by the issuer")
        return None


def _waiting(viewer: Viewer) -> Viewer:
    """The viewer while the hub rests: whatever does not need to know who looks goes on."""
    return viewer if viewer.token_until > time() else replace(viewer, token="")


def _add(desk: Desk, viewer: Viewer | None, headers: MutableHeaders) -> None:
    said = SimpleCookie("; ".join(headers.getlist("set-cookie")))
    if desk.jar.viewer_cookie in said:
        return  # the page itself said who is there now
    made = Response()
    if viewer is None:
        desk.jar.forget(made)
    elif viewer.token:
        desk.jar.keep(made, viewer)
    for cookie in made.headers.getlist("set-cookie"):
        headers.append("set-cookie", cookie)
