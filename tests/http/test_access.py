"""Who may call what: every route with every kind of token, good and forged."""

from collections import defaultdict
from datetime import timedelta

import pytest

import a
import communities
from digest import digest
from documented import ENDLESS
from forged import FORGED
from house import service
from pdu_shared import probes, reads, replaying, retention, set_aside
from pdu_shared.access import NOBODY, Caller, Role

SERVICES = ("bookings", "notifications", "reporting", "resources")
NOT_IN = {401, 403}
NOTHING = "018f0000-0000-7000-8000-000000000000"
FAR_AHEAD = (a.local_now() + timedelta(days=1000)).isoformat(timespec="minutes")
AS_AT_THE_TIME = ("sector", "work_field", "role_level", "area")
SAID = {
    "PUT /set-aside/{parked_id}/resolution": {"resolution": "discarded"},
    "POST /replays": {"to": "nobody"},
    "PUT /sessions/{session_id}/attendance": {"entries": [], "walk_ins": []},
    "PATCH /sessions/{session_id}": {"recording": True},
    "PUT /series/{key}": {"title": "Hoarding in depth"},
    "POST /templates": {"name": "Hoarding for new staff", "learning_event_id": NOTHING},
    "POST /learning-events/{learning_event_id}/postponement": {"reason_code": "test"},
    "PUT /communities/{key}/state": {"state": "forming", "reason_code": "test"},
    "PUT /communities/{key}/rota": {"convenors": []},
    "POST /learning-events/{learning_event_id}/follow-up-actions": {
        "what": "A network of hoarding leads.",
        "owner_role": "coordinator",
        "due_on": FAR_AHEAD[:10],
    },
    "PUT /follow-up-actions/{action_id}/state": {"state": "done"},
    "POST /communities/{key}/invitations": {"name": "Much", "email": "much@example.org"},
    "POST /m/{token}/acceptance": dict.fromkeys(AS_AT_THE_TIME, "unknown"),
    "PUT /m/{token}/state": {"state": "left"},
    "PUT /m/{token}/sharing": {"shares_name": True},
    "PUT /memberships/{membership_id}/state": {"state": "left"},
    "POST /agreements": {"wording": "We listen.", "applies_from": FAR_AHEAD},
    "PUT /learning-events/{learning_event_id}/agreement": {"required": False},
    "PUT /learning-events/{learning_event_id}/booking-questions": {"questions": []},
    "PUT /b/{token}/needs": {},
    "PUT /sessions/{session_id}/head-count": {"people": 0},
    "POST /b/{token}/check-in": {"code": "K7QX3M"},
    "PUT /learning-events/{learning_event_id}/completion": {"share_percent": 50},
    "POST /b/{token}/certificate": {},
    "POST /b/{token}/apologies": {"session_id": NOTHING},
    "PATCH /b/{token}": {},
    "POST /learning-events/{learning_event_id}/nominations": {
        "name": "Alan a Dale",
        "email": "alan@example.org",
    },
    "POST /n/{token}/acceptance": a.person(),
    "POST /learning-events/{learning_event_id}/bookings/on-behalf": {
        **a.person(),
        "channel": "telephone",
    },
    "POST /learning-events/{learning_event_id}/team-bookings": {"people": [a.person()]},
    "POST /series/{key}/bookings": a.person(),
    "POST /activity": {"item_key": "res-001", "action": "viewed"},
    "POST /questions": {"code": "test.access", "type": "text", "wording": "What was missing?"},
    "POST /surveys": {"survey_key": "test-access", "title": "Who", "questions": ["core.improve"]},
    "POST /surveys/{survey_key}/responses": {"consent": {"evaluation": True}, "answers": []},
    "POST /surveys/{survey_key}/invitations": {"learning_event_id": NOTHING},
    "POST /s/{token}/responses": {"consent": {"evaluation": True}, "answers": []},
    "PUT /s/{token}/draft": {"consent": {"evaluation": True}, "answers": []},
    "POST /surveys/{survey_key}/open-links": {"channel": "room_screen"},
    "POST /o/{token}/responses": {"consent": {"evaluation": True}, "answers": []},
    "PUT /learning-events/{learning_event_id}/outcomes": {"outcomes": []},
    "POST /items": {"item_key": "test-access", "type": "link", "title": "Who"},
    "PATCH /items/{item_key}": {},
    "PUT /items/{item_key}/review": {},
    "PUT /items/{item_key}/archive": {"reason_code": "test"},
    "PUT /collections/{collection_key}": {"kind": "other", "title": "Who"},
    "POST /collections/{collection_key}/shares": {"audience": "managers"},
    "POST /workstreams": {"code": "test-access", "label": "Who", "valid_from": "2099-04-01"},
    "PUT /workstreams/{code}/retirement": {"last_day": "2099-04-01"},
    "PUT /synonyms/{meaning}": {"terms": ["who", "whoever"]},
    "PUT /modules/{module_key}/progress": {"page": 1},
    "POST /reflections": {"text": "What, so what, now what."},
    "PUT /reflections/{reflection_id}": {"text": "What, so what, now what."},
    "POST /badge-verifications": {"jwt": "a.b.c"},
    "POST /pathways": {
        "pathway_key": "test-access",
        "title": "A way",
        "summary": "In steps.",
        "steps": [{"kind": "item", "ref": "x", "title": "X"}],
    },
    "PUT /modules/{module_key}/certificate": {},
    "PUT /modules/{module_key}/answers/{question_code}": {"options": ["a"]},
    "POST /members": {
        **{name: value for name, value in a.person().items() if name != "email"},
        "code_id": NOTHING,
        "code": "000000",
    },
    "POST /returns": {
        "type": "letter.bounced",
        "timestamp": FAR_AHEAD,
        "data": {"reference": NOTHING},
    },
    "POST /webhooks": {
        "url": "https://tool.example.org/pdu",
        "messages": ["bookings.EventPublished"],
    },
    "PUT /webhooks/{webhook_id}/state": {"state": "on"},
    "POST /letters/release": {"kind": "no_such_kind"},
    "POST /members/codes": {"email": "alan@example.org"},
    "POST /coordinator/members/search": {"name_or_address": "alan"},
    "POST /submissions": {"type": "link", "title": "Who", "summary": "Who may?"},
    "PUT /submissions/{item_key}/decision": {"state": "draft"},
    "POST /organisations": {"name": "Sherwood Housing of nobody"},
    "PATCH /organisations/{organisation_id}": {"sector": "voluntary"},
    "POST /organisations/{organisation_id}/names": {"name": "Sherwood"},
    "PUT /organisations/{organisation_id}/merge": {"kept_id": NOTHING},
    "PUT /clients/{client_id}": {"name": "Kiosk"},
    "PUT /persons/{person_id}/roles/{role}": {},
    "POST /sign-in": {
        "email": "alan@example.org",
        "client_id": "nobody-at-all",
        "redirect_uri": "https://kiosk.example.org/",
        "code_challenge": "x" * 43,
    },
    "POST /sign-in/step": {"handle": "x" * 43, "code": "000000"},
    "PATCH /members/me": {"sector": "voluntary"},
    "POST /members/me/address-codes": {"email": "alan@example.org"},
    "PUT /members/me/address": {"code_id": NOTHING, "code": "000000"},
    "POST /bulletins": {"issue_key": "test-access", "title": "Who"},
    "PUT /bulletins/{issue_key}": {"title": "Who"},
    "PUT /bulletins/{issue_key}/state": {"state": "draft"},
    "POST /persons/merges": {"kept_id": NOTHING, "merged_id": NOTHING, "basis": "test"},
}


@pytest.fixture(scope="module")
async def standing(bookings_http, token):
    """A draft, and a place at a published event: things that a refused request could change."""
    coordinator = token("coordinator")
    draft = await bookings_http.post(
        "/learning-events", json=a.learning_event(), headers={**coordinator, **a.key()}
    )
    published = await a.published_event(bookings_http, coordinator)
    booked = await a.ask_for_place(bookings_http, published)
    there = {
        "learning_event_id": draft.json()["learning_event_id"],
        "session_id": published["sessions"][0]["session_id"],
        "booking_id": booked.json()["booking_id"],
        "template_id": NOTHING,
        "feed": "1" * 44,
        "venue_id": NOTHING,
        "attendance_id": NOTHING,
        "code": "a" * 24,
        "membership_id": NOTHING,
        "expert_id": NOTHING,
        "engagement_id": NOTHING,
        "notice_id": NOTHING,
        "meeting_id": NOTHING,
        "one_id": NOTHING,
        "other_id": NOTHING,
        "kind": "distress",
        "action_id": NOTHING,
        "survey_key": "post_event",
        "key": await communities.formed(bookings_http, token),
        "merged_id": NOTHING,
        **dict.fromkeys(("service_id", "of_id", "seat_id", "meeting_id", "group_id"), NOTHING),
        **dict.fromkeys(("objective_id", "plan_id", "commitment_id"), NOTHING),
        "item_key": "no-such-item",
        "collection_key": "no-such-collection",
        "issue_key": "no-such-issue",
        "meaning": "no_such_meaning",
        "ticket": "1" * 48,
        "topic_id": NOTHING,
        "offer_id": NOTHING,
        "assignment_id": NOTHING,
        "concern_id": NOTHING,
        "letter_id": "018f0000-0000-7000-8000-000000000000",
        "token": "1" * 44,
        "version": 9999,
        "name": "attendances",
        "module_key": "no-such-module",
        "question_code": "door",
        "reflection_id": NOTHING,
        "pathway_key": "start-here",
        "kid": "nobody",
        "page": 1,
        "batch_id": "018f0000-0000-7000-8000-000000000001",
        "client_id": "kiosk-of-nobody",
        "role": "manager",
    }
    return defaultdict(lambda: NOTHING, there)


@pytest.fixture(scope="module")
def everybody(token):
    """The header of somebody in each role."""
    return {role: token(role) for role in Role}


@pytest.mark.parametrize("name", SERVICES)
async def test_a_forged_or_missing_token_opens_nothing_and_changes_nothing(
    clients, databases, house, standing, name
):
    http, database = clients[name], databases[name]
    before = await digest(database)
    forged = {kind: forge(house.secrets.issuer, f"pdu-{name}") for kind, forge in FORGED.items()}
    for route, permission in _table(name).items():
        for kind, header in forged.items():
            answer = await _ask(http, route, standing, {"Authorization": header})
            assert answer.status_code == 401, (route, kind, answer.text)
            assert 'error="invalid_token"' in answer.headers["www-authenticate"], (route, kind)
        if not permission.public:
            answer = await _ask(http, route, standing, {})
            assert answer.status_code == 401, route
            assert answer.headers["www-authenticate"] == "Bearer"
    assert await digest(database) == before


@pytest.mark.parametrize("name", SERVICES)
async def test_a_role_that_is_not_in_the_table_is_refused_and_changes_nothing(
    clients, databases, everybody, standing, name
):
    http, database = clients[name], databases[name]
    before = await digest(database)
    for route, permission in _table(name).items():
        for role, header in everybody.items():
            if permission.admits(Caller(roles=frozenset({role}))):
                continue
            answer = await _ask(http, route, standing, header)
            assert (answer.status_code, answer.json()["type"]) == (
                403,
                "/problems/insufficient-scope",
            ), (route, role)
            assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    assert await digest(database) == before


@pytest.mark.parametrize("name", SERVICES)
async def test_a_role_that_is_in_the_table_comes_in(clients, everybody, standing, name):
    http = clients[name]
    for route, permission in _table(name).items():
        if route == f"GET {ENDLESS}":
            continue  # whom it lets in it never lets go
        if permission.admits(NOBODY):
            assert (await _ask(http, route, standing, {})).status_code not in NOT_IN, route
        for role, header in everybody.items():
            if permission.admits(Caller(roles=frozenset({role}))):
                answer = await _ask(http, route, standing, header)
                assert answer.status_code not in NOT_IN, (route, role)


def _table(name):
    every = (probes, reads, replaying, retention, set_aside)
    return {**{k: v for one in every for k, v in one.ACCESS.items()}, **service(name).access}


async def _ask(http, route, standing, header):
    """A request that would be granted, were it not for who asks."""
    method, _, path = route.partition(" ")
    headers = {**header, **a.key()} if method == "POST" else header
    return await http.request(method, path.format_map(standing), json=_body(route), headers=headers)


def _body(route):
    match route:
        case "POST /learning-events":
            return a.learning_event()
        case "POST /learning-events/{learning_event_id}/bookings":
            return a.person()
        case "POST /communities/{key}/members":
            return a.person()
        case "POST /communities/{key}/sessions":
            return a.session()
        case "POST /communities":
            return communities.proposal()
    return SAID.get(route)
