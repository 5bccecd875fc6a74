"""A survey that waits for whoever has signed in: answered without the link of its letter."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from pdu_portal import survey, survey_form, survey_steps
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.signed_in import SignedIn, form_of
from pdu_portal.survey_shapes import Asked

router = APIRouter(include_in_schema=False)

Answers = Annotated[
    Form,
    Depends(form_of(largest=survey_form.LARGEST, most_fields=survey_form.MOST_FIELDS)),
]


@router.get("/me/surveys/{invitation_id}")
async def one(invitation_id: UUID, _: SignedIn, desk: AtDesk) -> Response:
    """The questions. Nobody has to answer."""
    asked, own = await _asked(desk, f"/own/surveys/{invitation_id}"), f"/me/surveys/{invitation_id}"
    return await survey.page(desk, asked, Form(), own=own, path=own)


@router.get("/me/surveys/{invitation_id}/steps")
async def begin(invitation_id: UUID, _: SignedIn, desk: AtDesk) -> Response:
    """The same, one question at a time."""
    asked = await _asked(desk, f"/own/surveys/{invitation_id}")
    return await survey_steps.step(desk, asked, Form(), f"/me/surveys/{invitation_id}", own=True)


@router.post("/me/surveys/{invitation_id}/steps")
async def go_on(invitation_id: UUID, form: Answers, desk: AtDesk) -> Response:
    """The next question, or the one before."""
    asked, own = await _asked(desk, f"/own/surveys/{invitation_id}"), f"/me/surveys/{invitation_id}"
    return await survey_steps.step(desk, asked, survey_form.read(form.values), own, own=True)


@router.post("/me/surveys/{invitation_id}")
async def answer(invitation_id: UUID, form: Answers, desk: AtDesk) -> Response:
    """Send the answers. Twice is once: they take the place of any before."""
    own, path = f"/me/surveys/{invitation_id}", f"/own/surveys/{invitation_id}"
    return await survey.send(desk, survey_form.read(form.values), path, _asked, own=own)


@router.get("/me/surveys/{invitation_id}/thanks")
async def thanks(invitation_id: UUID, _: SignedIn, desk: AtDesk) -> Response:
    """What happens with the answers, and how to change them."""
    path = f"/own/surveys/{invitation_id}"
    return await survey.thank(desk, path, _asked, own=f"/me/surveys/{invitation_id}")


async def _asked(desk: Desk, path: str) -> Asked:
    return await desk.services.resources.read(path, Asked)
