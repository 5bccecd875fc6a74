"""What each bad input gets over real HTTP: a problem that names it, and nothing is changed."""

import json
from uuid import uuid4

import pytest

import a
from digest import digest
from raw import chunked, request, send

POST = "/learning-events"
JSON = {"Content-Type": "application/json"}
CANARY = "Q7canary7Q"


def good(**wrong):
    return {**a.learning_event(), **wrong}


def as_json(value):
    return json.dumps(value).encode()


def session(**wrong):
    return as_json(good(sessions=[a.session(**wrong)]))


BODIES = [
    (b"nonsense " + CANARY.encode(), 400, "malformed-json", None),
    (b'{"title": "\xff"}', 400, "malformed-json", None),
    (b'{"title": "\\u0000"}', 400, "malformed-json", None),
    (b'{"title": "\x00"}', 400, "malformed-json", None),
    (b'{"title": "one", "title": "two"}', 400, "malformed-json", None),
    (b'{"title": NaN}', 400, "malformed-json", None),
    (b'{"title": -Infinity}', 400, "malformed-json", None),
    (b'{"capacity": 1e999}', 400, "malformed-json", None),
    (b'{"capacity": ' + b"9" * 5000 + b"}", 400, "malformed-json", None),
    (b"[" * 21 + b"]" * 21, 400, "malformed-json", None),
    (b"[" * 30_000, 400, "malformed-json", None),
    (b'{"a":' * 10_000, 400, "malformed-json", None),
    (b"", 422, "validation", ""),
    (b"[]", 422, "validation", ""),
    (b"null", 422, "validation", ""),
    (as_json(good(colour=CANARY)), 422, "validation", "/colour"),
    (as_json(good(title="\ud800")), 422, "validation", ""),
    (as_json(good(title=f"{CANARY}\x07")), 422, "validation", "/title"),
    (as_json(good(title=f"{CANARY}\r\nBcc: everybody")), 422, "validation", "/title"),
    (as_json(good(title=" ")), 422, "validation", "/title"),
    (as_json(good(purpose=f"{CANARY}\u2028")), 422, "validation", "/purpose"),
    (as_json(good(purpose="x" * 501)), 422, "validation", "/purpose"),
    (as_json(good(level=CANARY)), 422, "validation", "/level"),
    (as_json(good(event_type=f"{CANARY} &")), 422, "validation", "/event_type"),
    (as_json(good(sessions=[])), 422, "validation", "/sessions"),
    (session(starts_at="2016-12-31T13:00"), 422, "validation", "/sessions/0/starts_at"),
    (session(ends_at="2099-01-01T13:00"), 422, "validation", "/sessions/0/ends_at"),
    (session(starts_at="0000-00-00T00:00"), 422, "validation", "/sessions/0/starts_at"),
    (session(starts_at=1_800_000_000), 422, "validation", "/sessions/0/starts_at"),
    (session(starts_at=CANARY), 422, "validation", "/sessions/0/starts_at"),
    (session(capacity=0), 422, "validation", "/sessions/0/capacity"),
    (session(capacity="20"), 422, "validation", "/sessions/0/capacity"),
    (session(capacity=True), 422, "validation", "/sessions/0/capacity"),
    (session(capacity=2**62), 422, "validation", "/sessions/0/capacity"),
    (as_json(good(title="x" * 70_000)), 413, "too-large", None),
]

HEADS = [
    ("DELETE", POST, {}, 405, "method-not-allowed"),
    ("GET", "/learning-events/nonsense", {}, 404, "not-found"),
    ("GET", f"/learning-events/{uuid4()}", {}, 404, "not-found"),
    ("GET", "/b/" + "1" * 44, {}, 404, "not-found"),
    ("GET", "/b/%00", {}, 404, "not-found"),
    ("GET", "/nowhere", {}, 404, "not-found"),
    ("GET", "/learning-events?limit=1000", {}, 422, "validation"),
    ("GET", "/learning-events?after=nonsense", {}, 422, "validation"),
    ("GET", "/learning-events?after=%00", {}, 422, "validation"),
    ("GET", "/learning-events?limit=1&q=" + "a" * 8192, {}, 414, "address-too-long"),
    ("GET", "/learning-events", {"X-Long": "a" * 16_384}, 431, "headers-too-large"),
    ("GET", "/learning-events", {"Accept": "image/png"}, 406, "not-acceptable"),
    ("GET", "/learning-events", {"Authorization": "Bearer nonsense"}, 401, "unauthenticated"),
]


@pytest.fixture
def bookings(processes):
    return processes["bookings"]


@pytest.fixture
def coordinator(token):
    return {**token("coordinator"), **JSON}


@pytest.fixture(autouse=True)
async def unchanged(bookings_database):
    """Whatever a test here asks for, it is refused."""
    before = await digest(bookings_database)
    yield
    assert await digest(bookings_database) == before


@pytest.mark.parametrize(("body", "expected", "pointer"), [(b, (s, t), p) for b, s, t, p in BODIES])
async def test_a_body_that_will_not_do(bookings, coordinator, body, expected, pointer):
    answer = await send(bookings.port, request("POST", POST, {**coordinator, **a.key()}, body))
    told = problem(answer, *expected)
    if pointer is not None:
        assert pointer in {fault["pointer"] for fault in told["errors"]}


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", ""],
)
async def test_a_body_of_another_kind(bookings, coordinator, content_type):
    headers = {**coordinator, **a.key(), "Content-Type": content_type}
    answer = await send(bookings.port, request("POST", POST, headers, as_json(good())))
    problem(answer, 415, "unsupported-media-type")


async def test_a_body_that_does_not_say_how_long_it_is(bookings, coordinator):
    headers = {**coordinator, **a.key(), "Transfer-Encoding": "chunked"}
    body = chunked(as_json(good(title="x" * 70_000)))
    answer = await send(bookings.port, request("POST", POST, headers, body))
    problem(answer, 413, "too-large")


@pytest.mark.parametrize("key", [None, "", "k" * 256, "one two", "k\xe9"])
async def test_a_creating_request_without_a_usable_key(bookings, coordinator, key):
    headers = coordinator if key is None else {**coordinator, "Idempotency-Key": key}
    answer = await send(bookings.port, request("POST", POST, headers, as_json(good())))
    problem(answer, 400, "idempotency-key")


@pytest.mark.parametrize(("head", "status", "slug"), [(head, s, t) for *head, s, t in HEADS])
async def test_a_head_that_will_not_do(bookings, head, status, slug):
    answer = await send(bookings.port, request(*head))
    problem(answer, status, slug)
    if status == 405:
        assert answer.headers["allow"] == "GET, POST"
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer error=")


async def test_unknown_and_malformed_things_look_alike(bookings):
    paths = [f"/learning-events/{uuid4()}", "/learning-events/nonsense", "/b/nonsense", "/nowhere"]
    told = [(await send(bookings.port, request("GET", path, {}))).problem() for path in paths]
    for one in told:
        del one["instance"]
    assert told == [told[0]] * len(told)


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # somebody tries TLS
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /learning-events HTTP/1.1\r\nHost: b\r\nContent-Length: x\r\n\r\n",
        b"POST /learning-events HTTP/1.1\r\nHost: b\r\nContent-Length: -1\r\n\r\n",
        b"POST /b HTTP/1.1\r\nHost: b\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        b"POST /learning-events HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /learning-events HTTP/1.1\r\nHost: b\r\nBad Header\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_turned_away(bookings, data):
    answer = await send(bookings.port, data, within=15)
    assert answer.status in {None, 400}
    assert "server" not in answer.headers
    assert b"Traceback" not in answer.body


def problem(answer, status, slug):
    """The problem, which says what it is and repeats nothing of what was sent."""
    assert answer.status == status, answer
    told = answer.problem()
    assert (told["type"], told["status"]) == (f"/problems/{slug}", status)
    assert told["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
    assert "server" not in answer.headers
    assert CANARY.encode() not in answer.body
    assert b"Traceback" not in answer.body
    return told
