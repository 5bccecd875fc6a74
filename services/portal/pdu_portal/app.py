"""The portal's table of contents."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from pdu_portal import (
    assets,
    certificate,
    event,
    health,
    hub,
    joining,
    letters,
    library,
    live,
    manage,
    membership,
    nomination,
    speaker,
    survey,
    whats_on,
)
from pdu_portal.board import Board
from pdu_portal.desk import Desk
from pdu_portal.lists import Lists
from pdu_portal.neighbours import neighbours
from pdu_portal.oops import answer_kindly
from pdu_portal.pages import Pages
from pdu_portal.right_now import Counters
from pdu_portal.security import Security
from pdu_portal.settings import Settings

ROUTERS = (
    whats_on.router,
    event.router,
    library.router,
    hub.router,
    joining.router,
    nomination.router,
    manage.router,
    membership.router,
    speaker.router,
    letters.router,
    certificate.router,
    survey.router,
    live.router,
    assets.router,
    health.router,
)


def portal(settings: Settings, *, closing: Callable[[], bool] = lambda: False) -> ASGIApp:
    """The application; `closing` ends the live streams when the server is asked to stop."""

    @asynccontextmanager
    async def opened(app: FastAPI) -> AsyncIterator[None]:
        # Proxies of the machine's environment are for the world outside, not for our services.
        async with httpx.AsyncClient(trust_env=False) as client:
            services = neighbours(settings, client)
            app.state.desk = Desk(
                settings=settings,
                pages=Pages(settings),
                services=services,
                lists=Lists(services.resources),
                board=Board(services),
                counters=Counters(services),
                closing=closing,
            )
            yield

    app = FastAPI(lifespan=opened, openapi_url=None, docs_url=None, redoc_url=None)
    for router in ROUTERS:
        app.include_router(router)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=4)
    answer_kindly(app)
    # Outermost, so that the pages for our own mistakes carry the headers too.
    return Security(app)
