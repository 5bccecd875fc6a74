"""The pages on which people sign in: plain forms without script, on the way to a front end."""

from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader

from pdu_resources.identity import asked, sign_in
from pdu_resources.identity.asked import AuthorizationRequest, Said, SentBack, with_query
from pdu_resources.identity.keys import base_of
from pdu_resources.identity.provider import Provider
from pdu_resources.identity.secret import new_secret
from pdu_shared.database import transaction
from pdu_shared.mail import BadAddress, address
from pdu_shared.problems import Problem, Refused, TooMany, Unavailable
from pdu_shared.runtime import Here, Now, Runtime

router = APIRouter(tags=["sign in"])

COOKIE = "pdu_sign_in"
POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action"
)
HTML: dict[int | str, dict[str, Any]] = {
    status: {"description": told, "content": {"text/html": {}}}
    for status, told in (
        (400, "A page that says what is wrong."),
        (429, "A page that says how long to wait."),
    )
}
BACK: dict[int | str, dict[str, Any]] = {303: {"description": "Where to go on."}}


class AddressForm(AuthorizationRequest):
    """What the front end asked for, and the address of whoever signs in."""

    email: Said | None = None


@router.get("/authorize", response_class=HTMLResponse, responses=HTML | BACK)
async def ask_for_address(
    said: Annotated[AuthorizationRequest, Query()], here: Here, now: Now
) -> Response:
    """The page that asks for an address. Front ends send people here (RFC 6749 §4.1.1)."""
    return await _start(here, said, now)


@router.post("/authorize", response_class=HTMLResponse, responses=HTML | BACK)
async def send_letter(
    said: Annotated[AddressForm, Form()], request: Request, here: Here, now: Now
) -> Response:
    """Send a code to the address, known or not, and go on to the page that asks for it."""
    if not from_our_page(request):
        return told(here, "Please use the form on our own page.")
    try:
        email = address(said.email or "").addr_spec
    except BadAddress as wrong:
        return await _start(here, said, now, error=str(wrong))
    handle = new_secret()
    try:
        async with transaction(here.database) as conn:
            asking = await asked.read(conn, said)
            await sign_in.begin(conn, here, asking, email, handle=handle, now=now)
    except SentBack as back:
        return sent_back(here, back)
    except (Refused, TooMany) as problem:
        return told_of(here, problem)
    return with_handle(here, RedirectResponse(f"{base_of(here)}/authorize/step", 303), handle)


@router.get("/authorize/step", response_class=HTMLResponse, responses=HTML)
async def ask_for_code(request: Request, here: Here, now: Now) -> Response:
    """The page that asks for the code of the letter, or of the app."""
    return await _step(here, request.cookies.get(COOKIE, ""), now)


@router.post("/authorize/step", response_class=HTMLResponse, responses=HTML | BACK)
async def take_code(
    request: Request, here: Here, now: Now, code: Annotated[Said, Form()] = ""
) -> Response:
    """Take the code, and go on: to the next one, or back to the front end."""
    handle = request.cookies.get(COOKIE, "")
    if not from_our_page(request):
        return told(here, "Please use the form on our own page.")
    typed = "".join(code.split()).replace("-", "")
    if not typed.isascii() or not typed.isdigit() or len(typed) > 16:  # noqa: PLR2004
        return await _step(here, handle, now, error="Type the digits of the code.")
    try:
        step = await sign_in.go_on(here, handle, typed, now)
    except (Refused, TooMany) as problem:
        return await _step(here, handle, now, error=_words(problem), status=_status(problem))
    return after(here, step)


@router.get(
    "/authorize/style.css",
    response_class=Response,
    responses={200: {"description": "The style sheet.", "content": {"text/css": {}}}},
)
async def style() -> Response:
    """How the pages look."""
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(_style(), media_type="text/css", headers=headers)


def with_handle(here: Runtime, answer: Response, handle: str) -> Response:
    """The answer, with the cookie by which this browser is known until it is signed in."""
    base = urlsplit(base_of(here))
    answer.set_cookie(
        COOKIE,
        handle,
        max_age=int(sign_in.MAY_TAKE.total_seconds()),
        path=f"{base.path}/authorize",
        secure=base.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return answer


def after(here: Runtime, step: sign_in.Step) -> Response:
    """Where somebody goes after a step: on to the next one, or back to the front end."""
    match step:
        case sign_in.Done(redirect_uri=redirect_uri, code=done, state=state):
            issuer = here.settings.issuer
            to = with_query(redirect_uri, code=done, state=state, iss=issuer)
            back = RedirectResponse(to, 303)
            back.delete_cookie(COOKIE, path=f"{urlsplit(base_of(here)).path}/authorize")
            return back
        case sign_in.NoAccount():
            words = "There is no account with this address yet. Please register first: it is free."
            return told(here, words)
    return RedirectResponse(f"{base_of(here)}/authorize/step", 303)


async def _start(
    here: Runtime, said: AuthorizationRequest, now: datetime, *, error: str | None = None
) -> Response:
    try:
        async with here.database.pool.acquire(timeout=5) as conn:
            asking = await asked.read(conn, said)
    except SentBack as back:
        return sent_back(here, back)
    except Refused as problem:
        return told_of(here, problem)
    away = await _outside(here, now)
    return _page(
        here,
        "address.html",
        {
            "said": said.said(),
            "email": getattr(said, "email", None) or "",
            "client": asking.client.name,
            "outside": here.part(Provider).name if away else None,
            "error": error,
        },
        status=400 if error else 200,
        leads_to=away,
    )


async def _outside(here: Runtime, now: datetime) -> str | None:
    """Where the provider outside signs people in, if there is one and it answers."""
    provider = here.part(Provider)
    try:
        return (await provider.known(now)).authorization_endpoint if provider.there else None
    except Unavailable:
        return None


async def _step(
    here: Runtime, handle: str, now: datetime, *, error: str | None = None, status: int = 400
) -> Response:
    try:
        waiting = await sign_in.waits_for(here, handle, now)
    except Refused as problem:
        return told_of(here, problem)
    return _page(
        here,
        "code.html",
        {"waiting": waiting, "error": error},
        status=status if error else 200,
        leads_to=waiting.redirect_uri,
    )


def sent_back(here: Runtime, back: SentBack) -> Response:
    """Back to the front end, which is told what is wrong."""
    issuer = here.settings.issuer
    to = with_query(back.redirect_uri, error=back.error, state=back.state, iss=issuer)
    return RedirectResponse(to, 303)


def told_of(here: Runtime, problem: Problem) -> Response:
    """A page that says what the problem is."""
    return told(here, _words(problem), status=_status(problem), headers=problem.headers)


def told(
    here: Runtime, words: str, *, status: int = 400, headers: dict[str, str] | None = None
) -> Response:
    """A page that says why somebody is not signed in."""
    page = _page(here, "told.html", {"words": words}, status=status)
    page.headers.update(headers or {})
    return page


def _words(problem: Problem) -> str:
    told = next((fault.detail for fault in problem.errors if fault.detail), None)
    return told or problem.detail or problem.title


def _status(problem: Problem) -> int:
    return problem.status if isinstance(problem, TooMany) else 400


def _page(
    here: Runtime,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    leads_to: str | None = None,
) -> HTMLResponse:
    base = base_of(here)
    # Browsers hold what a form is redirected to against the policy too.
    targets = " ".join(filter(None, ("'self'", _origin(leads_to) if leads_to else None)))
    html = _templates().get_template(template).render(base=base, **context)
    return HTMLResponse(html, status, {"Content-Security-Policy": f"{POLICY} {targets}"})


def _origin(uri: str) -> str:
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"


def from_our_page(request: Request) -> bool:
    """Whether a form was sent from here.

    Under our referrer policy Origin is null, so the browser's
    own word decides where it gives one. SameSite keeps the cookie from other sites as well.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin", "null")
    return origin == "null" or urlsplit(origin).netloc == request.headers.get("host")


@cache
def _templates() -> Environment:
    loader = PackageLoader("pdu_resources.identity")
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)


@cache
def _style() -> bytes:
    return (files("pdu_resources.identity") / "static" / "sign_in.css").read_bytes()
