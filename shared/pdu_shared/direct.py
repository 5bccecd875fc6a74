"""Routes that many people use at one moment: documented like any other, read without detours.

FastAPI looks at each request for everything that a function might ask for, which costs more than
what the function does. `APIRouter(route_class=DirectRoute)` reads path, query, header and body.
What is wrong with a request is found by the same fields, and told in the same way.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from inspect import iscoroutinefunction
from typing import Any

from fastapi import Request
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.datastructures import QueryParams
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from pdu_shared.answers import problem_of
from pdu_shared.guard import ABSENT, json_of, request_id_of

READ = frozenset(
    {"path_params", "header_params", "body_params", "dependencies", "request_param_name"}
)
ABOUT_IT = frozenset({"name", "call", "path", "use_cache", "scope", "concurrency"})
QUERIES = 256
"""So many different ones a route remembers: most people ask what others asked."""


class DirectRoute(APIRoute):
    """A route whose function needs path, query, header and JSON fields, the request, and no more.

    So do the functions that it depends on, without the query. It answers with a Response.
    TypeError for any other. What was asked in a query is shared by all who ask the same: it is
    not to be changed.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **told: Any) -> None:  # noqa: ANN401 - FastAPI's
        super().__init__(path, endpoint, **told)
        _check(self.dependant)
        self._asked = lru_cache(QUERIES)(self._read_query)
        if self._embed_body_fields or any(one.body_params for one in self.dependant.dependencies):
            raise TypeError(f"{path} takes more than one body.")
        self.app = self._answer

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        given = await _given(self.dependant, request)
        if self.body_field:
            [body] = self.dependant.body_params
            given[body.name] = _valid(self.body_field, json_of(scope), "body")
        if self.dependant.query_params:
            given |= self._asked(scope["query_string"])
        response = await self.endpoint(**given)
        await response(scope, receive, send)

    def _read_query(self, query: bytes) -> Mapping[str, Any]:
        asked = QueryParams(query)
        given, faults = request_params_to_args(self.dependant.query_params, asked)
        if faults:
            raise RequestValidationError(faults)
        return given


class Shortcut:
    """ASGI middleware, the innermost: finds direct routes without asking all the others first."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self.app = app
        self.routes = [route for route in routes if isinstance(route, DirectRoute)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, and answer what it raises, as the app would."""
        route = self._route(scope) if scope["type"] == "http" else None
        if route is None:
            await self.app(scope, receive, send)
            return
        try:
            await route.app(scope, receive, send)
        except Exception as error:
            if not (problem := problem_of(error)):
                raise
            await problem.answer(request_id_of(scope))(scope, receive, send)

    def _route(self, scope: Scope) -> "DirectRoute | None":
        for route in self.routes:
            found = route.path_regex.match(scope["path"])
            if found and scope["method"] in (route.methods or ()):
                scope.update(path_params=found.groupdict(), route=route)
                return route
        return None


def _check(asked: Dependant, *, inner: bool = False) -> None:
    """TypeError for a function that asks for more than is read here."""
    read = READ if inner else READ | {"query_params"}
    others = [
        name for name in asked.__slots__ if name not in read | ABOUT_IT and getattr(asked, name)
    ]
    optional = [one.name for one in asked.body_params if not one.field_info.is_required()]
    if others or optional or not iscoroutinefunction(asked.call):
        raise TypeError(f"{asked.call} asks for more than a direct route reads.")
    for one in asked.dependencies:
        _check(one, inner=True)


async def _given(asked: Dependant, request: Request) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for one in asked.path_params:
        given[one.name] = _valid(one, request.path_params[one.alias], "path", one.alias)
    for one in asked.header_params:
        name = one.alias.replace("_", "-")
        given[one.name] = _valid(one, _header(request.scope, name), "header", name)
    for inner in asked.dependencies:
        assert inner.call is not None, "a dependency is a function"
        given[str(inner.name)] = await inner.call(**await _given(inner, request))
    if asked.request_param_name:
        given[asked.request_param_name] = request
    return given


def _header(scope: Scope, name: str) -> object:
    wanted = name.encode()
    for found, value in scope["headers"]:
        if found == wanted:
            return value.decode("latin-1")
    return ABSENT


def _valid(field: ModelField, value: object, *place: str) -> object:
    if value is ABSENT and not field.field_info.is_required():
        return field.get_default()
    if value is ABSENT:
        missing = {"type": "missing", "loc": place, "msg": "Field required", "input": None}
        raise RequestValidationError([missing])
    valid, faults = field.validate(value, loc=place)
    if faults:
        raise RequestValidationError(faults)
    return valid
