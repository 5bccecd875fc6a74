"""Recordings are listed for all, played by members, and go when who speaks does not agree."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

import a
import shelf
from bus import deliver
from house import service
from pdu_resources.storage.ticket import opened_by, ticket_for
from pdu_shared.contracts.bookings.programme import (
    EventCancelled,
    EventPostponed,
    EventPublished,
    SessionRescheduled,
    SessionScheduled,
)
from pdu_shared.contracts.bookings.topic import RecordingConsentChanged, SpeakerConfirmed
from pdu_shared.runtime import utc_now
from resources.surveys import told

KEY = b"a key of sixteen and more"


@pytest.fixture
def coordinator(token):
    return token("coordinator")


def event(**details):
    return EventPublished(
        **{
            "learning_event_id": uuid4(),
            "kind": "learning_event",
            "event_type": "workshop",
            "title": "Hoarding: behind the door",
            "purpose": "Work without force.",
            "level": "introductory",
            "workstreams": ["housing"],
            "audience": ["any"],
            **details,
        }
    )


def session_of(published, kind=SessionScheduled, **details):
    starts = datetime.now(UTC) + timedelta(days=30)
    return kind(
        **{
            "session_id": uuid4(),
            "learning_event_id": published.learning_event_id,
            "starts_at": starts,
            "ends_at": starts + timedelta(hours=2),
            "tz": "Europe/London",
            "mode": "in_person",
            "place": "Sneinton Hermitage",
            "capacity": 20,
            **details,
        }
    )


async def hear(database, *messages, **envelope):
    await deliver(service("resources"), database, *messages, **envelope)


@pytest.fixture
async def session(resources_database):
    """A session that the hub has heard of."""
    published = event()
    scheduled = session_of(published)
    await hear(resources_database, published, scheduled)
    return scheduled


def of(session):
    return {
        "learning_event_id": str(session.learning_event_id),
        "session_id": str(session.session_id),
        "speaker": "Marian",
    }


async def play(http, item, headers):
    path = f"/items/{item['item_key']}/playback"
    return await http.post(path, headers={**headers, **a.key()})


async def test_a_recording_is_listed_for_all_and_played_by_members(
    resources_http, resources_database, coordinator, token, session
):
    item = await shelf.recording(resources_http, coordinator, **of(session))
    assert (await play(resources_http, item, token("member"))).status_code == 404
    await shelf.step(resources_http, coordinator, item, "publication")
    seen = (await resources_http.get(f"/items/{item['item_key']}")).json()
    assert (seen["captions"], seen["speaker"]) == ("captioned", "Marian")
    listed = await resources_http.get("/items?type=recording&limit=100")
    assert item["item_key"] in {one["item_key"] for one in listed.json()["items"]}
    assert (await play(resources_http, item, {})).status_code == 401
    direct = f"/items/{item['item_key']}/files/it.mp4"
    assert (await resources_http.get(direct)).status_code == 401
    assert (await resources_http.get(direct, headers=token("member"))).status_code == 403

    answer = await play(resources_http, item, token("member"))
    film, captions = answer.json()["files"]
    part = await resources_http.get(film["path"], headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert part.headers["content-type"] == "video/mp4"
    assert (await resources_http.get(captions["path"])).content == shelf.VTT
    [message] = await told(resources_database, "RecordingPublished", item["item_key"])
    assert (message.session_id, message.captions) == (session.session_id, "captioned")


async def test_who_plays_a_recording_has_seen_it(
    resources_http, resources_database, coordinator, token
):
    person_id = uuid4()
    await resources_database.pool.execute(
        """
        INSERT INTO member (person_id, address, sector, work_field, role_level, area,
                            registered_at, registered_on)
        VALUES ($1, $2, 'unknown', 'unknown', 'unknown', 'unknown', now(), now())
        """,
        person_id,
        f"{person_id.hex[:12]}@example.org",
    )
    item = await shelf.recording(resources_http, coordinator)
    await shelf.step(resources_http, coordinator, item, "publication")
    await play(resources_http, item, token("member", sub=person_id))
    [viewed] = await told(resources_database, "ResourceViewed", item["item_key"])
    assert viewed.person_id == person_id


def test_a_ticket_opens_one_file_for_some_hours():
    file_id, now = uuid4(), datetime(2026, 11, 22, 12, tzinfo=UTC)
    ticket, until = ticket_for(KEY, file_id, now)
    assert opened_by(KEY, ticket, now) == file_id
    assert opened_by(KEY, ticket, until) == file_id
    assert opened_by(KEY, ticket, until + timedelta(seconds=1)) is None
    assert opened_by(b"another key of some length", ticket, now) is None
    forged = ("B" if ticket[0] == "A" else "A") + ticket[1:]
    for wrong in (forged, ticket[:-1], ticket + "=", "é" * 48, "*" * 48, ""):
        assert opened_by(KEY, wrong, now) is None


async def test_a_recording_goes_when_who_speaks_does_not_agree_any_more(
    resources_http, resources_database, coordinator, token, session
):
    ids = {
        "assignment_id": uuid4(),
        "session_id": session.session_id,
        "learning_event_id": session.learning_event_id,
    }
    await hear(resources_database, SpeakerConfirmed(role="speaker", **ids))
    item = await shelf.recording(resources_http, coordinator, **of(session))
    refused = await shelf.try_to(resources_http, coordinator, item, "publication")
    assert refused.status_code == 409
    await hear(resources_database, RecordingConsentChanged(consent="given", **ids))
    await shelf.step(resources_http, coordinator, item, "publication")
    film = (await play(resources_http, item, token("member"))).json()["files"][0]["path"]
    withdrawn = RecordingConsentChanged(consent="withdrawn", **ids)
    await hear(resources_database, withdrawn, withdrawn)
    assert (await resources_http.get(film)).status_code == 404
    assert (await play(resources_http, item, token("member"))).status_code == 409
    [message] = await told(resources_database, "RecordingWithdrawn", item["item_key"])
    assert message.reason_code == "consent_withdrawn"
    refused = await shelf.try_to(resources_http, coordinator, item, "publication")
    assert refused.status_code == 409


async def test_materials_are_found_by_their_event(
    resources_http, resources_database, coordinator, session
):
    slides = await shelf.published(resources_http, coordinator, type="slides", **of(session))
    path = f"/learning-events/{session.learning_event_id}/items"
    left = (await resources_http.get(path)).json()
    assert left["title"] == "Hoarding: behind the door"
    assert [(one["item_key"], one["speaker"]) for one in left["items"]] == [
        (slides["item_key"], "Marian")
    ]
    assert (await resources_http.get(f"/learning-events/{uuid4()}/items")).status_code == 404
    past = event(title="Long ago")
    await hear(resources_database, past, origin="import")
    await shelf.draft(resources_http, coordinator, learning_event_id=str(past.learning_event_id))


async def test_what_is_coming_is_shown_from_what_bookings_told(resources_http, resources_database):
    published = event(workstreams=["gambling"])
    session = session_of(published)
    path = "/upcoming-events?workstream=gambling&limit=100"

    async def coming():
        sessions = (await resources_http.get(path)).json()["sessions"]
        return [one for one in sessions if one["session_id"] == str(session.session_id)]

    await hear(resources_database, session)  # the order of subjects is nobody's promise
    assert await coming() == []
    await hear(resources_database, published)
    [shown] = await coming()
    assert (shown["title"], shown["place"]) == ("Hoarding: behind the door", "Sneinton Hermitage")
    ids = {"learning_event_id": published.learning_event_id, "reason_code": "illness"}
    await hear(resources_database, EventPostponed(**ids))
    assert await coming() == []
    moved = session_of(
        published,
        SessionRescheduled,
        session_id=session.session_id,
        previous_starts_at=session.starts_at,
        previous_ends_at=session.ends_at,
        previous_place=session.place,
    )
    await hear(resources_database, moved)
    assert await coming()
    await hear(resources_database, EventCancelled(**ids))
    assert await coming() == []
    assert await utc_now() < session.starts_at
