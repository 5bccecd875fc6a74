"""The portal's table of contents."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from pdu_portal import (
    a_to_z,
    about,
    assets,
    certificate,
    coding,
    coordinate,
    event,
    health,
    hub,
    joining,
    letters,
    library,
    live,
    manage,
    manager,
    meetings,
    membership,
    mine,
    nomination,
    programme,
    sign_in,
    speaker,
    study,
    survey,
    survey_steps,
    taking_part,
    via,
    visiting,
    whats_on,
)
from pdu_portal.board import Board
from pdu_portal.desk import Desk
from pdu_portal.figures import dashboard, one, published_files, report, snapshots
from pdu_portal.for_whom import ForWhom
from pdu_portal.jar import Jar
from pdu_portal.kept import Kept
from pdu_portal.lists import Lists
from pdu_portal.neighbours import neighbours
from pdu_portal.oops import answer_kindly
from pdu_portal.operate import health as operating
from pdu_portal.operate import letters as held
from pdu_portal.operate import replay, set_aside
from pdu_portal.our_team import nominating, promising
from pdu_portal.pages import Pages
from pdu_portal.right_now import Counters
from pdu_portal.rights import evidence, requests
from pdu_portal.security import Security
from pdu_portal.sessions import Sessions
from pdu_portal.settings import Settings
from pdu_portal.support import engagement, opting_in, people
from pdu_portal.support import meetings as experts_meet

ROUTERS = (
    whats_on.router,
    programme.router,
    event.router,
    library.router,
    a_to_z.router,
    hub.router,
    joining.router,
    nomination.router,
    nominating.router,
    promising.router,
    sign_in.router,
    visiting.router,
    manage.router,
    manager.router,
    membership.router,
    *mine.ROUTERS,
    *study.ROUTERS,
    *taking_part.ROUTERS,
    about.router,
    speaker.router,
    letters.router,
    certificate.router,
    survey.router,
    survey_steps.router,
    via.router,
    live.router,
    operating.router,
    set_aside.router,
    replay.router,
    held.router,
    dashboard.router,
    snapshots.router,
    report.router,
    published_files.router,
    one.router,
    meetings.router,
    *coding.ROUTERS,
    requests.router,
    evidence.router,
    experts_meet.router,
    people.router,
    opting_in.router,
    engagement.router,
    assets.router,
    health.router,
    *coordinate.ROUTERS,
)

SAME_FOR_ALL = (
    "/",
    "/events",
    "/library",
    "/a-to-z",
    "/learn",
    "/start",
    "/you-said",
    "/impact",
    "/bulletin",
)
"""Pages that hold nothing of who looks, and no form with a key."""


def portal(settings: Settings, *, closing: Callable[[], bool] = lambda: False) -> ASGIApp:
    """The application; `closing` ends the live streams when the server is asked to stop."""

    @asynccontextmanager
    async def opened(app: FastAPI) -> AsyncIterator[None]:
        # Proxies of the machine's environment are for the world outside, not for our services.
        async with httpx.AsyncClient(trust_env=False) as client:
            services, key = neighbours(settings, client), settings.cookie_key
            app.state.desk = Desk(
                settings=settings,
                pages=Pages(settings),
                services=services,
                everybodys=services,
                lists=Lists(services.resources),
                board=Board(services),
                counters=Counters(services),
                jar=Jar(key.get_secret_value() if key else None, secure=settings.secure),
                closing=closing,
            )
            yield

    app = FastAPI(lifespan=opened, openapi_url=None, docs_url=None, redoc_url=None)
    for router in ROUTERS:
        app.include_router(router)
    app.add_middleware(Sessions)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=4)
    answer_kindly(app)
    # Outermost, so that the pages for our own mistakes carry the headers too.
    return Security(Kept(ForWhom(app), SAME_FOR_ALL, seconds=settings.kept_seconds))
