"""What is on: looked for in many ways, page by page, to come and past."""

import random
from datetime import timedelta

import pytest

import a
import programme


@pytest.fixture(scope="module")
async def offer(bookings_http, bookings_database, token):
    """Learning events of a programme that no other test uses, by a short name."""
    coordinator, key = token("coordinator"), programme.word()
    defined = {"kind": "programme", "title": "Everything about hoarding"}
    await bookings_http.put(f"/series/{key}", json=defined, headers=coordinator)

    async def event(days, starts=13, ends=16, *, sessions=None, **details):
        times = {
            "starts_at": programme.at(starts, days=days),
            "ends_at": programme.at(ends, days=days),
        }
        session = a.session(**times, **details.pop("session", {}))
        return await programme.draft(
            bookings_http,
            coordinator,
            publish=True,
            programme=key,
            sessions=sessions or [session],
            **details,
        )

    two_days = [a.session(starts_in=timedelta(days=days)) for days in (34, 41)]
    events = {
        "workshop": await event(30),
        "evening": await event(31, 18, 20, event_type="webinar", session={"mode": "online"}),
        "short": await event(32, 9, 10, level="advanced", audience=["managers"]),
        "day": await event(33, 9, 16, audience=["any"], access_tier="local_only"),
        "long": await event(34, sessions=two_days),
        "past": await event(35),
        "older": await event(36),
    }
    await programme.over(bookings_database, events["past"])
    await programme.over(bookings_database, events["older"])
    await programme.over(bookings_database, events["older"])
    ids = {event["learning_event_id"]: name for name, event in events.items()}

    async def find(**asked):
        answer = await bookings_http.get("/learning-events", params={"series": key, **asked})
        assert answer.status_code == 200, answer.text
        return [ids[one["learning_event_id"]] for one in answer.json()["items"]], answer.json()

    return find


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["workshop", "evening", "short", "day", "long"]),
        ({"when": "past"}, ["past", "older"]),
        ({"workstream": "housing"}, ["workshop", "evening", "short", "day", "long"]),
        ({"workstream": "pie"}, []),
        ({"type": "webinar"}, ["evening"]),
        ({"mode": "online"}, ["evening"]),
        ({"time_of_day": "morning"}, ["short", "day"]),
        ({"time_of_day": "afternoon"}, ["workshop", "long"]),
        ({"time_of_day": "evening"}, ["evening"]),
        ({"audience": "managers"}, ["short", "day"]),
        ({"level": "advanced"}, ["short"]),
        ({"duration_class": "under_2h"}, ["short"]),
        ({"duration_class": "half_day"}, ["workshop", "evening"]),
        ({"duration_class": "full_day"}, ["day"]),
        ({"duration_class": "multi_session"}, ["long"]),
        ({"access_tier": "local_only"}, ["day"]),
        ({"from": programme.at(12, days=33)[:10]}, ["day", "long"]),
        ({"to": programme.at(12, days=31)[:10]}, ["workshop", "evening"]),
        ({"level": "advanced", "type": "webinar"}, []),
        ({"series": "none-of-them"}, []),
    ],
)
async def test_what_is_looked_for_is_found(offer, asked, found):
    names, _ = await offer(**asked)
    assert names == found


async def test_what_is_found_out_of_hours_says_so_itself(offer):
    for asked in (True, False):
        _, page = await offer(out_of_hours=asked)
        assert page["items"]
        for event in page["items"]:
            assert any(session["out_of_hours"] for session in event["sessions"]) is asked


async def test_the_class_that_is_looked_for_is_the_class_that_is_shown(offer):
    for asked in ("under_2h", "half_day", "full_day", "multi_session"):
        _, page = await offer(duration_class=asked)
        assert {event["duration_class"] for event in page["items"]} == {asked}


@pytest.mark.parametrize(("when", "expected"), [("coming", 5), ("past", 2)])
async def test_pages_follow_one_another_without_gap_or_repeat(offer, when, expected):
    names, page = await offer(when=when, limit=1)
    while page["next"]:
        more, page = await offer(when=when, limit=1, after=page["next"])
        names += more
    assert names == (await offer(when=when))[0]
    assert len(names) == expected


@pytest.mark.parametrize(
    "asked", [{"mode": "by_post"}, {"from": "soon"}, {"to": "0"}, {"limit": 0}]
)
async def test_what_nobody_can_look_for_is_refused(bookings_http, asked):
    answer = await bookings_http.get("/learning-events", params=asked)
    assert answer.status_code == 422


@pytest.fixture(scope="module")
async def told_in_words(bookings_http, bookings_database, token):
    """Events of a programme of their own that say something, by a short name, and how to look."""
    coordinator, key, rare = token("coordinator"), programme.word(), letters()
    defined = {"kind": "programme", "title": "Words"}
    await bookings_http.put(f"/series/{key}", json=defined, headers=coordinator)

    async def event(days, **said):
        details = {"title": "Setting limits", "purpose": "What to do.", **said}
        session = a.session(
            starts_at=programme.at(13, days=days), ends_at=programme.at(15, days=days)
        )
        return await programme.draft(
            bookings_http, coordinator, publish=True, programme=key, sessions=[session], **details
        )

    events = {
        "title": await event(30, title=f"Visiting {rare}: how people gamble"),
        "purpose": await event(31, purpose=f"How {rare} is met behind the door."),
        "outcome": await event(32, outcomes=[f"You know three signs of {rare}"], level="advanced"),
        "other": await event(33),
        "past": await event(34, title=f"Long ago: {rare}"),
    }
    await programme.over(bookings_database, events["past"])
    ids = {event["learning_event_id"]: name for name, event in events.items()}

    async def find(words, path="/learning-events", **asked):
        params = {"series": key, "q": words.replace("RARE", rare), **asked}
        answer = await bookings_http.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def names(words, **asked):
        return [ids[one["learning_event_id"]] for one in (await find(words, **asked))["items"]]

    find.names = names
    return find


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("RARE", ["title", "purpose", "outcome"]),
        ("the rare RARE's sign", []),
        ("sign of RARE", ["outcome"]),
        ("gambling RARE visit", ["title"]),
        ('"behind the door" RARE', ["purpose"]),
        ("RARE -gambling", ["purpose", "outcome"]),
        ("RARE' OR '1'='1", ["title", "purpose", "outcome"]),
        ("the", []),
        ("!&|:*()", []),
    ],
)
async def test_events_are_found_by_words_however_they_are_bent(told_in_words, words, found):
    assert await told_in_words.names(words) == found


async def test_words_and_filters_add_up(told_in_words):
    assert await told_in_words.names("RARE", level="advanced") == ["outcome"]
    assert await told_in_words.names("RARE", when="past") == ["past"]


async def test_when_nothing_fits_it_is_said_what_comes_near(told_in_words):
    asked = {"level": "advanced", "mode": "online"}
    assert await told_in_words.names("RARE", **asked) == []
    near = await told_in_words("RARE", "/near-misses", **asked)
    assert near == {"items": [{"without": "mode", "found": 1}], "over": 0}
    near = await told_in_words("RARE longest", "/near-misses")
    assert {one["without"]: one["found"] for one in near["items"]} == {"q": 4}
    near = await told_in_words("long ago RARE", "/near-misses")
    assert near["over"] == 1
    days = {"from": "2000-01-01", "to": "2000-01-02"}
    near = await told_in_words("RARE", "/near-misses", level="advanced", **days)
    assert {one["without"] for one in near["items"]} <= {"from", "to"}


async def test_words_are_looked_up_in_an_index(bookings_database):
    async with bookings_database.pool.acquire() as conn, conn.transaction():
        await conn.execute("SET LOCAL enable_seqscan = off")
        plan = await conn.fetch(
            "EXPLAIN SELECT learning_event_id FROM learning_event"
            " WHERE words @@ websearch_to_tsquery('english', 'hoarding')"
        )
    assert "learning_event_words" in "".join(line[0] for line in plan)


@pytest.mark.parametrize("q", ["x", "y" * 201, "a\x00b", "a\nb"])
async def test_what_are_no_words_is_refused(bookings_http, q):
    answer = await bookings_http.get("/learning-events", params={"q": q})
    assert answer.status_code == 422


def letters():
    return "".join(random.choices("bcdfghjklm", k=12))  # noqa: S311 - only to be rare
