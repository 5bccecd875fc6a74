"""Communities of Practice: what there is, belonging to one, and the view of its convenors."""

import asyncio

import structlog
from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.link import key_in
from pdu_portal.mine.rights_shapes import Profile
from pdu_portal.mine.shapes import Done, OwnMembership, OwnMemberships
from pdu_portal.neighbours import NotThere, Refused
from pdu_portal.signed_in import OwnForm
from pdu_portal.taking_part.shapes import Communities, Community, Fellows, Joined, Members

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

STATES = {
    "proposed": "Proposed",
    "forming": "Being formed",
    "active": "Meets regularly",
    "paused": "Resting",
    "working_group": "A working group",
    "closed": "Has ended",
}
BECOME = {"active", "on_break", "left"}
CONVENORS = ("cop_convenor", "coordinator")


@router.get("/communities")
async def communities(desk: AtDesk) -> Response:
    """What there is."""
    async with asyncio.TaskGroup() as group:
        found = group.create_task(
            or_none(desk.services.bookings, "/communities?limit=100", Communities)
        )
        mine = group.create_task(_memberships(desk))
    belongs = {one.community: one.state for one in mine.result()}
    context = {
        "area": "communities",
        "found": found.result(),
        "belongs": belongs,
        "states": STATES,
    }
    return desk.pages.page("taking_part/communities.html", context)


@router.get("/communities/{key}")
async def community(key: str, desk: AtDesk) -> Response:
    """One of them; whoever belongs sees who else does."""
    return await _page(desk, key)


@router.post("/communities/{key}")
async def belong(key: str, form: OwnForm, desk: AtDesk) -> Response:
    """Join, take a break, come back or leave."""
    wanted = form.value("become")
    try:
        if wanted == "member":
            shares = form.value("shares_name") == "yes"
            await _join(desk, key, shares_name=shares, once=form.once)
        elif wanted in BECOME:
            mine = _of(await _memberships(desk), key)
            if mine is None:
                raise NotThere("bookings")
            path = f"/memberships/{mine.membership_id}/state"
            await desk.services.bookings.put(path, {"state": wanted}, shape=Done)
            log.info("membership changed", state=wanted)
    except Refused as no:
        trouble = no.refusal.detail or no.refusal.title
        return await _page(desk, key, trouble=trouble, status=no.refusal.status)
    return RedirectResponse(f"/communities/{key_in(key)}", 303)


async def _join(desk: Desk, key: str, *, shares_name: bool, once: str) -> None:
    me = await desk.services.resources.read("/members/me", Profile)
    body = {
        "name": me.name,
        "email": me.address,
        "sector": me.sector,
        "work_field": me.work_field,
        "role_level": me.role_level,
        "area": me.area,
        "shares_name": shares_name,
        **({"organisation": me.organisation} if me.organisation else {}),
    }
    path = f"/communities/{key_in(key)}/members"
    await desk.services.bookings.send(path, body, key=once, shape=Joined)
    log.info("community joined")


async def _page(desk: Desk, key: str, *, trouble: str = "", status: int = 200) -> Response:
    path, bookings = f"/communities/{key_in(key)}", desk.services.bookings
    found = await bookings.read(path, Community)
    mine = _of(await _memberships(desk), key)
    belongs = mine is not None and mine.state in {"active", "on_break"}
    convenes = desk.viewer is not None and desk.viewer.has(*CONVENORS)
    context = {
        "area": "communities",
        "within": True,
        "community": found,
        "mine": mine,
        "belongs": belongs,
        "fellows": await or_none(bookings, f"{path}/fellows", Fellows) if belongs else None,
        "convenes": convenes and await or_none(bookings, f"{path}/members", Members) is not None,
        "states": STATES,
        "trouble": trouble,
        "private": belongs,
    }
    return desk.pages.page("taking_part/community.html", context, status=status)


async def _memberships(desk: Desk) -> list[OwnMembership]:
    if desk.viewer is None:
        return []
    found = await or_none(desk.services.bookings, "/memberships", OwnMemberships)
    return found.items if found else []


def _of(mine: list[OwnMembership], key: str) -> OwnMembership | None:
    return next((one for one in mine if one.community == key and one.state != "left"), None)
