"""A stranger writes a small front end with nothing but the OpenAPI document."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from front_end import FrontEnd
from pdu_bookings.place.link import token_for


@pytest.fixture
async def as_(bookings_http, token):
    """`as_("coordinator")`: the front end in the hands of somebody; `as_()` of a visitor."""
    document = (await bookings_http.get("/openapi.json")).json()
    return lambda *roles: FrontEnd(bookings_http, document, token(*roles) if roles else {})


@pytest.fixture
def letter(house):
    """The token in the link of the letter that answers a booking."""
    key = house.secrets.link_key.encode()
    return lambda booking: token_for(key, UUID(booking["booking_id"]))


def in_days(days, **session):
    starts = datetime.now(ZoneInfo("Europe/London")).replace(tzinfo=None, microsecond=0)
    starts = starts.replace(hour=10, minute=0, second=0) + timedelta(days=days)
    ends = starts + timedelta(hours=3)
    return {
        "starts_at": starts.isoformat(),
        "ends_at": ends.isoformat(),
        "mode": "in_person",
        "place": "Sneinton Hermitage",
        **session,
    }


async def published(coordinator, **session):
    drafted = await coordinator("POST /learning-events", {"sessions": [in_days(30, **session)]})
    return await coordinator("POST /learning-events/{learning_event_id}/publish", **id_of(drafted))


def id_of(event):
    return {"learning_event_id": event["learning_event_id"]}


BOOK = "POST /learning-events/{learning_event_id}/bookings"


async def test_a_visitor_finds_an_event_books_it_and_gives_the_place_back(as_, letter):
    event = await published(as_("coordinator"), capacity=20)
    visitor = as_()
    found = await visitor("GET /learning-events", limit="100")
    assert event["learning_event_id"] in {one["learning_event_id"] for one in found["items"]}
    await visitor("GET /learning-events/{learning_event_id}", **id_of(event))
    await visitor("GET /learning-events/{learning_event_id}/booking-form", **id_of(event))
    booking = await visitor(BOOK, **id_of(event))
    assert booking["state"] == "confirmed"
    link = {"token": letter(booking)}
    assert (await visitor("GET /b/{token}", **link))["state"] == "confirmed"
    await visitor("PUT /b/{token}/needs", **link)
    after = await visitor("POST /b/{token}/cancellation", **link)
    assert after["state"] == "cancelled_by_person"


async def test_a_freed_place_is_offered_and_taken(as_, letter):
    event = await published(as_("coordinator"), capacity=1)
    visitor = as_()
    first, second = [
        await visitor(BOOK, {"email": f"{name}@example.org"}, **id_of(event))
        for name in ("much", "marian")
    ]
    assert (first["state"], second["state"]) == ("confirmed", "waitlisted")
    await visitor("POST /b/{token}/cancellation", token=letter(first))
    seen = await visitor("GET /b/{token}", token=letter(second))
    assert seen["state"] == "offered"
    taken = await visitor("POST /b/{token}/offer", {"accept": True}, token=letter(second))
    assert taken["state"] == "confirmed"


async def test_a_member_suggests_backs_and_gathers(as_):
    member = as_("member")
    community = await member("POST /communities")
    assert community["state"] == "proposed"
    for _ in range(3):
        await as_("member")("POST /communities/{key}/seconding", key=community["key"])
    listed = await as_()("GET /communities", limit="100")
    assert community["key"] in {one["key"] for one in listed["items"]}
    topic = await as_()("POST /topics")
    published = {"topic_id": topic["topic_id"]}
    await as_("coordinator")("PUT /topics/{topic_id}/wording", **published)
    await member("PUT /topics/{topic_id}/backing", **published)


async def test_a_coordinator_keeps_the_register_and_takes_the_lists_home(as_):
    coordinator = as_("coordinator")
    event = await published(coordinator, capacity=5)
    session = {"session_id": event["sessions"][0]["session_id"]}
    await as_()(BOOK, **id_of(event))
    register = await coordinator("GET /sessions/{session_id}/register", **session)
    assert len(register["expected"]) == 1
    listed = await coordinator("GET /coordinator/bookings", **id_of(event))
    assert len(listed["items"]) == 1
    sheet = await coordinator("GET /coordinator/bookings/file", **id_of(event))
    assert len(sheet.splitlines()) == 2
