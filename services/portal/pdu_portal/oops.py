"""Pages for when something is not there or does not answer, with a word to say on the telephone."""

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from pdu_portal.desk import desk_of
from pdu_portal.neighbours import Away, NotLetIn, NotThere
from pdu_portal.signed_in import NotForYou, PressAgain, SignInFirst

COLOURS = ("amber", "blue", "coral", "green", "indigo", "lilac", "olive", "silver")
ANIMALS = ("badger", "finch", "hare", "heron", "otter", "robin", "squirrel", "wren")
SERVICES = {
    "bookings": "The booking desk",
    "resources": "The online hub",
    "notifications": "The letter desk",
    "reporting": "The journal",
}
AWAY = "does not answer just now"

log = structlog.get_logger()


def answer_kindly(app: FastAPI) -> None:
    """Give every error a page in plain words."""
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _not_there)
    app.add_exception_handler(NotThere, _not_there)
    app.add_exception_handler(Away, _away)
    app.add_exception_handler(NotLetIn, _not_let_in)
    app.add_exception_handler(SignInFirst, _sign_in_first)
    app.add_exception_handler(PressAgain, _press_again)
    app.add_exception_handler(NotForYou, _not_for_you)
    app.add_exception_handler(Exception, _our_fault)


def telephone_word() -> str:
    """Something like blue-otter-41, easily said and found again in the log."""
    number = secrets.randbelow(90) + 10
    return f"{secrets.choice(COLOURS)}-{secrets.choice(ANIMALS)}-{number}"


def _refused(request: Request, reason: Exception) -> Response:
    status = reason.status_code if isinstance(reason, HTTPException) else 500
    match status:
        case 404:
            return _not_there(request, reason)
        case 405:
            return _page(request, status, "This page is only for looking at", "")
        case 413:
            return _page(request, status, "That is more than this form can take", "")
        case _:
            words = HTTPStatus(status).phrase.lower()
            return _page(request, status, "We could not read what was sent", f"({words})")


def _not_there(request: Request, _: Exception) -> Response:
    lead = "The link may be old, or a letter of it may have gone missing on the way."
    return _page(request, 404, "There is nothing at this address", lead)


def _away(request: Request, reason: Exception) -> Response:
    word = telephone_word()
    log.warning("service away", asked=str(reason), word=word)
    who = SERVICES.get(str(reason), "One of our services")
    lead = "Nothing you did caused this, and nothing is lost. It usually comes back in a minute."
    return _page(request, 503, f"{who} {AWAY}", lead, word=word)


def _not_let_in(request: Request, reason: Exception) -> Response:
    if isinstance(reason, NotLetIn) and not reason.known:
        # The hub ended it meanwhile, such as when a role was given.
        answer = _sign_in_first(request, SignInFirst())
        desk_of(request).jar.forget(answer)
        return answer
    return _not_for_you(request, reason)


def _sign_in_first(request: Request, reason: Exception) -> Response:
    sent = reason.sent if isinstance(reason, SignInFirst) else None
    if sent is not None:
        return _kept(request, sent, status=401)
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    way = urlencode({"to": asked if request.method == "GET" else ""})
    return RedirectResponse(f"/sign-in?{way}", 303, {"Cache-Control": "no-store"})


def _press_again(request: Request, reason: Exception) -> Response:
    return _kept(request, reason.sent if isinstance(reason, PressAgain) else {}, status=409)


def _kept(request: Request, sent: Mapping[str, str], *, status: int) -> Response:
    """What was typed, in a page with one button, until it can be sent."""
    desk = desk_of(request)
    key = desk.jar.form_key(desk.viewer) if desk.viewer else ""
    context = {"sent": {**sent, "key": key}, "action": request.url.path, "private": True}
    return desk.pages.page("press_again.html", context, status=status)


def _not_for_you(request: Request, _: Exception) -> Response:
    lead = "You are signed in, but this page is for others. If you need it, please ask us."
    return _page(request, 403, "This page is not open to you", lead)


def _our_fault(request: Request, reason: Exception) -> Response:
    word = telephone_word()
    log.error("page failed", word=word, exc_info=reason)
    lead = "The mistake is ours. Nothing you did caused it, and what you booked stays booked."
    return _page(request, 500, "This page did not work", lead, word=word)


def _page(request: Request, status: int, title: str, lead: str, *, word: str = "") -> Response:
    pages = desk_of(request).pages
    context = {"title": title, "lead": lead, "word": word, "retry": status >= 500}  # noqa: PLR2004
    return pages.page("oops.html", context, status=status)
