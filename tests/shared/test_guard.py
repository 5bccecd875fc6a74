"""Whatever a stranger sends, the answer is a clear problem and the service stays whole."""

import asyncio
from typing import Annotated, Literal
from uuid import UUID

import asyncpg
import httpx
import pytest
import structlog
from fastapi import FastAPI, Header, Query, Request, Response
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, field_validator

from pdu_shared import answers, problems
from pdu_shared.guard import Bodies, Guard
from pdu_shared.problems import Fault

ID = "0196f0a0-0000-7000-8000-000000000001"
FAILURES: dict[str, Exception] = {
    "lock": asyncpg.LockNotAvailableError("canceling statement"),
    "cancelled": asyncpg.QueryCanceledError("statement timeout"),
    "lost": asyncpg.ConnectionDoesNotExistError("gone"),
    "closed": asyncpg.InterfaceError("connection is closed"),
    "refused": ConnectionRefusedError(),
    "timeout": TimeoutError(),
    "mistake": asyncpg.InterfaceError("the server expects 1 argument"),
    "bug": RuntimeError("person0051@example.org"),
    "conflict": problems.Conflict("It is cancelled.", retry_after=1),
    "many": problems.TooMany(retry_after=7),
    "errors": problems.Refused(errors=[Fault("/email", "address", "Two addresses.")]),
}


class Place(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["in_person", "online"]
    capacity: int = Field(ge=1)
    name: str = "x"

    @field_validator("name")
    @classmethod
    def _plain(cls, name: str) -> str:
        if "|" in name:
            raise ValueError("A name has no bar.")
        return name


class Hall(BaseModel):
    places: list[Place]


class Half(Response):
    async def __call__(self, _scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError


def _show(app: FastAPI) -> None:
    @app.put("/films/{name}")
    async def _film(name: str, request: Request) -> dict[str, int]:
        del name
        return {"pieces": len([piece async for piece in request.stream() if piece])}

    @app.delete("/films/{name}")
    async def _no_film(name: str) -> str:
        return name


def build() -> FastAPI:
    app = FastAPI()
    films = Bodies(takes=frozenset({"video/mp4"}), largest=100_000, streamed=True)
    app.add_middleware(Guard, uploads={"/films/{name}": films})
    answers.install(app)

    _show(app)

    @app.post("/halls")
    async def _halls(hall: Hall) -> Hall:
        return hall

    @app.post("/nothing")
    async def _nothing(request: Request) -> dict[str, int]:
        return {"size": len(await request.body())}

    @app.get("/halls/{hall_id}")
    async def _hall(hall_id: UUID, limit: Annotated[int, Query(le=100)] = 1) -> str:
        return f"{hall_id} {limit}"

    @app.get("/failures/{name}")
    async def _failure(name: str) -> None:
        raise FAILURES[name]

    @app.post("/keys")
    async def _key(idempotency_key: Annotated[str, Header()]) -> str:
        return idempotency_key

    @app.put("/edits")
    async def _edit(if_match: Annotated[str, Header()]) -> str:
        return if_match

    @app.get("/kept")
    async def _kept() -> Response:
        return Response(headers={"Cache-Control": "max-age=60"})

    @app.get("/half")
    async def _half() -> Response:
        return Half()

    return app


ONE_APP = build()


@pytest.fixture(autouse=True)
def lines():
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture
async def client():
    transport = httpx.ASGITransport(build())
    async with httpx.AsyncClient(
        transport=transport, base_url="http://bookings.example.org"
    ) as one:
        yield one


def problem(answer, status, slug):
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["type"] == f"/problems/{slug}"
    assert told["status"] == status
    assert told["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
    return told


async def post(client, body, content_type="application/json", path="/halls"):
    headers = {"content-type": content_type} if content_type else {}
    return await client.post(path, content=body, headers=headers)


async def test_a_good_request_passes_with_its_body_whole(client):
    hall = {"places": [{"kind": "online", "capacity": 3, "name": "A"}]}
    answer = await client.post("/halls", json=hall)
    assert answer.status_code == 200
    assert answer.json() == hall


async def test_every_answer_carries_the_safe_headers_and_an_id(client):
    for path in ("/kept", "/halls/no", "/failures/bug"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert UUID(headers["x-request-id"]).version == 7
        assert "server" not in headers


async def test_nothing_is_stored_by_caches_unless_the_route_says_so(client):
    assert (await client.get(f"/halls/{ID}")).headers["cache-control"] == "no-store"
    assert (await client.get("/kept")).headers["cache-control"] == "max-age=60"


async def test_the_callers_request_id_is_kept_when_it_is_a_uuid(client):
    kept = await client.get("/kept", headers={"x-request-id": ID})
    assert kept.headers["x-request-id"] == ID
    other = await client.get("/kept", headers={"x-request-id": "1\tor 1=1"})
    assert UUID(other.headers["x-request-id"]).version == 7


@pytest.mark.parametrize(
    "body", [b"{", b"nonsense", b'{"a":1,"a":2}', b'{"a":NaN}', b'"\xff"', b'"\\u0000"', b"[" * 21]
)
async def test_what_is_not_strict_json_is_malformed(client, body):
    problem(await post(client, body), 400, "malformed-json")


@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16"],
)
async def test_a_body_of_another_type_is_not_taken(client, content_type):
    problem(await post(client, b"{}", content_type), 415, "unsupported-media-type")


async def test_a_request_without_a_body_needs_no_type(client):
    assert (await post(client, b"", None, "/nothing")).json() == {"size": 0}


async def test_a_body_at_the_limit_passes_and_one_beyond_it_does_not(client):
    at_limit = b'"' + b"a" * (64 * 1024 - 2) + b'"'
    assert (await post(client, at_limit, path="/nothing")).json() == {"size": 65536}
    problem(await post(client, at_limit + b" ", path="/nothing"), 413, "too-large")


async def test_a_body_that_hides_its_length_is_counted_as_it_comes(client):
    async def chunks():
        for _ in range(70):
            yield b" " * 1024

    assert "content-length" not in client.build_request("POST", "/halls", content=chunks()).headers
    problem(await post(client, chunks(), path="/nothing"), 413, "too-large")


async def pieces_of(number):
    for _ in range(number):
        yield b"a" * 1000


async def test_a_film_comes_piece_by_piece(client):
    film = {"Content-Type": "video/mp4"}
    answer = await client.put("/films/one", content=pieces_of(100), headers=film)
    assert answer.json() == {"pieces": 100}
    answer = await client.put("/films/one", content=pieces_of(101), headers=film)
    problem(answer, 413, "too-large")
    told = {**film, "Content-Length": "100001"}
    answer = await client.put("/films/one", content=b"a" * 100_001, headers=told)
    problem(answer, 413, "too-large")


async def test_where_a_film_is_taken_nothing_else_is(client):
    answer = await client.put("/films/one", content=b"{}", headers={"Content-Type": "text/html"})
    problem(answer, 415, "unsupported-media-type")
    assert (await client.delete("/films/one", headers={"Content-Length": "0"})).json() == "one"


async def test_a_caller_who_hangs_up_half_way_changes_nothing():
    said = [
        {"type": "http.request", "body": b'{"a"', "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent = []

    async def receive():
        return said.pop(0)

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/nothing", "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"transfer-encoding", b"chunked")],
    }  # fmt: skip
    await Guard(build())(scope, receive, send)
    assert sent == []


async def test_addresses_and_headers_have_a_largest_size(client):
    problem(await client.get("/kept?q=" + "a" * 8192), 414, "address-too-long")
    problem(await client.get("/kept", headers={"x-long": "a" * 16384}), 431, "headers-too-large")


@pytest.mark.parametrize("accept", ["text/html", "image/*", "application/json;q=0", "*/*;q=0"])
async def test_who_accepts_nothing_we_give_is_told(client, accept):
    problem(await client.get("/kept", headers={"accept": accept}), 406, "not-acceptable")


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "application/*",
        "text/html, */*;q=0.1",
        "Application/JSON; q=0.5",
        "",
        "text/html;q=x,*/*",
    ],
)
async def test_who_accepts_json_among_others_is_served(client, accept):
    assert (await client.get("/kept", headers={"accept": accept})).status_code == 200


async def test_a_nul_in_the_address_reaches_no_route(client):
    problem(await client.get("/halls/%00"), 404, "not-found")
    problem(await client.get("/kept?q=%00"), 422, "validation")


async def test_a_wrong_body_is_answered_with_pointers_and_never_with_its_values(client):
    places = [{"kind": "secret-value", "capacity": 0, "colour/~": 1, "name": "a|b"}]
    told = problem(await client.post("/halls", json={"places": places}), 422, "validation")
    assert {(fault["pointer"], fault["code"]) for fault in told["errors"]} == {
        ("/places/0/kind", "literal_error"),
        ("/places/0/capacity", "greater_than_equal"),
        ("/places/0/colour~1~0", "extra_forbidden"),
        ("/places/0/name", "value_error"),
    }
    assert "A name has no bar." in str(told)
    assert "secret-value" not in str(told)
    assert "a|b" not in str(told)


async def test_a_missing_body_points_at_the_whole(client):
    told = problem(await client.post("/halls"), 422, "validation")
    assert told["errors"] == [{"pointer": "", "code": "missing", "detail": "Field required"}]


async def test_a_lone_surrogate_is_not_valid_text(client):
    body = b'{"places": [{"kind": "online", "capacity": 1, "name": "\\ud800"}]}'
    told = problem(await post(client, body), 422, "validation")
    assert told["errors"][0]["code"] == "lone_surrogate"


async def test_a_list_of_errors_ends_somewhere(client):
    told = problem(await client.post("/halls", json={"places": [{}] * 200}), 422, "validation")
    assert len(told["errors"]) == 50


async def test_a_wrong_query_is_named(client):
    told = problem(await client.get(f"/halls/{ID}?limit=1000"), 422, "validation")
    assert told["errors"][0]["pointer"] == "/query/limit"


async def test_a_malformed_id_and_an_unknown_path_look_the_same(client):
    malformed = problem(await client.get("/halls/1"), 404, "not-found")
    unknown = problem(await client.get("/towns"), 404, "not-found")
    del malformed["instance"], unknown["instance"]
    assert malformed == unknown


async def test_a_method_that_is_not_offered_names_those_that_are(client):
    answer = await client.delete(f"/halls/{ID}")
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET"


async def test_a_missing_idempotency_key_and_a_missing_etag_have_their_own_problem(client):
    problem(await client.post("/keys"), 400, "idempotency-key")
    problem(await client.put("/edits"), 428, "precondition-required")


@pytest.mark.parametrize("name", ["lock", "cancelled", "lost", "closed", "refused", "timeout"])
async def test_a_busy_or_lost_database_asks_to_come_back(client, name):
    answer = await client.get(f"/failures/{name}")
    problem(answer, 503, "busy")
    assert answer.headers["retry-after"] == "1"


@pytest.mark.parametrize("name", ["bug", "mistake"])
async def test_a_defect_tells_the_request_id_and_nothing_else(client, lines, name):
    told = problem(await client.get(f"/failures/{name}"), 500, "defect")
    assert f"urn:uuid:{lines[0]['request_id']}" == told["instance"]
    assert set(told) == {"type", "title", "status", "instance"}


async def test_a_defect_after_the_answer_began_breaks_the_connection(client):
    with pytest.raises(RuntimeError):
        await client.get("/half")


async def test_a_problem_of_a_route_arrives_with_its_words_and_headers(client):
    conflict = await client.get("/failures/conflict")
    assert problem(conflict, 409, "conflict")["detail"] == "It is cancelled."
    assert conflict.headers["retry-after"] == "1"
    assert (await client.get("/failures/many")).headers["retry-after"] == "7"
    told = problem(await client.get("/failures/errors"), 422, "validation")
    assert told["errors"] == [{"pointer": "/email", "code": "address", "detail": "Two addresses."}]


def test_signing_in_is_asked_for_in_the_words_of_the_standard():
    assert problems.Unauthenticated().headers["WWW-Authenticate"] == "Bearer"
    assert (
        'error="invalid_token"'
        in problems.Unauthenticated(reason="expired").headers["WWW-Authenticate"]
    )
    assert 'error="insufficient_scope"' in problems.Forbidden().headers["WWW-Authenticate"]


async def test_the_openapi_document_promises_a_problem_for_every_operation(client):
    document = (await client.get("/openapi.json")).json()
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path in document["paths"].values():
        for operation in path.values():
            assert "application/problem+json" in operation["responses"]["default"]["content"]
            assert "422" not in operation["responses"]


@given(
    body=st.binary(max_size=300),
    content_type=st.sampled_from(["application/json", "text/plain", ""]),
)
def test_no_bytes_at_all_make_a_defect(body, content_type):
    async def send():
        transport = httpx.ASGITransport(ONE_APP)
        async with httpx.AsyncClient(transport=transport, base_url="http://b.example.org") as one:
            return await post(one, body, content_type)

    assert asyncio.run(send()).status_code in {400, 415, 422}
