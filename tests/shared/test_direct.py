"""A direct route is documented and answers like any other."""

from typing import Annotated
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import APIRouter, Cookie, Depends, FastAPI, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field

from pdu_shared import answers
from pdu_shared.access import NOBODY, PUBLIC, enforce
from pdu_shared.direct import DirectRoute
from pdu_shared.guard import Guard
from pdu_shared.idempotency import Asked

PATH = "/halls/{hall_id}/chairs"


class Chairs(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: int = Field(ge=1)
    colour: str | None = None


async def add_chairs(hall_id: UUID, chairs: Chairs, asked: Asked, request: Request) -> Response:
    """Put chairs into a hall."""
    told = [str(hall_id), chairs.number, chairs.colour, asked.key, asked.request_hash.hex()]
    return JSONResponse([*told, request.method], 201)


def app(kind: type[APIRoute]) -> FastAPI:
    router = APIRouter(route_class=kind)
    router.post(PATH, status_code=201, response_model=Chairs)(add_chairs)
    app = FastAPI()
    app.add_middleware(Guard)
    answers.install(app)
    enforce(app, [router], {f"POST {PATH}": PUBLIC}, lambda _token, _now: NOBODY)
    return app


async def answer(app, **request):
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://example.org") as http:
        headers = {"Content-Type": "application/json", "X-Request-Id": str(UUID(int=7))}
        headers |= request.pop("headers", {})
        return await http.post(
            request.pop("path", f"/halls/{UUID(int=1)}/chairs"), headers=headers, **request
        )


KEY = {"Idempotency-Key": "one"}
REQUESTS = [
    {"headers": KEY, "content": b'{"number": 3}'},
    {"headers": KEY, "content": b'{"number": 3, "colour": "red"}'},
    {"headers": KEY, "content": b'{"number": "3"}'},
    {"headers": KEY, "content": b'{"number": 0}'},
    {"headers": KEY, "content": b'{"number": 3, "legs": 4, "arms": 2}'},
    {"headers": KEY, "content": b"{}"},
    {"headers": KEY, "content": b"[]"},
    {"headers": KEY, "content": b"null"},
    {"headers": KEY, "content": b"false"},
    {"headers": KEY, "content": b""},
    {"headers": KEY, "content": b"{"},
    {"headers": KEY, "content": b'{"number": 1, "number": 2}'},
    {"headers": {**KEY, "Content-Type": "text/plain"}, "content": b'{"number": 3}'},
    {"headers": {"Idempotency-Key": ""}, "content": b'{"number": 3}'},
    {"headers": {"Idempotency-Key": "x" * 256}, "content": b'{"number": 3}'},
    {"headers": {"Idempotency-Key": "one two"}, "content": b'{"number": 3}'},
    {"content": b'{"number": 3}'},
    {"content": b'{"number": 0}'},
    {"path": "/halls/none/chairs", "headers": KEY, "content": b'{"number": 3}'},
    {"path": "/halls/none/chairs", "content": b"{}"},
    {"path": f"/halls/{{{uuid4()}}}/chairs", "headers": KEY, "content": b'{"number": 3}'},
]


@pytest.mark.parametrize("request_", REQUESTS)
async def test_it_answers_as_any_other_route_does(request_):
    plain = await answer(app(APIRoute), **request_)
    direct = await answer(app(DirectRoute), **request_)
    assert (direct.status_code, direct.json()) == (plain.status_code, plain.json())


def test_it_is_documented_as_any_other_route_is():
    assert app(DirectRoute).openapi() == app(APIRoute).openapi()


class Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    legs: Annotated[int, Field(ge=3, le=5)] = 4
    colour: str | None = None


async def find_chairs(
    hall_id: UUID,
    wanted: Annotated[Wanted, Query()],
    request: Request,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """Chairs of a hall."""
    return JSONResponse([str(hall_id), wanted.model_dump(), if_none_match, request.method])


def finding(kind: type[APIRoute]) -> FastAPI:
    router = APIRouter(route_class=kind)
    router.get(PATH, response_model=Chairs)(find_chairs)
    app = FastAPI()
    app.add_middleware(Guard)
    answers.install(app)
    enforce(app, [router], {f"GET {PATH}": PUBLIC}, lambda _token, _now: NOBODY)
    return app


@pytest.mark.parametrize(
    "query",
    [
        "",
        "legs=3",
        "legs=3&colour=red",
        "legs=2",
        "legs=many",
        "arms=2",
        "colour=",
        "legs=3&legs=5",
        "colour=%ff",
        "colour=r%C3%B6d&",
        "legs",
        "&&",
        "legs=3;colour=red",
    ],
)
@pytest.mark.parametrize("headers", [{}, {"If-None-Match": '"one"'}])
async def test_a_query_is_read_as_by_any_other_route(query, headers):
    told = []
    for kind in (APIRoute, DirectRoute):
        transport = httpx.ASGITransport(finding(kind))
        async with httpx.AsyncClient(transport=transport, base_url="http://example.org") as http:
            for _ in range(2):  # once read, and once remembered
                found = await http.get(
                    f"/halls/{UUID(int=1)}/chairs?{query}",
                    headers={"X-Request-Id": str(UUID(int=7)), **headers},
                )
                told.append((found.status_code, found.json()))
    assert all(one == told[0] for one in told)


def test_a_query_is_documented_as_of_any_other_route():
    assert finding(DirectRoute).openapi() == finding(APIRoute).openapi()


async def a_page(page: Annotated[int, Query()]) -> Response: ...
async def a_crumb(crumb: Annotated[str, Cookie()]) -> Response: ...
async def two_bodies(one: Chairs, other: Chairs) -> Response: ...
async def nested(page: Annotated[Response, Depends(a_page)]) -> Response: ...
def in_a_thread() -> Response: ...


@pytest.mark.parametrize("function", [a_crumb, two_bodies, nested, in_a_thread])
def test_a_function_that_asks_for_more_is_refused_when_the_route_is_made(function):
    with pytest.raises(TypeError):
        DirectRoute("/halls", function, methods=["POST"])
