"""Managers hear what their staff agreed to; those who decide get a briefing of what came of it."""

import json
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

import a
import attending
import lists
import programme
import telling
from bus import deliver
from pdu_bookings.app import service
from pdu_bookings.briefing.digest import forget_untold, send_next
from pdu_bookings.rules.digest import month_before
from pdu_shared.database import transaction
from pdu_shared.sealing import Sealer

PLANS = "Talk about it in the next team meeting."


@pytest.fixture
def sealer(house):
    return Sealer(house.secrets.sealing_keys("notifications"))


@pytest.fixture
def link(house):
    """The path of a booking behind the link of its letter."""
    return lambda booking: f"/b/{attending.link(house, booking)}"


def manager(**details):
    email = f"manager-{uuid4().hex}@example.org"
    return {"manager_name": "Marian", "manager_email": email, "plans": PLANS, **details}


async def a_booking(http, event, **details):
    return (await a.ask_for_place(http, event, **details)).json()["booking_id"]


async def told(database, sealer, name):
    """What was told in messages of this name, opened, the newest last."""
    rows = await database.pool.fetch(
        "SELECT body::json->>'data' AS data FROM outbox WHERE routing_key = $1"
        " AND published_at IS NULL ORDER BY position",
        f"bookings.{name}",
    )
    return [json.loads(sealer.unseal(row["data"])) for row in rows]


async def persons(database, *bookings):
    rows = await database.pool.fetch(
        "SELECT person_id::text FROM booking WHERE booking_id = ANY ($1::text[]::uuid[])",
        list(bookings),
    )
    return tuple(row["person_id"] for row in rows)


async def all_digests(database, sealer, *, now):
    while await send_next(database, sealer, now=now):
        pass


@pytest.mark.parametrize(
    ("now", "begins", "ends"),
    [
        (datetime(2027, 2, 3, tzinfo=UTC), date(2026, 12, 1), date(2026, 12, 31)),
        (datetime(2027, 2, 4, tzinfo=UTC), date(2027, 1, 1), date(2027, 1, 31)),
        (datetime(2027, 4, 3, 23, 30, tzinfo=UTC), date(2027, 3, 1), date(2027, 3, 31)),
        (datetime(2027, 4, 3, 22, 30, tzinfo=UTC), date(2027, 2, 1), date(2027, 2, 28)),
    ],
)
def test_a_month_is_told_of_once_its_registers_can_be_written(now, begins, ends):
    month = month_before(now)
    assert (month.begins, month.ends) == (begins, ends)


async def test_a_manager_hears_once_of_those_who_came_and_agreed(
    bookings_http, bookings_database, token, link, sealer
):
    coordinator, one = token("coordinator"), manager()
    event = await a.published_event(bookings_http, coordinator)
    came, stayed_away, silent = [await a_booking(bookings_http, event) for _ in range(3)]
    for booking in (came, stayed_away):
        answer = await bookings_http.put(f"{link(booking)}/manager", json=one)
        assert answer.status_code == 200, answer.text
    people = await persons(bookings_database, came, silent)
    await programme.over(bookings_database, event, came=people)
    later = datetime.now(UTC) + timedelta(days=40)
    for _ in range(2):
        await all_digests(bookings_database, sealer, now=later)
    digests = [one_ for one_ in await told(bookings_database, sealer, "ManagerDigestIssued")
               if one_["address"] == one["manager_email"]]  # fmt: skip
    assert len(digests) == 1
    [line] = digests[0]["lines"]
    assert (line["event_title"], line["plans"]) == (event["title"], PLANS)
    left = await bookings_database.pool.fetch(
        "SELECT booking_id::text FROM manager_told WHERE booking_id = ANY ($1::text[]::uuid[])",
        [came, stayed_away, silent],
    )
    assert [row["booking_id"] for row in left] == [stayed_away]
    async with transaction(bookings_database) as conn:
        await forget_untold(conn, datetime.now(UTC) + timedelta(days=55))
        assert await conn.fetchval("SELECT count(*) FROM manager_told WHERE booking_id::text = $1",
                                   stayed_away) == 1  # fmt: skip
        await forget_untold(conn, datetime.now(UTC) + timedelta(days=61))
        assert await conn.fetchval("SELECT count(*) FROM manager_told WHERE booking_id::text = $1",
                                   stayed_away) == 0  # fmt: skip


async def test_what_was_agreed_can_be_seen_changed_and_taken_back(bookings_http, token, link):
    event = await a.published_event(bookings_http, token("coordinator"))
    path = f"{link(await a_booking(bookings_http, event))}/manager"
    assert (await bookings_http.get(path)).json()["manager_email"] is None
    one = manager()
    for plans in (PLANS, None):
        one = {**one, "plans": plans}
        await bookings_http.put(path, json=one)
        assert (await bookings_http.get(path)).json() == one
    for _ in range(2):
        assert (await bookings_http.delete(path)).status_code == 204
    assert (await bookings_http.get(path)).json()["manager_email"] is None


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"manager_email": "one@example.org, two@example.org"}, "/manager_email"),
        ({"manager_name": "two\nlines"}, "/manager_name"),
        ({"consent": True}, "/consent"),
    ],
)
async def test_what_is_wrong_is_named(bookings_http, token, link, wrong, pointer):
    event = await a.published_event(bookings_http, token("coordinator"))
    path = f"{link(await a_booking(bookings_http, event))}/manager"
    answer = await bookings_http.put(path, json=manager(**wrong))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_nobody_is_their_own_manager_and_no_link_leads_nowhere(bookings_http, token, link):
    event = await a.published_event(bookings_http, token("coordinator"))
    email = f"{uuid4().hex}@example.org"
    path = f"{link(await a_booking(bookings_http, event, email=email))}/manager"
    answer = await bookings_http.put(path, json=manager(manager_email=email.upper()))
    assert answer.json()["errors"][0]["code"] == "own-address"
    assert (await bookings_http.get("/b/x/manager")).status_code == 404


async def a_reader(http, coordinator, **details):
    form = {"name": "Councillor Stutely", "email": f"{uuid4().hex}@example.org",
            "role": "councillor", **details}  # fmt: skip
    return await http.post("/briefing-readers", json=form, headers={**coordinator, **a.key()})


async def test_who_decides_about_a_work_stream_gets_the_briefing_once(
    bookings_http, bookings_database, token, sealer
):
    coordinator, stream, another = token("coordinator"), programme.word(), programme.word()
    day = date(2017, 10, 1)
    streams = [telling.workstream(code=code, valid_from=day) for code in (stream, another)]
    await deliver(service, bookings_database, *lists.told(), *streams)
    event = await a.published_event(bookings_http, coordinator, workstreams=[stream])
    theirs = await a_reader(bookings_http, coordinator, workstreams=[stream])
    other = await a_reader(bookings_http, coordinator, workstreams=[another])
    assert [theirs.status_code, other.status_code] == [201, 201]
    path = f"/learning-events/{event['learning_event_id']}/briefing"
    said = {"points": ["Two hostels now let visitors stay until ten in the evening."]}
    early = await bookings_http.put(path, json=said, headers=coordinator)
    assert early.status_code == 409
    await programme.over(bookings_database, event)
    for _ in range(2):
        answer = await bookings_http.put(path, json=said, headers=coordinator)
        assert answer.status_code == 200, answer.text
    changed = await bookings_http.put(path, json={"points": ["Else."]}, headers=coordinator)
    assert changed.status_code == 409
    letters = [one for one in await told(bookings_database, sealer, "EventBriefingIssued")
               if one["learning_event_id"] == event["learning_event_id"]]  # fmt: skip
    assert theirs.json()["email"] in [one["address"] for one in letters]
    assert other.json()["email"] not in [one["address"] for one in letters]
    assert len({one["briefing_id"] for one in letters}) == len(letters) == answer.json()["readers"]


async def test_a_reader_is_there_once_and_can_be_removed(bookings_http, token):
    coordinator = token("coordinator")
    reader = (await a_reader(bookings_http, coordinator)).json()
    again = await a_reader(bookings_http, coordinator, email=reader["email"])
    assert again.status_code == 409
    path = f"/briefing-readers/{reader['reader_id']}"
    assert (await bookings_http.delete(path, headers=coordinator)).status_code == 204
    assert (await bookings_http.delete(path, headers=coordinator)).status_code == 404
    there = (await bookings_http.get("/briefing-readers", headers=coordinator)).json()["items"]
    assert reader["reader_id"] not in {one["reader_id"] for one in there}


async def test_a_point_that_names_somebody_by_an_address_is_refused(
    bookings_http, bookings_database, token
):
    coordinator = token("coordinator")
    event = await a.published_event(bookings_http, coordinator)
    await programme.over(bookings_database, event)
    answer = await bookings_http.put(
        f"/learning-events/{event['learning_event_id']}/briefing",
        json={"points": ["Write to will@example.org."]},
        headers=coordinator,
    )
    assert answer.status_code == 422
    member = await bookings_http.get("/briefing-readers", headers=token("member"))
    assert member.status_code == 403
