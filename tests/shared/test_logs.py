"""A log line tells what happened to which ids, and nothing about a person."""

import io
import json
import logging

import asyncpg
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from pdu_shared import logs
from pdu_shared.telemetry import CORRELATION_ID


@pytest.fixture
def stream():
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("bookings", production=True, stream=stream)
    yield stream
    structlog.configure(**before)
    root.handlers[:], root.level = handlers, level


def fail():
    raise LookupError("Person Fifty-One was not found")


def line(stream):
    return json.loads(stream.getvalue().splitlines()[-1])


def test_a_line_is_json_with_its_service_and_time(stream):
    structlog.get_logger().info("booked", booking_id="1", place=3)
    told = line(stream)
    assert told.pop("at").endswith("Z")
    assert told == {
        "event": "booked", "level": "info", "service": "bookings", "booking_id": "1", "place": 3,
    }  # fmt: skip


def test_a_line_belongs_to_the_request_or_message_it_is_about(stream):
    token = CORRELATION_ID.set("0196")
    structlog.get_logger().info("booked")
    CORRELATION_ID.reset(token)
    assert line(stream)["correlation_id"] == "0196"


@pytest.mark.parametrize(
    "key",
    ["password", "access_token", "client_secret", "authorization", "cookies", "email", "phone",
     "name", "full_name", "address", "body", "Email"],
)  # fmt: skip
def test_keys_about_people_and_secrets_are_dropped(stream, key):
    structlog.get_logger().info("booked", **{key: "x", "inner": [{key: "x"}]})
    assert key not in line(stream)
    assert line(stream)["inner"] == [{}]


@pytest.mark.parametrize("key", ["booking_id", "renamed", "filename", "tokenised", "somebody"])
def test_keys_that_only_look_alike_stay(stream, key):
    structlog.get_logger().info("booked", **{key: "x"})
    assert line(stream)[key] == "x"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("wrote to person0051@example.org.", "wrote to [email]"),
        ("for 'o'brien/a@example.org'", "for 'o'brien/[email]"),
        ("<a.b+c@mail.example.org>", "<[email]>"),
        ("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "[token]"),
        ("amqp://bookings:hidden@127.0.0.1:5672/pdu", "amqp://[credentials]@127.0.0.1:5672/pdu"),
        ("GET /b/abcDEF-1_2 200", "GET /b/[token] 200"),
        ("POST /s/abcDEF-1_2/responses", "POST /s/[token]/responses"),
        ("/bookings/0196f0a0", "/bookings/0196f0a0"),
    ],
)
def test_addresses_and_secrets_in_values_are_masked(stream, text, told):
    structlog.get_logger().info("sent", what=text, deep={"list": [text]}, thing=ValueError(text))
    assert line(stream)["what"] == line(stream)["thing"] == told
    assert line(stream)["deep"] == {"list": [told]}


@given(st.emails(domains=st.just("example.org")))
def test_no_address_passes(address):
    assert address not in str(logs.without_people(None, "info", {"what": f"to {address}, soon"}))


def test_an_error_shows_where_it_arose_but_not_its_words(stream):
    try:
        fail()
    except LookupError:
        structlog.get_logger().exception("defect")
    told = line(stream)
    assert told["error"] == "LookupError"
    assert "test_logs.py" in told["trace"][-1]
    assert "Person" not in stream.getvalue()


def test_an_error_of_the_database_shows_its_state_and_not_its_row(stream):
    error = asyncpg.UniqueViolationError("Key (full_name)=(Person Fifty-One) already exists.")
    structlog.get_logger().error("defect", exc_info=error)
    assert line(stream)["sqlstate"] == "23505"
    assert "Person" not in stream.getvalue()


def test_libraries_speak_through_the_same_rules(stream):
    logging.getLogger("aiormq.channel").warning("lost %s", "amqp://bookings:hidden@127.0.0.1")
    told = line(stream)
    assert told["event"] == "lost amqp://[credentials]@127.0.0.1"
    assert told["logger"] == "aiormq.channel"
    assert told["service"] == "bookings"
    try:
        fail()
    except LookupError:
        logging.getLogger("asyncio").exception("Task exception was never retrieved")
    assert line(stream)["error"] == "LookupError"
    assert "Person" not in stream.getvalue()


def test_requests_are_not_logged_because_paths_hold_link_tokens(stream):
    logging.getLogger("uvicorn.access").warning("GET /b/abc")
    assert stream.getvalue() == ""


def test_quiet_lines_of_libraries_stay_quiet(stream):
    logging.getLogger("aiormq.channel").info("connecting")
    structlog.get_logger().debug("details")
    assert stream.getvalue() == ""


def test_a_developer_reads_columns(stream):
    logs.configure("bookings", production=False, stream=stream)
    structlog.get_logger().info("booked", booking_id="1")
    assert "booked" in stream.getvalue()
    assert "booking_id=1" in stream.getvalue()
