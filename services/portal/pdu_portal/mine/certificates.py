"""What I have to show for it: certificates, badges and my learning record."""

from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from pdu_portal.asking import or_none
from pdu_portal.desk import AtDesk
from pdu_portal.link import key_in
from pdu_portal.mine.learning_shapes import MyActivity
from pdu_portal.passing_on import pass_on
from pdu_portal.signed_in import SignedIn

router = APIRouter(include_in_schema=False)


@router.get("/me/certificates")
async def certificates(_: SignedIn, desk: AtDesk) -> Response:
    """Show what there is."""
    found = await or_none(desk.services.resources, "/my-activity", MyActivity)
    finished = [one for one in found.learned if one.completed_at or one.code] if found else None
    context = {"area": "me", "within": True, "finished": finished, "private": True}
    return desk.pages.page("mine/certificates.html", context)


@router.get("/me/certificates/{module_key}.pdf")
async def paper(module_key: str, _: SignedIn, request: Request, desk: AtDesk) -> Response:
    """My certificate of a module, to print."""
    path = f"/modules/{key_in(module_key)}/certificate/paper"
    return await pass_on(
        desk.services.resources, path, request.headers, called=f"certificate-{module_key}.pdf"
    )


@router.get("/me/record.{form}")
async def record(form: Literal["pdf", "csv"], _: SignedIn, desk: AtDesk) -> Response:
    """Everything I learned here, to print or for a spreadsheet."""
    path = f"/learning-record?format={form}"
    return await pass_on(desk.services.resources, path, called=f"my-learning.{form}")
