"""What those who convene a community see and do: its sessions, members, notes and rota."""

import asyncio
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.booking_form import EMAIL
from pdu_portal.coordinate.describing import first_session
from pdu_portal.coordinate.room import DeskForm, Done, id_in, tried
from pdu_portal.coordinate.shapes import MODES, terms
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.event_shapes import LearningEvents
from pdu_portal.form import Form
from pdu_portal.link import key_in
from pdu_portal.shapes import Term
from pdu_portal.signed_in import only_for
from pdu_portal.taking_part.shapes import Community
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)

Convenor = Annotated[Viewer, Depends(only_for("cop_convenor", "coordinator"))]
STANDS = {
    "active": "Member",
    "on_break": "On a break",
    "invited": "Invited",
    "left": "Has left",
}
BELONGS = ("active", "on_break")
EARLIER = 6


class Member(BaseModel):
    """A member, as convenors see them."""

    membership_id: UUID
    name: str
    organisation: str | None = None
    state: str


class Members(BaseModel):
    """All of them."""

    items: list[Member] = []


class Promised(BaseModel):
    """Somebody who has promised to convene."""

    membership_id: UUID
    name: str | None = None
    sessions: int
    starts_on: date
    ends_on: date


class Turn(BaseModel):
    """A coming session, and whose turn it is."""

    session_id: UUID
    learning_event_id: UUID
    starts_at: AwareDatetime
    convenor: UUID | None = None


class Rota(BaseModel):
    """Who convenes what."""

    convenors: list[Promised] = []
    sessions: list[Turn] = []
    gaps: int = 0

    @property
    def names(self) -> dict[UUID, str]:
        """What those who convene are called."""
        return {one.membership_id: one.name or "Somebody" for one in self.convenors}

    def as_written(self) -> list[dict[str, object]]:
        """The rota as bookings takes it."""
        return [one.model_dump(mode="json", exclude={"name"}) for one in self.convenors]


@router.get("/communities/{key}/group")
async def group(key: str, desk: AtDesk, viewer: Convenor) -> Response:
    """What comes, who belongs, who convenes, and what was."""
    return await _page(desk, key, viewer, Form())


@router.post("/communities/{key}/group/invitations")
async def invite(key: str, desk: AtDesk, viewer: Convenor, form: DeskForm) -> Response:
    """Invite somebody: they get a letter with a link, and nothing else."""
    errors = {} if form.value("name") else {"name": "Enter their name"}
    if not EMAIL.fullmatch(form.value("email")):
        errors["email"] = "Enter an email address with a full ending, like name@example.org"
    if errors:
        return await _page(desk, key, viewer, Form(form.key, form.values, errors), status=422)
    body: dict[str, object] = {name: form.value(name) for name in ("name", "email")}
    path = f"/communities/{key_in(key)}/invitations"
    doing = desk.services.bookings.send(path, body, key=form.once, shape=Done)
    return await _after(desk, key, viewer, await tried(doing, form), "members")


@router.post("/communities/{key}/group/sessions")
async def meet(key: str, desk: AtDesk, viewer: Convenor, form: DeskForm) -> Response:
    """Say when the group meets: it is published, and every member has a place."""
    needed = {"day": "Enter the day", "starts": "Enter when it begins",
              "ends": "Enter when it ends", "place": "Enter the place"}  # fmt: skip
    errors = {name: words for name, words in needed.items() if not form.value(name)}
    if not form.value("capacity").isdecimal():
        errors["capacity"] = "Enter a number, such as 30"
    if form.value("mode") not in MODES:
        errors["mode"] = "Choose how people come"
    if errors:
        return await _page(desk, key, viewer, Form(form.key, form.values, errors), status=422)
    body = first_session(form.values) | {"open": form.value("open") == "yes"}
    path = f"/communities/{key_in(key)}/sessions"
    doing = desk.services.bookings.send(path, body, key=form.once, shape=Done)
    return await _after(desk, key, viewer, await tried(doing, form), "coming")


@router.post("/communities/{key}/group/rota")
async def promise(key: str, desk: AtDesk, viewer: Convenor, form: DeskForm) -> Response:
    """Put somebody into the rota, or take them out: a coordinator does, after talking to them."""
    path = f"/communities/{key_in(key)}/rota"
    who = str(id_in(form, "membership_id")) if form.value("membership_id") else ""
    errors = {} if who else {"membership_id": "Choose who"}
    if form.value("what") != "remove":
        if not form.value("sessions").isdecimal():
            errors["sessions"] = "Enter how many sessions, such as 5"
        errors |= {name: "Enter the day" for name in ("starts_on", "ends_on")
                   if not form.value(name)}  # fmt: skip
    if errors:
        return await _page(desk, key, viewer, Form(form.key, form.values, errors), status=422)
    standing = await desk.services.bookings.read(path, Rota)
    rest = [one for one in standing.as_written() if one["membership_id"] != who]
    if form.value("what") != "remove":
        rest.append(
            {
                "membership_id": who,
                "sessions": int(form.value("sessions")),
                "starts_on": form.value("starts_on"),
                "ends_on": form.value("ends_on"),
            }
        )
    doing = desk.services.bookings.put(path, {"convenors": rest}, shape=Done)
    return await _after(desk, key, viewer, await tried(doing, form), "rota")


async def _after(desk: Desk, key: str, viewer: Viewer, trouble: Form | None, part: str) -> Response:
    if trouble is None:
        return RedirectResponse(f"/communities/{key_in(key)}/group#{part}", 303)
    return await _page(desk, key, viewer, trouble, status=422)


async def _page(desk: Desk, key: str, viewer: Viewer, form: Form, *, status: int = 200) -> Response:
    path, bookings = f"/communities/{key_in(key)}", desk.services.bookings
    community, members, rota, earlier = await asyncio.gather(
        bookings.read(path, Community),
        # Whoever convenes another community only is told that this page is not there.
        bookings.read(f"{path}/members", Members),
        or_none(bookings, f"{path}/rota", Rota),
        or_none(bookings, f"/learning-events?when=past&series={key}&limit={EARLIER}",
                LearningEvents),
    )  # fmt: skip
    belonging = [one for one in members.items if one.state in BELONGS]
    context = {
        "area": "communities",
        "within": True,
        "private": True,
        "community": community,
        "members": members.items,
        "stands": STANDS,
        "rota": rota,
        "earlier": earlier,
        "modes": terms(MODES),
        "may_write": viewer.has("coordinator"),
        "belonging": [Term(code=str(one.membership_id), label=one.name) for one in belonging],
        "form": Form(form.key, {"mode": "in_person", **form.values}, form.errors, form.trouble),
        "at": f"{path}/group",
    }
    return desk.pages.page("taking_part/group.html", context, status=status)
