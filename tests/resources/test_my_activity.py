"""One view of what somebody did, and a record of it to take away: theirs alone."""

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pypdf import PdfReader

import a
import lessons
import xapi
from bus import deliver
from house import service
from lessons import published, read_to_the_end
from pdu_resources.learning.room import ROOM as LEARNING
from pdu_resources.my_activity.room import ROOM as MY_ACTIVITY
from pdu_resources.pathway.room import ROOM as PATHWAY
from pdu_resources.reflection.room import ROOM as REFLECTION
from pdu_resources.rules.learning_record import Entry, Kind, how_long, statements
from pdu_shared.contracts.bookings.attendance import CertificateIssued, CertificateWithdrawn
from pdu_shared.contracts.bookings.place import (
    BookingCancelled,
    BookingWaitlisted,
    EventBooked,
)
from pdu_shared.contracts.bookings.programme import EventPublished, SessionScheduled
from pdu_shared.database import transaction
from pdu_shared.holding import copy_of, forget
from resources.surveys import attendance
from resources.test_pathway import a_pathway, set_out, step

ROOMS = (LEARNING, PATHWAY, REFLECTION, MY_ACTIVITY)
NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)


@pytest.fixture
def http(resources_http):
    return resources_http


@pytest.fixture
async def hear(resources_database):
    """Let resources hear messages of bookings."""

    async def heard(*messages):
        await deliver(service("resources"), resources_database, *messages)

    return heard


def an_event(title="Hoarding: behind the door"):
    """A learning event as bookings tells it, in its two messages."""
    learning_event_id = uuid4()
    described = EventPublished(
        learning_event_id=learning_event_id,
        kind="learning_event",
        event_type="workshop",
        title=title,
        purpose="Work with people who hoard.",
        level="introductory",
        workstreams=("housing",),
        audience=("front_line",),
    )
    session = SessionScheduled(
        session_id=uuid4(),
        learning_event_id=learning_event_id,
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=3),
        tz="Europe/London",
        mode="in_person",
        place="Sneinton Hermitage",
        capacity=20,
    )
    return learning_event_id, (described, session)


def booked(person_id, learning_event_id, booking_id=None):
    return EventBooked(
        booking_id=booking_id or uuid4(),
        learning_event_id=learning_event_id,
        session_ids=(uuid4(),),
        person_id=person_id,
        sector="voluntary",
        work_field="mental_health",
        role_level="front_line",
        area="nottingham_city",
        booked_on="2026-09-01",
    )


async def see(http, headers):
    answer = await http.get("/my-activity", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_bookings_learning_and_what_was_read_stand_in_one_view(http, hear, token):
    person_id, headers = await lessons.member(http, token)
    event_id, told = an_event()
    await hear(*told, booked(person_id, event_id), attendance(event_id, person_id=person_id))
    await hear(
        CertificateIssued(
            certificate_id=uuid4(),
            person_id=person_id,
            learning_event_id=event_id,
            hours=3,
            verification_hash="0" * 64,
        )
    )
    module = await published(http, token("coordinator"), title="Arriving")
    await read_to_the_end(http, headers, module)
    form = {"text": "Canary of mine"}
    await http.post("/reflections", json=form, headers={**headers, **a.key()})
    mine = await see(http, headers)
    [booking] = mine["bookings"]
    assert (booking["title"], booking["state"], booking["came"]) == (
        "Hoarding: behind the door",
        "confirmed",
        True,
    )
    found = {one["kind"]: one for one in mine["learned"]}
    assert (found["module"]["ref"], found["learning_event"]["minutes"]) == (module, 180)
    assert mine["reflections"]["entries"] == 1
    assert "Canary" not in str(mine)


async def test_the_last_word_about_a_booking_counts_also_before_the_event_is_known(
    http, hear, token
):
    person_id, headers = await lessons.member(http, token)
    event_id, told = an_event()
    waits = BookingWaitlisted(
        booking_id=uuid4(),
        learning_event_id=event_id,
        session_ids=(uuid4(),),
        person_id=person_id,
        position=1,
    )
    await hear(waits)
    [booking] = (await see(http, headers))["bookings"]
    assert (booking["state"], booking["title"]) == ("waitlisted", None)
    await hear(booked(person_id, event_id, waits.booking_id), *told)
    [booking] = (await see(http, headers))["bookings"]
    assert (booking["state"], booking["booked_on"]) == ("confirmed", "2026-09-01")
    ended = BookingCancelled(
        booking_id=waits.booking_id, learning_event_id=event_id, person_id=person_id, by="person"
    )
    for _ in range(2):
        await hear(ended)
    [booking] = (await see(http, headers))["bookings"]
    assert (booking["state"], booking["booked_on"]) == ("cancelled", "2026-09-01")


async def test_a_certificate_that_was_withdrawn_gives_no_hours(http, hear, token):
    person_id, headers = await lessons.member(http, token)
    event_id, told = an_event()
    of = {"certificate_id": uuid4(), "person_id": person_id, "learning_event_id": event_id}
    issued = CertificateIssued(**of, hours=3, verification_hash="0" * 64)
    await hear(*told, attendance(event_id, person_id=person_id), issued)
    assert [one["minutes"] for one in (await see(http, headers))["learned"]] == [180]
    await hear(CertificateWithdrawn(**of))
    assert [one["minutes"] for one in (await see(http, headers))["learned"]] == [None]


async def test_nobody_sees_what_somebody_else_did(http, hear, token):
    person_id, _ = await lessons.member(http, token)
    event_id, told = an_event()
    await hear(*told, booked(person_id, event_id), attendance(event_id, person_id=person_id))
    _, other = await lessons.member(http, token)
    nothing = await see(http, other)
    assert (nothing["bookings"], nothing["learned"], nothing["looked_at"]) == ([], [], [])
    assert (await http.get("/my-activity")).status_code == 401
    assert (await http.get("/my-activity", headers=token("member"))).status_code == 409


async def test_whoever_is_forgotten_leaves_nothing_that_they_learned_or_wrote(
    http, house, hear, token
):
    person_id, headers = await lessons.member(http, token)
    module = await published(http, token("coordinator"))
    pathway = await a_pathway(http, token("coordinator"), step("module", module))
    event_id, told = an_event()
    await hear(*told, booked(person_id, event_id))
    await set_out(http, headers, pathway)
    await http.put(f"/modules/{module}/progress", json={}, headers=headers)
    await http.put(f"/modules/{module}/answers/door", json={"options": ["a"]}, headers=headers)
    await read_to_the_end(http, headers, module)
    await http.put(f"/modules/{module}/certificate", json={}, headers=headers)
    in_a_week = (a.local_now() + timedelta(days=7)).date().isoformat()
    wish = {"remind_on": in_a_week}
    unread = await published(http, token("coordinator"))
    await http.put(f"/modules/{unread}/reminder", json=wish, headers=headers)
    await http.post("/reflections", json={"text": "Mine"}, headers={**headers, **a.key()})
    [badge] = (await http.get("/my-badges", headers=headers)).json()["items"]
    held = [one for room in ROOMS for one in room.holdings]
    async with house.database("resources") as own, transaction(own) as conn:
        for one in held:
            kept = await copy_of(conn, one, [person_id])
            assert kept or one.table == "my_event_certificate", one.table
        for one in held:
            await forget(conn, one, [person_id], now=NOON)
        for one in held:
            assert await copy_of(conn, one, [person_id]) == []
    assert (await http.get(f"/badges/{badge['code']}")).status_code == 404
    assert (await see(http, headers))["learned"] == []


@pytest.fixture
async def learned(http, hear, token):
    """Somebody with a module, a pathway and a learning event behind them: their header."""
    person_id, headers = await lessons.member(http, token)
    module = await published(http, token("coordinator"), title="=1+1 #text")
    pathway = await a_pathway(http, token("coordinator"), step("module", module))
    await set_out(http, headers, pathway)
    await read_to_the_end(http, headers, module)
    event_id, told = an_event()
    await hear(*told, attendance(event_id, person_id=person_id))
    return headers


async def take(http, headers, form):
    answer = await http.get("/learning-record", params={"format": form}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer


async def test_a_record_is_statements_that_any_record_store_takes(http, learned):
    told = (await take(http, learned, "xapi")).json()
    verbs = [one["verb"]["id"].rpartition("/")[2] for one in told]
    assert sorted(verbs) == ["attended", "completed", "completed", "initialized", "initialized"]
    assert [found for one in told for found in xapi.complaints(one)] == []
    assert (await take(http, learned, "xapi")).json() == told, "the same ids each time"
    assert "@" not in str(told)


async def test_a_record_is_taken_as_data_for_a_spreadsheet_and_to_print(http, learned):
    entries = (await take(http, learned, "json")).json()["entries"]
    assert {one["kind"] for one in entries} == {"module", "pathway", "learning_event"}
    sheet = (await take(http, learned, "csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sheet)))
    assert {row["Title"] for row in rows} >= {"'=1+1 #text", "A way through"}
    paper = await take(http, learned, "pdf")
    reader = PdfReader(io.BytesIO(paper.content))
    said = " ".join(page.extract_text() for page in reader.pages)
    for words in ("Alan a Dale", "=1+1 #text", "Hoarding: behind the door", "A way through"):
        assert words in said
    assert reader.metadata.title == "My learning record"


async def test_a_record_of_nothing_is_a_record(http, token):
    _, headers = await lessons.member(http, token)
    assert (await take(http, headers, "json")).json() == {"entries": []}
    assert (await take(http, headers, "xapi")).json() == []
    assert len((await take(http, headers, "csv")).text.splitlines()) == 1
    assert (await take(http, headers, "pdf")).content.startswith(b"%PDF")
    answer = await http.get("/learning-record?format=scorm", headers=headers)
    assert answer.status_code == 422


def entry(**details):
    kept = {"kind": Kind.MODULE, "ref": "x", "title": "X", "started_at": NOON}
    return Entry(**{**kept, "completed_at": None, "minutes": None, "code": None, **details})


def test_what_is_not_completed_is_told_as_begun():
    [begun] = statements("https://hub.example.org", uuid4(), [entry()])
    assert begun["verb"]["id"].endswith("/initialized")
    assert statements("https://hub.example.org", uuid4(), [entry(kind=Kind.LEARNING_EVENT)]) == []


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(None, ""), (25, "25 minutes"), (60, "1 h"), (150, "2 h 30 min")],
)
def test_minutes_in_words(minutes, words):
    assert how_long(entry(minutes=minutes)) == words


@pytest.mark.parametrize(
    "damage",
    [
        {"actor": {"objectType": "Agent"}},
        {"actor": {"mbox": "mailto:a@example.org", "openid": "https://example.org"}},
        {"verb": {"id": "completed"}},
        {"object": {"id": "no iri"}},
        {"timestamp": "2026-10-01T12:00:00"},
        {"result": {"passed": True}},
        {"result": {}},
        {"extra": 1},
    ],
)
def test_the_strict_reader_is_strict(damage):
    [good] = statements("https://hub.example.org", uuid4(), [entry()])
    assert xapi.complaints(good) == []
    assert xapi.complaints({**good, **damage})
