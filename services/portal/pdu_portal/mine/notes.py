"""Notes to oneself, which nobody else can read."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.mine.learning_shapes import Reflections, Written
from pdu_portal.neighbours import Away, Refused
from pdu_portal.signed_in import OwnForm, SignedIn

router = APIRouter(include_in_schema=False)

LONGEST = 4000
HUB_AWAY = (
    "The hub does not answer just now. What you typed is kept; press the button again in a minute."
)


@router.get("/me/notes")
async def notes(_: SignedIn, desk: AtDesk, after: str = "") -> Response:
    """My notes, the newest first."""
    return await _page(desk, Form(), after=after)


@router.post("/me/notes")
async def write(form: OwnForm, desk: AtDesk) -> Response:
    """Keep a note."""
    text = form.value("text").replace("\r\n", "\n").strip()
    values = {"text": text}
    if not text or len(text) > LONGEST:
        told = "Use no more than 4,000 letters" if text else "Write your note first"
        return await _page(desk, Form(values=values, errors={"text": told}), status=422)
    try:
        await desk.services.resources.send("/reflections", values, key=form.once, shape=Written)
    except Away:
        return await _page(desk, Form(values=values, trouble=HUB_AWAY), status=503)
    except Refused as no:
        told = next((one.detail for one in no.refusal.errors), no.refusal.title)
        return await _page(
            desk, Form(values=values, errors={"text": told}), status=no.refusal.status
        )
    return RedirectResponse("/me/notes", 303)


@router.post("/me/notes/{reflection_id}/removal")
async def remove(reflection_id: UUID, _: OwnForm, desk: AtDesk) -> Response:
    """Take a note away for good."""
    await desk.services.resources.delete(f"/reflections/{reflection_id}")
    return RedirectResponse("/me/notes", 303)


async def _page(desk: Desk, form: Form, *, after: str = "", status: int = 200) -> Response:
    try:
        begins = f"&after={UUID(after)}"
    except ValueError:
        begins = ""
    try:
        found = await desk.services.resources.read(f"/reflections?limit=20{begins}", Reflections)
    except Away:
        found = None
    context = {"area": "me", "within": True, "form": form, "found": found, "private": True}
    return desk.pages.page("mine/notes.html", context, status=status)
