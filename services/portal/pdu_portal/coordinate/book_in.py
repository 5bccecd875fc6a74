"""Booking somebody in who asked by telephone, in a letter or in person; also without an email."""

import asyncio
from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pdu_portal.also_asked import AlsoAsked, also_asked, answered, told
from pdu_portal.booking_form import CHOSEN, EMAIL, FIELDS, described, wrong_choices, wrong_text
from pdu_portal.booking_shapes import Booked
from pdu_portal.coordinate.room import Coordinator, DeskForm, said, tried
from pdu_portal.coordinate.shapes import Managed, terms
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.shapes import Vocabulary

router = APIRouter(include_in_schema=False)

ASKED_BY = {
    "telephone": "By telephone",
    "email": "In an email or a letter",
    "in_person": "In person",
}
WISHES = {
    "email": "By email",
    "phone": "By telephone",
    "sms": "By text message",
    "post": "On paper",
}
ADMITTED = {
    "works_with_them": "They work with those it is meant for",
    "same_team": "Their team comes, or has come",
    "asked_to_help": "They help on the day",
    "other": "Another reason",
}
REACHED = ("phone", "reach", "postal_address")
OWN = ("channel", "wishes", "admitted_because", *REACHED)
ENTER_WAY = (
    "Enter an email address, a telephone number, an address for letters, or who can tell them"
)


@router.get("/coordinate/events/{event_id}/book-in")
async def form(event_id: UUID, desk: AtDesk, viewer: Coordinator) -> Response:
    """The empty form."""
    del viewer
    return await _page(desk, event_id, Form(values={"channel": "telephone"}))


@router.post("/coordinate/events/{event_id}/book-in")
async def book_in(event_id: UUID, desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Book them in, or show what is missing with all that was typed."""
    del viewer
    lists, asked = await asyncio.gather(desk.lists.vocabulary(), also_asked(desk, event_id))
    form = _read(form, lists, asked)
    if form.errors:
        return await _page(desk, event_id, form, asked, status=422)
    chosen = sorted(typed for name, typed in form.values.items() if name.startswith(CHOSEN))
    body = {
        **said(form.values, "name", "email", "attending", *OWN),
        **({"sessions": [one for one in chosen if one]} if any(chosen) else {}),
        **described(form, lists),
        **told(form, asked),
    }
    path = f"/learning-events/{event_id}/bookings/on-behalf"
    sending = desk.services.bookings.send(path, body, key=form.once, shape=Booked)
    trouble = await tried(sending, form)
    if trouble:
        return await _page(desk, event_id, trouble, asked, status=422)
    return RedirectResponse(f"/coordinate/events/{event_id}#who", 303)


def _read(form: Form, lists: Vocabulary | None, asked: AlsoAsked) -> Form:
    sent = form.values
    values = {name: sent.get(name, "") for name in (*FIELDS, *OWN)}
    values |= {name: typed for name, typed in sent.items() if name.startswith(CHOSEN)}
    found = {
        "channel": "" if values["channel"] in ASKED_BY else "Choose how they asked",
        "name": wrong_text(values["name"]) if values["name"] else "Enter their name",
        "email": _wrong_way(values),
        "organisation": wrong_text(values["organisation"]),
        **{
            name: "Choose one. If you do not know, choose that it is not known" if wrong else ""
            for name, wrong in wrong_choices(values, lists).items()
        },
    }
    errors = {name: words for name, words in found.items() if words}
    return answered(Form(form.key, values, errors), sent, asked)


def _wrong_way(values: Mapping[str, str]) -> str:
    email = values["email"]
    if email and not EMAIL.fullmatch(email):
        return "Enter the whole address, or leave it empty"
    return "" if email or any(values[name] for name in REACHED) else ENTER_WAY


async def _page(
    desk: Desk, event_id: UUID, form: Form, asked: AlsoAsked | None = None, *, status: int = 200
) -> Response:
    event, also, lists = await asyncio.gather(
        desk.services.bookings.read(f"/learning-events/{event_id}", Managed),
        also_asked(desk, event_id),
        desk.lists.vocabulary(),
    )
    context = {
        "area": "coordinate_events",
        "within": True,
        "private": True,
        "event": event,
        "asked": asked or also,
        "lists": lists,
        "channels": terms(ASKED_BY),
        "wishes": terms(WISHES),
        "reasons": terms(ADMITTED),
        "form": form,
    }
    return desk.pages.page("coordinate/book_in.html", context, status=status)
