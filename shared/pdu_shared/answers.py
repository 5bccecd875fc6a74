"""Turns whatever a route raises into problem details, and says so in the OpenAPI document."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from pdu_shared import problems
from pdu_shared.guard import request_id_of
from pdu_shared.problems import Fault, Problem

MOST_FAULTS = 50
LONGEST_POINTER = 200
BUSY = (
    asyncpg.DeadlockDetectedError,
    asyncpg.InternalClientError,  # a connection that broke at a bad moment
    asyncpg.LockNotAvailableError,
    asyncpg.OperatorInterventionError,  # a cancelled query, a server that starts or stops
    asyncpg.PostgresConnectionError,
    asyncpg.SerializationError,
    asyncpg.TooManyConnectionsError,
    ConnectionError,
    TimeoutError,
)
# What FastAPI and Starlette raise themselves.
BY_STATUS: Mapping[int, type[Problem]] = {
    400: problems.Malformed,
    401: problems.Unauthenticated,
    403: problems.Forbidden,
    404: problems.NotFound,
    405: problems.NotAllowed,
    406: problems.NotAcceptable,
    413: problems.TooLarge,
    415: problems.UnsupportedMediaType,
    429: problems.TooMany,
    503: problems.Unavailable,
}
PROBLEM_SCHEMA = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "instance"],
    "properties": {
        "type": {"type": "string", "examples": ["/problems/not-found"]},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "The id of the request."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer (RFC 6901)."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
BEARER = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
ANY_ERROR = {
    "description": "Any error, as problem details.",
    "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}

log = structlog.get_logger()


def install(app: FastAPI) -> None:
    """Make every error of this app a problem, and every operation say so.

    Errors that nobody foresaw are left to the Guard, the outermost layer.
    """
    app.add_exception_handler(Problem, _answer)
    app.add_exception_handler(RequestValidationError, _answer)
    app.add_exception_handler(HTTPException, _answer)
    app.add_exception_handler(asyncpg.InterfaceError, _answer)
    for busy in BUSY:
        app.add_exception_handler(busy, _answer)
    _document(app)


def problem_of(error: Exception) -> Problem | None:
    """The problem that tells a caller of this error; None when it is a defect of ours."""
    match error:
        case Problem():
            return error
        case RequestValidationError():
            return _of_validation(error)
        case HTTPException():
            problem = BY_STATUS.get(error.status_code, Problem)()
            problem.headers.update(error.headers or {})
            return problem
    if isinstance(error, BUSY) or _is_lost_connection(error):
        log.warning("busy", error=type(error).__name__)
        return problems.Unavailable()
    return None


async def _answer(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    if problem is None:
        raise error
    if isinstance(problem, problems.NotAllowed):
        problem.headers["Allow"] = ", ".join(_methods(request))
    return problem.answer(request_id_of(request.scope))


def _methods(request: Request) -> list[str]:
    # Starlette names the methods of the first route with this path, and there may be more.
    routes = (
        route for route in request.app.routes if route.matches(request.scope)[0] != Match.NONE
    )
    return sorted({method for route in routes for method in getattr(route, "methods", None) or ()})


def _is_lost_connection(error: Exception) -> bool:
    # asyncpg has one class for a lost connection and for our own mistakes.
    if not isinstance(error, asyncpg.InterfaceError):
        return False
    return "closed" in str(error) or "closing" in str(error)


def _of_validation(error: RequestValidationError) -> Problem:
    faults = list(_faults(error))
    places = {str(found["loc"][0]) for found in error.errors()}
    kinds = {found["type"] for found in error.errors()}
    if "path" in places:
        return problems.NotFound()
    if "json_invalid" in kinds:
        return problems.Malformed()
    pointers = {fault.pointer for fault in faults}
    if "/header/idempotency-key" in pointers:
        return problems.MissingKey()
    if "/header/if-match" in pointers:
        return problems.PreconditionRequired()
    return problems.Refused(errors=faults)


def fault_of(found: Mapping[str, Any], path: Sequence[object]) -> Fault:
    """An error that Pydantic found, at this place of what was sent."""
    pointer = "".join(f"/{_escaped(step)}" for step in path)
    return Fault(pointer[:LONGEST_POINTER], str(found["type"]), _words(found))


def _faults(error: RequestValidationError) -> Iterator[Fault]:
    for found in error.errors()[:MOST_FAULTS]:
        place, *path = found["loc"]
        yield fault_of(found, path if place == "body" else [place, *path])


def _escaped(step: object) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")


def _words(found: Mapping[str, Any]) -> str | None:
    # Pydantic's words for text that it could not parse repeat parts of the text.
    if str(found["type"]).endswith("_parsing"):
        return None
    return str(found["msg"]).removeprefix("Value error, ")


def _document(app: FastAPI) -> None:
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            components = document.setdefault("components", {})
            components["securitySchemes"] = {"bearer": BEARER}
            schemas = components.setdefault("schemas", {})
            schemas.pop("HTTPValidationError", None)
            schemas.pop("ValidationError", None)
            schemas["Problem"] = PROBLEM_SCHEMA
            for operation in _operations(document):
                operation["responses"].pop("422", None)
                operation["responses"]["default"] = ANY_ERROR
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document.get("paths", {}).values():
        yield from (operation for operation in path.values() if "responses" in operation)
