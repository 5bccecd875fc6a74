"""The day at a glance: what comes, whose register is not whole, and what waits elsewhere."""

import asyncio
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from pdu_portal.asking import or_none
from pdu_portal.coding.shapes import Texts
from pdu_portal.coordinate.backlog import Offers, Topics
from pdu_portal.coordinate.contact import AllToTell
from pdu_portal.coordinate.impact import Impacts
from pdu_portal.coordinate.room import Coordinator
from pdu_portal.coordinate.shapes import Overview, Registers
from pdu_portal.coordinate.shelf import DueList, Submissions
from pdu_portal.desk import AtDesk
from pdu_portal.words import LONDON

router = APIRouter(include_in_schema=False)

LOOKED_AT = ("captured", "verified", "coded", "consented_to_publish")


@router.get("/coordinate")
async def today(desk: AtDesk, viewer: Coordinator) -> Response:
    """Show it; a service that rests costs its part of the page."""
    services = desk.services
    day = datetime.now(LONDON).date()
    bookings, hub = services.bookings, services.resources
    (
        (overview, registers, topics, offers),
        (due, brought),
        (changes, texts, tell),
    ) = await asyncio.gather(
        asyncio.gather(
            or_none(bookings, "/coordinator/overview", Overview),
            or_none(bookings, f"/coordinator/registers?from={day}&to={day}", Registers),
            or_none(bookings, "/topics/backlog?state=received&limit=100", Topics),
            or_none(bookings, "/speaker-offers?state=received&limit=100", Offers),
        ),
        asyncio.gather(
            or_none(hub, "/library/review-due?days=30&limit=100", DueList),
            or_none(hub, "/submissions?limit=100", Submissions),
        ),
        asyncio.gather(
            or_none(hub, "/impacts?limit=100", Impacts),
            or_none(hub, "/texts?coded=false&limit=100", Texts),
            or_none(services.notifications, "/contact-tasks?limit=100", AllToTell),
        ),
    )
    open_still = [one for one in changes.items if one.state in LOOKED_AT] if changes else []
    waiting = [
        (Impacts(items=open_still) if changes else None, "/coordinate/impact",
         "change to look through", "changes to look through"),
        (tell, "/contact", "letter to tell by telephone or on paper",
         "letters to tell by telephone or on paper"),
        (texts, "/coding", "answer to read and code", "answers to read and code"),
        (topics, "/coordinate/suggestions", "suggestion to read", "suggestions to read"),
        (offers, "/coordinate/suggestions#offers", "offer to speak", "offers to speak"),
        (brought, "/coordinate/library", "thing brought for the library",
         "things brought for the library"),
        (due, "/coordinate/library#due", "item of the library due for a look",
         "items of the library due for a look"),
    ]  # fmt: skip
    context = {
        "area": "today",
        "overview": overview,
        "registers": registers,
        "waiting": waiting,
        "viewer": viewer,
    }
    return desk.pages.page("coordinate/today.html", context)
