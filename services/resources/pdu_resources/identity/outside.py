"""Signing in with an account elsewhere: the provider shows whose address it is, and we go on."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pdu_resources.identity import asked, pages, sign_in
from pdu_resources.identity.asked import AuthorizationRequest, Said, SentBack, with_query
from pdu_resources.identity.keys import base_of
from pdu_resources.identity.provider import NotVouchedFor, Provider, Vouched
from pdu_resources.identity.secret import hashed, new_secret
from pdu_resources.rules.sign_in import challenge_of
from pdu_shared.database import Conn, transaction
from pdu_shared.mail import BadAddress, address
from pdu_shared.persons import persons_of
from pdu_shared.problems import Refused
from pdu_shared.runtime import Here, Now, Runtime

router = APIRouter(tags=["sign in"])

BACK = "/authorize/outside/back"


@router.post("/authorize/outside", response_class=HTMLResponse, responses=pages.HTML | pages.BACK)
async def send_outside(
    said: Annotated[AuthorizationRequest, Form()], request: Request, here: Here, now: Now
) -> Response:
    """Send somebody to the provider outside, to come back with what it says of them."""
    provider = here.part(Provider)
    if not pages.from_our_page(request) or not provider.there:
        return pages.told(here, "Please use the form on our own page.")
    known = await provider.known(now)
    handle, state, nonce, verifier = (new_secret() for _ in range(4))
    try:
        async with transaction(here.database) as conn:
            asking = await asked.read(conn, said)
            await sign_in.wait(conn, asking, None, handle=handle, now=now)
            await conn.execute(
                """
                UPDATE sign_in
                   SET outside_state_hash = $2, outside_nonce = $3, outside_verifier = $4
                 WHERE handle_hash = $1
                """,
                hashed(handle),
                hashed(state),
                nonce,
                verifier,
            )
    except SentBack as back:
        return pages.sent_back(here, back)
    except Refused as problem:
        return pages.told_of(here, problem)
    away = with_query(
        known.authorization_endpoint,
        response_type="code",
        client_id=provider.client_id,
        redirect_uri=f"{base_of(here)}{BACK}",
        scope="openid email",
        state=state,
        nonce=nonce,
        code_challenge=challenge_of(verifier),
        code_challenge_method="S256",
    )
    return pages.with_handle(here, RedirectResponse(away, 303), handle)


@router.get(BACK, response_class=HTMLResponse, responses=pages.HTML | pages.BACK)
async def come_back(
    request: Request,
    here: Here,
    now: Now,
    code: Annotated[Said, Query()] = "",
    state: Annotated[Said, Query()] = "",
) -> Response:
    """Where people come back from the provider outside."""
    handle, provider = request.cookies.get(pages.COOKIE, ""), here.part(Provider)
    waiting = await _taken(here, handle, state, now) if provider.there else None
    if waiting is None or not code:
        return pages.told(here, sign_in.BEGUN_ANEW)
    nonce, verifier = waiting
    try:
        vouched = await provider.vouched(
            code, verifier=verifier, nonce=nonce, redirect_uri=f"{base_of(here)}{BACK}", now=now
        )
        async with transaction(here.database) as conn:
            person_id = await _person(conn, here, provider.issuer, vouched, now)
            step = await sign_in.vouched_for(conn, here, handle, person_id, now)
    except (NotVouchedFor, BadAddress) as wrong:
        return pages.told(here, str(wrong))
    except Refused as problem:
        return pages.told_of(here, problem)
    return pages.after(here, step)


async def _taken(here: Runtime, handle: str, state: str, now: datetime) -> tuple[str, str] | None:
    """Nonce and verifier of whoever comes back with this state, in the browser that left: once."""
    async with transaction(here.database) as conn:
        row = await conn.fetchrow(
            """
            SELECT outside_nonce, outside_verifier
              FROM sign_in
             WHERE handle_hash = $1 AND outside_state_hash = $2 AND expires_at > $3
               FOR UPDATE
            """,
            hashed(handle),
            hashed(state),
            now,
        )
        await conn.execute(
            "UPDATE sign_in SET outside_state_hash = NULL WHERE handle_hash = $1", hashed(handle)
        )
    return (row["outside_nonce"], row["outside_verifier"]) if row else None


async def _person(conn: Conn, here: Runtime, issuer: str, vouched: Vouched, now: datetime) -> UUID:
    """Who they are: the link decides; the first time it is made by the verified address."""
    email = address(vouched.email).addr_spec
    [person_id] = await persons_of(conn, here.person_key, [email])
    if not await conn.fetchval("SELECT true FROM member WHERE person_id = $1", person_id):
        linked: UUID | None = await conn.fetchval(
            "SELECT person_id FROM outside_identity WHERE issuer = $1 AND subject = $2",
            issuer,
            vouched.subject,
        )
        return linked or person_id
    linked = await conn.fetchval(
        """
        INSERT INTO outside_identity (issuer, subject, person_id, linked_at)
        VALUES ($1, $2, $3, $4)
            ON CONFLICT (issuer, subject) DO UPDATE SET issuer = excluded.issuer
        RETURNING person_id
        """,
        issuer,
        vouched.subject,
        person_id,
        now,
    )
    assert linked is not None, "it is there, or was made"
    return linked
