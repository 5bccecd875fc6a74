"""Who may call what: every route with every kind of token, good and forged."""

import pytest

import a
from digest import digest
from documented import ENDLESS
from forged import FORGED
from house import service
from pdu_shared import probes
from pdu_shared.access import NOBODY, Caller, Role

SERVICES = ("bookings", "notifications", "reporting", "resources")
NOT_IN = {401, 403}


@pytest.fixture(scope="module")
async def standing(bookings_http, token):
    """A draft, and a place at a published event: things that a refused request could change."""
    coordinator = token("coordinator")
    draft = await bookings_http.post(
        "/learning-events", json=a.learning_event(), headers={**coordinator, **a.key()}
    )
    published = await a.published_event(bookings_http, coordinator)
    booked = await a.ask_for_place(bookings_http, published)
    return {
        "learning_event_id": draft.json()["learning_event_id"],
        "session_id": published["sessions"][0]["session_id"],
        "booking_id": booked.json()["booking_id"],
        "letter_id": "018f0000-0000-7000-8000-000000000000",
        "token": "1" * 44,
        "name": "attendances",
    }


@pytest.mark.parametrize("name", SERVICES)
async def test_a_forged_or_missing_token_opens_nothing_and_changes_nothing(
    clients, databases, house, standing, name
):
    http, database = clients[name], databases[name]
    before = await digest(database)
    for route, permission in _table(name).items():
        for kind, forge in FORGED.items():
            header = {"Authorization": forge(house.secrets.issuer, f"pdu-{name}")}
            answer = await _ask(http, route, standing, header)
            assert answer.status_code == 401, (route, kind, answer.text)
            assert 'error="invalid_token"' in answer.headers["www-authenticate"], (route, kind)
        if not permission.public:
            answer = await _ask(http, route, standing, {})
            assert answer.status_code == 401, route
            assert answer.headers["www-authenticate"] == "Bearer"
    assert await digest(database) == before


@pytest.mark.parametrize("name", SERVICES)
async def test_a_role_that_is_not_in_the_table_is_refused_and_changes_nothing(
    clients, databases, token, standing, name
):
    http, database = clients[name], databases[name]
    before = await digest(database)
    for route, permission in _table(name).items():
        for role in Role:
            if permission.admits(Caller(roles=frozenset({role}))):
                continue
            answer = await _ask(http, route, standing, token(role))
            assert (answer.status_code, answer.json()["type"]) == (
                403,
                "/problems/insufficient-scope",
            ), (route, role)
            assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    assert await digest(database) == before


@pytest.mark.parametrize("name", SERVICES)
async def test_a_role_that_is_in_the_table_comes_in(clients, token, standing, name):
    http = clients[name]
    for route, permission in _table(name).items():
        if route == f"GET {ENDLESS}":
            continue  # whom it lets in it never lets go
        if permission.admits(NOBODY):
            assert (await _ask(http, route, standing, {})).status_code not in NOT_IN, route
        for role in Role:
            if permission.admits(Caller(roles=frozenset({role}))):
                answer = await _ask(http, route, standing, token(role))
                assert answer.status_code not in NOT_IN, (route, role)


def _table(name):
    return {**probes.ACCESS, **service(name).access}


async def _ask(http, route, standing, header):
    """A request that would be granted, were it not for who asks."""
    method, _, path = route.partition(" ")
    headers = {**header, **a.key()} if method == "POST" else header
    return await http.request(method, path.format_map(standing), json=_body(route), headers=headers)


def _body(route):
    match route:
        case "POST /learning-events":
            return a.learning_event()
        case "POST /learning-events/{learning_event_id}/bookings" | "POST /members":
            return a.person()
        case "PUT /sessions/{session_id}/attendance":
            return {"entries": [], "walk_ins": []}
    return None
