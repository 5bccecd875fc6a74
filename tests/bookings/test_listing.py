"""A coordinator finds events, bookings and registers."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

import a


async def ask(http, token, path, **asked):
    answer = await http.get(f"/coordinator/{path}", params=asked, headers=token("coordinator"))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def search(http, token, text, **asked):
    answer = await http.post(
        "/coordinator/bookings/search",
        json={"name_or_address": text, **asked},
        headers=token("coordinator"),
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def word():
    """A word that stands in no other test's title."""
    return uuid4().hex


async def titled(http, token, title, **details):
    return await a.published_event(http, token("coordinator"), title=title, **details)


def titles(page):
    return [line["title"] for line in page["items"]]


async def test_events_are_found_by_a_part_of_their_title_whatever_its_case(
    bookings_http, token, word
):
    await titled(bookings_http, token, f"Hoarding {word}")
    found = await ask(bookings_http, token, "learning-events", text=word.upper())
    assert titles(found) == [f"Hoarding {word}"]


async def test_drafts_are_listed_too(bookings_http, token, word):
    draft = a.learning_event(title=f"Draft {word}")
    await bookings_http.post(
        "/learning-events", json=draft, headers={**token("coordinator"), **a.key()}
    )
    found = await ask(bookings_http, token, "learning-events", text=word, state="draft")
    assert titles(found) == [f"Draft {word}"]
    assert not titles(
        await ask(bookings_http, token, "learning-events", text=word, state="cancelled")
    )


async def test_events_are_filtered_by_how_full_they_are(bookings_http, token, word):
    full = await titled(bookings_http, token, f"Full {word}", sessions=[a.session(capacity=1)])
    await titled(bookings_http, token, f"Empty {word}")
    for _ in range(2):
        await a.ask_for_place(bookings_http, full)
    for places, expected in (("left", "Empty"), ("full", "Full"), ("waiting", "Full")):
        found = await ask(bookings_http, token, "learning-events", text=word, places=places)
        assert titles(found) == [f"{expected} {word}"]


async def test_pages_follow_one_another_without_gap_or_repeat(bookings_http, token, word):
    for number in range(5):
        await titled(bookings_http, token, f"{number} {word}")
    seen, after = [], {}
    while after is not None:
        page = await ask(bookings_http, token, "learning-events", text=word, limit=2, **after)
        seen += titles(page)
        after = {"after": page["next"]} if page["next"] else None
    assert sorted(seen) == [f"{number} {word}" for number in range(5)]


async def test_events_are_filtered_by_day_in_local_time(bookings_http, token, word):
    # A quarter past midnight in summer time is the day before in UTC.
    year = a.local_now().year + 1
    starts = datetime(year, 7, 10, 0, 15)  # noqa: DTZ001 - local
    session = a.session(
        starts_at=starts.isoformat(), ends_at=(starts + timedelta(hours=1)).isoformat()
    )
    await titled(bookings_http, token, word, sessions=[session])
    day, before = f"{year}-07-10", f"{year}-07-09"
    inside = await ask(
        bookings_http, token, "learning-events", **{"text": word, "from": day, "to": day}
    )
    outside = await ask(
        bookings_http, token, "learning-events", **{"text": word, "from": before, "to": before}
    )
    assert (titles(inside), titles(outside)) == ([word], [])


async def test_bookings_are_found_by_name_and_by_address(bookings_http, token, word):
    event = await titled(bookings_http, token, word)
    person = a.person(name=f"Robin {word[:12]}", organisation="Sherwood Outreach")
    booked = (await a.ask_for_place(bookings_http, event, **person)).json()
    await a.ask_for_place(bookings_http, event)
    for text in (word[:12].upper(), person["email"], person["email"].partition("@")[0]):
        [line] = (await search(bookings_http, token, text))["items"]
        assert line["booking_id"] == booked["booking_id"]
        assert (line["name"], line["address"]) == (person["name"], person["email"])


async def test_a_sign_of_a_pattern_is_only_itself(bookings_http, token, word):
    await titled(bookings_http, token, word)
    for sign in ("%", "_", "\\", "'"):
        found = await ask(bookings_http, token, "learning-events", text=f"{word[:8]}{sign}")
        assert not titles(found)


async def test_bookings_are_filtered_by_event_state_sector_and_organisation(
    bookings_http, token, word
):
    event = await titled(bookings_http, token, word, sessions=[a.session(capacity=1)])
    of = {"learning_event_id": event["learning_event_id"]}
    await a.ask_for_place(bookings_http, event, sector="statutory", organisation="Sherwood CIC")
    waiting = (await a.ask_for_place(bookings_http, event)).json()
    for asked in ({"state": "confirmed"}, {"sector": "statutory"}, {"organisation": "sherwood"}):
        [line] = (await ask(bookings_http, token, "bookings", **of, **asked))["items"]
        assert line["sector"] == "statutory"
    both = await ask(bookings_http, token, "bookings", **of, state=["confirmed", "waitlisted"])
    assert [line["state"] for line in both["items"]] == ["waitlisted", "confirmed"]
    assert both["items"][0]["booking_id"] == waiting["booking_id"]


async def test_a_session_without_register_is_missed_once_it_is_over(
    bookings_http, bookings_database, token, word
):
    event = await titled(bookings_http, token, word)
    booking = (await a.ask_for_place(bookings_http, event)).json()
    session_id = event["sessions"][0]["session_id"]

    async def missing():
        page = await ask(bookings_http, token, "registers", missing="true", limit=100)
        return session_id in [line["session_id"] for line in page["items"]]

    assert not await missing()
    yesterday = (datetime.now(UTC) - timedelta(days=1)).replace(hour=12)
    await bookings_database.pool.execute(
        "UPDATE session SET starts_at = $2::timestamptz - interval '2 hours', ends_at = $2"
        " WHERE session_id = $1::text::uuid",
        session_id,
        yesterday,
    )
    assert await missing()
    written = await bookings_http.put(
        f"/sessions/{session_id}/attendance",
        json={"entries": [{"booking_id": booking["booking_id"], "state": "absent_apologies"}]},
        headers=token("coordinator"),
    )
    assert written.status_code == 200, written.text
    assert not await missing()
    day = str(yesterday.date())
    page = await ask(bookings_http, token, "registers", **{"from": day, "to": day}, limit=100)
    [line] = [line for line in page["items"] if line["session_id"] == session_id]
    assert (line["booked"], line["absent_apologies"], line["present"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("path", "asked", "pointer"),
    [
        ("learning-events", {"from": "20270101"}, "/query/from"),
        ("learning-events", {"state": "gone"}, "/query/state/0"),
        ("learning-events", {"limit": "101"}, "/query/limit"),
        ("learning-events", {"colour": "red"}, "/query/colour"),
        ("bookings", {"learning_event_id": "1"}, "/query/learning_event_id"),
        ("bookings/file", {"format": "pdf"}, "/query/format"),
    ],
)
async def test_what_cannot_be_asked_is_pointed_at(bookings_http, token, path, asked, pointer):
    answer = await bookings_http.get(
        f"/coordinator/{path}", params=asked, headers=token("coordinator")
    )
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


async def test_only_a_coordinator_may_look(bookings_http, token):
    for path in ("learning-events", "bookings", "registers", "bookings/file"):
        answer = await bookings_http.get(f"/coordinator/{path}", headers=token("member"))
        assert answer.status_code == 403
