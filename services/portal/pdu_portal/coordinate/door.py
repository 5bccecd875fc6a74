"""At the door: who came without a booking, a count of heads, and the end of the register."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pdu_portal.booking_form import CHOICES, EMAIL, described, wrong_choices
from pdu_portal.coordinate.register import AtDoor, address_of, register_page
from pdu_portal.coordinate.room import DeskForm, Done, tried
from pdu_portal.desk import AtDesk
from pdu_portal.form import Form

router = APIRouter(include_in_schema=False)

WALK_IN = ("email", "organisation", *(one.name for one in CHOICES))
ENTER_NUMBER = "Enter a number, such as 17"
CHOOSE = "Choose one. If you do not know, choose that it is not known"
OF_WALK_IN = {"sector", "work_field", "role_level", "area", "organisation", "state"}


@router.post("/coordinate/events/{event_id}/register/{session_id}/walk-in")
async def walk_in(
    event_id: UUID, session_id: UUID, desk: AtDesk, viewer: AtDoor, form: DeskForm
) -> Response:
    """Somebody came without a booking; without an address they are counted all the same."""
    del viewer
    lists = await desk.lists.vocabulary()
    form = Form(form.key, {name: form.value(name) for name in WALK_IN})
    email = form.value("email")
    wrong = {name: CHOOSE for name, told in wrong_choices(form.values, lists).items() if told}
    if email and not EMAIL.fullmatch(email):
        wrong["email"] = "Enter the whole address, or leave it empty"
    if wrong:
        kept = Form(form.key, form.values, wrong)
        return await register_page(desk, event_id, session_id, kept, status=422)
    who = described(form, lists) | {"state": "present"}
    who = {name: value for name, value in who.items() if name in OF_WALK_IN}
    # The key of the form is the person's, so that sending it twice counts them once.
    body: dict[str, object] = (
        {"walk_ins": [{**who, "email": email}]}
        if email
        else {"addressless_walk_ins": [{**who, "walk_in_id": form.key.partition(".")[0]}]}
    )
    path = f"/sessions/{session_id}/attendance"
    trouble = await tried(desk.services.bookings.put(path, body, shape=Done), form)
    if trouble:
        return await register_page(desk, event_id, session_id, trouble, status=422)
    return RedirectResponse(address_of(event_id, session_id) + "#saved", 303)


@router.post("/coordinate/events/{event_id}/register/{session_id}/heads")
async def count(
    event_id: UUID, session_id: UUID, desk: AtDesk, viewer: AtDoor, form: DeskForm
) -> Response:
    """How many heads there were, where nobody could be marked."""
    del viewer
    people = form.value("people")
    if not (people.isascii() and people.isdecimal()):
        kept = Form(form.key, form.values, {"people": ENTER_NUMBER})
        return await register_page(desk, event_id, session_id, kept, status=422)
    path, body = f"/sessions/{session_id}/head-count", {"people": int(people)}
    trouble = await tried(desk.services.bookings.put(path, body, shape=Done), form)
    if trouble:
        return await register_page(desk, event_id, session_id, trouble, status=422)
    return RedirectResponse(address_of(event_id, session_id) + "#saved", 303)


@router.post("/coordinate/events/{event_id}/register/{session_id}/close")
async def close(
    event_id: UUID, session_id: UUID, desk: AtDesk, viewer: AtDoor, form: DeskForm
) -> Response:
    """Close it: whoever is not marked was not here."""
    del viewer
    path = f"/sessions/{session_id}/register/closing"
    doing = desk.services.bookings.send(path, {}, key=form.key, shape=Done)
    trouble = await tried(doing, form)
    if trouble:
        return await register_page(desk, event_id, session_id, trouble, status=422)
    return RedirectResponse(f"/coordinate/events/{event_id}", 303)
