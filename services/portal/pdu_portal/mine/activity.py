"""My activity: what is to be decided, what is next, and where I stopped."""

import asyncio

from fastapi import APIRouter
from starlette.responses import Response

from pdu_portal.asking import or_none
from pdu_portal.desk import AtDesk
from pdu_portal.mine.learning_shapes import Learned, MyActivity, MyPathways
from pdu_portal.mine.shapes import Actions, OwnBookings, OwnMemberships, OwnSurveys
from pdu_portal.signed_in import SignedIn

router = APIRouter(include_in_schema=False)

OPEN = {"intended", "reminded", "partly", "no_answer"}


@router.get("/me")
async def my_activity(viewer: SignedIn, desk: AtDesk) -> Response:
    """Everything at once; a part whose service is away becomes one sentence."""
    services = desk.services
    async with asyncio.TaskGroup() as group:
        mine = group.create_task(or_none(services.resources, "/my-activity", MyActivity))
        ways = group.create_task(or_none(services.resources, "/my-pathways", MyPathways))
        actions = group.create_task(or_none(services.resources, "/actions/mine", Actions))
        booked = group.create_task(or_none(services.bookings, "/own/bookings", OwnBookings))
        surveys = group.create_task(or_none(services.resources, "/own/surveys", OwnSurveys))
        communities = group.create_task(or_none(services.bookings, "/memberships", OwnMemberships))
    found, promised, bookings = mine.result(), actions.result(), booked.result()
    context = {
        "area": "me",
        "name": viewer.name,
        "mine": found,
        "coming": [one for one in bookings.items if "accept" not in one.can] if bookings else None,
        "offered": [one for one in bookings.items if "accept" in one.can] if bookings else [],
        "begun": _begun(found) if found else [],
        "ways": ways.result(),
        "to_report": [one for one in promised.items if one.state in OPEN] if promised else [],
        "surveys": surveys.result(),
        "communities": communities.result(),
        "private": True,
    }
    return desk.pages.page("mine/activity.html", context)


def _begun(mine: MyActivity) -> list[Learned]:
    """Modules that were begun and not finished."""
    return [one for one in mine.learned if one.kind == "module" and one.completed_at is None]
