"""What a request passes on its way to a route of a service, from the outside in."""

from collections.abc import Iterable, Mapping

from fastapi import FastAPI
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware

from pdu_shared.conversation import Conversation
from pdu_shared.direct import Shortcut
from pdu_shared.guard import Bodies, Guard
from pdu_shared.telemetry import Measured


def put_around(app: FastAPI, *, gives: Iterable[str], uploads: Mapping[str, Bodies]) -> None:
    """Lay them around the routes and the exception handlers that the app has by now.

    FastAPI would put three of its own around ours, for what these do or nobody wants here: they
    answer defects, limit bodies and name exceptions in traces, and each costs every request time.
    """
    routes = AsyncExitStackMiddleware(app.router)
    answering = ExceptionMiddleware(routes, handlers=app.exception_handlers)
    conversation = Conversation(Shortcut(answering, app.router.routes))
    app.middleware_stack = Measured(Guard(conversation, gives=gives, uploads=uploads))
