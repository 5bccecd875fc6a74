"""Letters by what became of them, never by whom they are for."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.coordinate.room import Coordinator, DeskForm, Done, after_of, tried
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form

router = APIRouter(include_in_schema=False)

IN_TROUBLE = ("held", "in_doubt", "bounced", "failed")


class Letter(BaseModel):
    """A letter, by its kind and what became of it: never by whom it is for."""

    letter_id: UUID
    kind: str
    state: str
    reason: str | None = None
    changed_at: datetime


class Letters(BaseModel):
    """A page of them."""

    items: list[Letter] = []
    next: UUID | None = None


@router.get("/coordinate/letters")
async def letters(desk: AtDesk, viewer: Coordinator, state: str = "", after: str = "") -> Response:
    """Letters by what became of them."""
    del viewer
    return await _letters(desk, Form(), state, after)


@router.post("/coordinate/letters/{letter_id}")
async def letter(letter_id: UUID, desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Let a letter go that is held, or send one again."""
    del viewer
    step = "release" if form.value("what") == "release" else "resend"
    doing = desk.services.notifications.send(
        f"/letters/{letter_id}/{step}", {}, key=form.key, shape=Done
    )
    trouble = await tried(doing, form)
    if trouble:
        return await _letters(desk, trouble, "", "", status=422)
    return RedirectResponse("/coordinate/letters", 303)


async def _letters(
    desk: Desk, form: Form, state: str, after: str, *, status: int = 200
) -> Response:
    chosen = f"&state={state}" if state in IN_TROUBLE else ""
    path = f"/letters?limit=50{chosen}{after_of(after)}"
    found = await or_none(desk.services.notifications, path, Letters)
    context = {
        "area": "people",
        "within": True,
        "letters": found,
        "states": IN_TROUBLE,
        "state": state,
        "form": form,
    }
    return desk.pages.page("coordinate/letters.html", context, status=status)
