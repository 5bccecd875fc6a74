"""Nothing is open by forgetting, and each role passes only where the table says so."""

import json
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from pdu_shared import answers
from pdu_shared.access import NOBODY, PUBLIC, AccessGap, Caller, Role, Who, allow, enforce
from pdu_shared.guard import Guard
from pdu_shared.limits import Limit
from pdu_shared.tokens import Keys, mint, new_issuer_key, public_jwks

router = APIRouter()
KEY = new_issuer_key()
ACCESS = {
    "GET /halls": PUBLIC,
    "POST /halls": allow(Role.COORDINATOR, Role.OPERATOR),
    "DELETE /halls/{hall_id}": allow(Role.INTEGRATION, scope="halls:write"),
}


@router.get("/halls")
async def _halls(caller: Who) -> list[str]:
    return sorted(caller.roles)


@router.post("/halls")
async def _build(hall: dict[str, int], caller: Who) -> str:
    assert hall
    return str(caller.sub)


@router.delete("/halls/{hall_id}")
async def _tear_down(hall_id: int, caller: Who) -> str:
    return f"{caller.client_id} {hall_id}"


@pytest.fixture
def app(tmp_path):
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(public_jwks(KEY)))
    app = FastAPI()
    app.add_middleware(Guard)
    answers.install(app)
    enforce(app, [router], ACCESS, Keys(path, audience="pdu-bookings").verify)
    return app


@pytest.fixture
async def client(app):
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://bookings.example.org"
    ) as one:
        yield one


def signed_in(*roles, client_id="portal", sub=None, scope=()):
    caller = Caller(sub, client_id, frozenset(roles), None, frozenset(scope))
    return {"authorization": "Bearer " + mint(KEY, caller, audiences=["pdu-bookings"])}


async def test_everybody_passes_where_the_table_says_public(client):
    assert (await client.get("/halls")).json() == ["visitor"]
    as_member = await client.get("/halls", headers=signed_in(Role.MEMBER, sub=uuid4()))
    assert as_member.json() == ["member"]


async def test_a_visitor_is_asked_to_sign_in(client):
    answer = await client.post("/halls", json={"a": 1})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_another_role_is_told_that_it_may_not(client):
    answer = await client.post("/halls", json={"a": 1}, headers=signed_in(Role.MEMBER, sub=uuid4()))
    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/insufficient-scope"


async def test_one_of_the_roles_is_enough_and_the_route_learns_who_calls(client):
    person = uuid4()
    answer = await client.post(
        "/halls", json={"a": 1}, headers=signed_in(Role.OPERATOR, sub=person)
    )
    assert answer.json() == str(person)


async def test_a_role_without_the_scope_may_not(client):
    without = await client.delete(
        "/halls/1", headers=signed_in(Role.INTEGRATION, client_id="kiosk")
    )
    assert without.status_code == 403
    scoped = signed_in(Role.INTEGRATION, client_id="kiosk", scope=["halls:write"])
    assert (await client.delete("/halls/1", headers=scoped)).json() == "kiosk 1"


async def test_who_may_not_learns_nothing_about_what_is_valid(client):
    assert (await client.post("/halls", json={"a": "wrong"})).status_code == 401
    assert (await client.delete("/halls/x")).status_code == 401


@pytest.mark.parametrize("value", ["Bearer", "Bearer ", "Basic dTpw", "Bearer nonsense", "\u00e9"])
async def test_a_bad_token_is_refused_even_where_everybody_passes(client, value):
    answer = await client.get("/halls", headers={"authorization": value.encode()})
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_two_tokens_are_one_too_many(client):
    value = signed_in(Role.MEMBER, sub=uuid4())["authorization"]
    answer = await client.get("/halls", headers=[("authorization", value)] * 2)
    assert answer.status_code == 401


async def test_a_method_that_is_not_offered_is_told_all_that_are(client):
    answer = await client.put("/halls")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"


def test_a_route_without_an_entry_keeps_the_service_from_starting():
    table = {name: entry for name, entry in ACCESS.items() if name != "GET /halls"}
    with pytest.raises(AccessGap, match=r"without permission: \['GET /halls'\]"):
        enforce(FastAPI(), [router], table, lambda _token, _now: NOBODY)


def test_an_entry_without_a_route_keeps_the_service_from_starting():
    table = {**ACCESS, "GET /towns": PUBLIC}
    with pytest.raises(AccessGap, match=r"without route: \['GET /towns'\]"):
        enforce(FastAPI(), [router], table, lambda _token, _now: NOBODY)


def test_a_route_of_another_kind_keeps_the_service_from_starting():
    other = APIRouter()
    other.add_api_route("/halls", _halls, methods=["GET", "POST"])
    with pytest.raises(AccessGap, match="Not a route with one method"):
        enforce(FastAPI(), [other], {}, lambda _token, _now: NOBODY)


def test_two_apps_with_the_same_routes_keep_their_own_tables(app):
    open_to_all = dict.fromkeys(ACCESS, PUBLIC)
    enforce(FastAPI(), [router], open_to_all, lambda _token, _now: NOBODY)
    assert app.openapi()["paths"]["/halls"]["post"]["x-permission"]["roles"] == [
        "coordinator",
        "operator",
    ]


def test_the_openapi_document_tells_who_may_call(app):
    document = app.openapi()
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    delete = document["paths"]["/halls/{hall_id}"]["delete"]
    assert delete["x-permission"] == {"roles": ["integration"], "scope": "halls:write"}
    assert delete["security"] == [{"bearer": []}]
    assert document["paths"]["/halls"]["get"]["security"] == [{}, {"bearer": []}]


async def test_a_key_that_is_not_known_yet_is_asked_for_before_anybody_is_refused(tmp_path):
    path, asked = tmp_path / "jwks.json", []
    path.write_text(json.dumps(public_jwks(new_issuer_key())))
    keys = {"known": Keys(path, audience="pdu-bookings")}

    async def learn(_now):
        asked.append(1)
        path.write_text(json.dumps(public_jwks(KEY)))
        keys["known"] = Keys(path, audience="pdu-bookings")
        return True

    app = FastAPI()
    app.add_middleware(Guard)
    answers.install(app)

    def verify(token, now):
        return keys["known"].verify(token, now)

    enforce(app, [router], ACCESS, verify, learn=learn)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as http:
        header = signed_in(Role.OPERATOR, sub=uuid4())
        answer = await http.post("/halls", json={"a": 1}, headers=header)
        assert answer.status_code == 200
        assert (await http.get("/halls", headers=signed_in(Role.MEMBER))).status_code == 200
    assert asked == [1]


def test_a_limit_without_a_route_keeps_the_service_from_starting():
    limit = {"GET /towns": Limit("towns", 1, timedelta(hours=1))}
    with pytest.raises(AccessGap, match=r"Limits without route: \['GET /towns'\]"):
        enforce(FastAPI(), [router], ACCESS, lambda _token, _now: NOBODY, limits=limit)
