"""Certificates of attendance: one's own, to print; and any, by the code that is printed on it."""

import re
from datetime import date
from typing import Annotated, Literal
from uuid import uuid4

import structlog
from fastapi import APIRouter, Path, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.booking_shapes import ManagedBooking
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form, typed
from pdu_portal.neighbours import NotThere, Refused

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

Token = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{8,512}$")]
Code = Annotated[str, Path(pattern=r"^[a-z2-7]{24}$")]

CODE = re.compile(r"[a-z2-7]{24}")
NOT_A_CODE = "Enter the code as it is printed: 24 letters and figures from 2 to 7"


class Certificate(BaseModel):
    """What a certificate says."""

    code: str
    state: Literal["issued", "withdrawn"]
    title: str
    holder: str
    days: list[date] = []
    hours: float = 0.0
    issued_on: date
    show_name: bool = True

    @property
    def holds(self) -> bool:
        """Whether it is still true."""
        return self.state == "issued"


@router.get("/check")
async def check(desk: AtDesk, code: str | None = None) -> Response:
    """Where whoever is shown a certificate types its code, however they space it."""
    if code is None:
        return _ask(desk, Form())
    typed_in = "".join(one for one in code.lower() if one.isalnum())
    if not CODE.fullmatch(typed_in):
        return _ask(desk, Form(values={"code": code[:100]}, errors={"code": NOT_A_CODE}))
    return RedirectResponse(f"/certificates/{typed_in}", 303)


@router.get("/check/{code}")
async def check_one(code: Code) -> Response:
    """The same by an address that can be said."""
    return RedirectResponse(f"/certificates/{code}", 303)


@router.get("/certificates/{code}")
async def verify(code: Code, desk: AtDesk) -> Response:
    """The certificate with this code, and whether it holds."""
    certificate = await desk.services.bookings.read(f"/certificates/{code}", Certificate)
    return _page(desk, certificate)


@router.get("/b/{token}/certificate")
async def own(token: Token, desk: AtDesk) -> Response:
    """One's own certificate, or the form that asks for one."""
    try:
        certificate = await desk.services.bookings.read(f"/b/{token}/certificate", Certificate)
    except NotThere:
        return await _offer(desk, token)
    return _page(desk, certificate, own_link=f"/b/{token}/certificate")


@router.post("/b/{token}/certificate")
async def ask(token: Token, request: Request, desk: AtDesk) -> Response:
    """Ask for a certificate, or change how it names its holder; the page that follows shows it."""
    path = f"/b/{token}/certificate"
    form = {"show_name": (await typed(request)).get("show_name") == "yes"}
    try:
        await desk.services.bookings.send(path, form, key=str(uuid4()), shape=Certificate)
    except Refused as no:
        trouble = no.refusal.detail or no.refusal.title
        return await _offer(desk, token, trouble=trouble, status=no.refusal.status)
    log.info("certificate asked for")
    return RedirectResponse(path, 303)


def _ask(desk: Desk, form: Form) -> Response:
    return desk.pages.page("check.html", {"form": form}, status=422 if form.errors else 200)


def _page(desk: Desk, certificate: Certificate, *, own_link: str = "") -> Response:
    context = {"certificate": certificate, "own_link": own_link, "private": True}
    return desk.pages.page("certificate.html", context)


async def _offer(desk: Desk, token: str, *, trouble: str = "", status: int = 200) -> Response:
    booking = await desk.services.bookings.read(f"/b/{token}", ManagedBooking)
    context = {"booking": booking, "token": token, "trouble": trouble, "private": True}
    return desk.pages.page("certificate_offer.html", context, status=status)
