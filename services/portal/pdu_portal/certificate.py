"""Certificates of attendance: one's own, to print; and any, by the code that is printed on it."""

from datetime import date
from typing import Annotated, Literal
from uuid import uuid4

import structlog
from fastapi import APIRouter, Path, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import typed
from pdu_portal.neighbours import NotThere, Refused
from pdu_portal.shapes import ManagedBooking

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

Token = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{8,512}$")]
Code = Annotated[str, Path(pattern=r"^[a-z2-7]{24}$")]


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


def _page(desk: Desk, certificate: Certificate, *, own_link: str = "") -> Response:
    context = {"certificate": certificate, "own_link": own_link, "private": True}
    return desk.pages.page("certificate.html", context)


async def _offer(desk: Desk, token: str, *, trouble: str = "", status: int = 200) -> Response:
    booking = await desk.services.bookings.read(f"/b/{token}", ManagedBooking)
    context = {"booking": booking, "token": token, "trouble": trouble, "private": True}
    return desk.pages.page("certificate_offer.html", context, status=status)
