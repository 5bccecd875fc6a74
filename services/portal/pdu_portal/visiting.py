"""Seeing the pages as a visitor does, for those who work here, and the way back."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from pdu_portal.areas import landing
from pdu_portal.desk import AtDesk, who_visits
from pdu_portal.form import typed
from pdu_portal.signed_in import OwnForm, SignedIn

router = APIRouter(include_in_schema=False)


@router.post("/see-as-visitor")
async def see_as_visitor(desk: AtDesk, viewer: SignedIn, form: OwnForm) -> Response:
    """From now on every page is what a visitor sees: nothing is asked in one's own name."""
    del form
    answer = RedirectResponse("/", 303)
    desk.jar.keep(answer, replace(viewer, visits=True))
    return answer


@router.post("/back-to-work")
async def back_to_work(request: Request, desk: AtDesk) -> Response:
    """The pages are one's own again."""
    sent, viewer = await typed(request), who_visits(request)
    if viewer is None or not desk.jar.is_good(sent.get("key", ""), viewer):
        return RedirectResponse("/", 303)
    answer = RedirectResponse(landing(viewer.roles), 303)
    desk.jar.keep(answer, replace(viewer, visits=False))
    return answer
