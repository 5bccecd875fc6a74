"""Letters that wait for a person: held because they may have gone already, or put off."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from pdu_portal.desk import AtDesk
from pdu_portal.neighbours import NotThere, Refused
from pdu_portal.operate.shapes import Letters, Released
from pdu_portal.signed_in import OwnForm, only_for
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)

Operator = Annotated[Viewer, Depends(only_for("operator"))]
PAGE = "/operate/letters"
STATES = {
    "held": "Held",
    "deferred": "Put off",
    "failed": "Not delivered",
    "queued": "On their way",
    "sent": "Gone out",
}


@router.get(PAGE)
async def letters(desk: AtDesk, viewer: Operator, state: str = "held") -> Response:
    """The newest letters in one state."""
    del viewer
    chosen = state if state in STATES else "held"
    found = await desk.services.notifications.read(f"/letters?state={chosen}&limit=100", Letters)
    context = {"area": "letters", "letters": found, "state": chosen, "states": STATES}
    return desk.pages.page("operate/letters.html", context)


@router.post(f"{PAGE}/{{letter_id}}")
async def release(letter_id: UUID, desk: AtDesk, viewer: Operator, form: OwnForm) -> Response:
    """Send one after all."""
    del viewer
    path = f"/letters/{letter_id}/release"
    try:
        await desk.services.notifications.send(path, {}, key=form.once, shape=Released)
    except (NotThere, Refused):
        return RedirectResponse(PAGE, 303)  # somebody else was quicker: the list shows it
    return RedirectResponse(PAGE, 303)
