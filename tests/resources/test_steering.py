"""The steering group: seats, who is told of them, meetings, and whether it is balanced."""

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

import a
import governed
from governed import day, get, post, put, try_to_put, wrong
from pdu_resources.rules.steering import Seat, balance, in_term, name_goes_before
from pdu_resources.steering.holdings import HOLDINGS, forget_names
from pdu_shared.contracts.resources.steering import SeatKind
from pdu_shared.database import transaction
from pdu_shared.holding import copy_of, forget


@pytest.fixture
def coordinator(token):
    return token("coordinator")


async def told(database, subject):
    rows = await database.pool.fetch(
        "SELECT body FROM outbox WHERE subject = $1 ORDER BY position", subject
    )
    return [json.loads(row["body"])["data"] for row in rows]


async def a_seat(http, headers, **details):
    return (await post(http, headers, "/steering/seats", governed.seat(**details)))["seat_id"]


async def register(http, headers, **asked):
    found = await get(http, headers, "/steering/seats", limit=100, **asked)
    return {one["seat_id"]: one for one in found["items"]}


def test_sectors_without_a_seat_are_seen_and_seniors_counted():
    seats = [
        Seat(SeatKind.ORGANISATION, "one", "voluntary", "senior_manager"),
        Seat(SeatKind.ORGANISATION, "one", "voluntary", "front_line"),
        Seat(SeatKind.LIVED_EXPERIENCE),
    ]
    found = balance(seats, ["voluntary", "statutory", "private", "unknown"])
    assert (found.seats, found.organisations, found.senior) == (3, 1, 1)
    assert found.by_sector == {"voluntary": 2, "statutory": 0, "private": 0, "unknown": 0}
    assert found.sectors_without_seat == ["statutory", "private"]
    assert found.by_kind["lived_experience"] == 1
    assert found.by_kind["pdu_staff"] == 0
    assert found.by_role_level == {"front_line": 1, "senior_manager": 1}


def test_a_term_has_its_first_and_its_last_day():
    first, last = date(2026, 4, 1), date(2028, 3, 31)
    assert in_term(first, last, first)
    assert in_term(first, last, last)
    assert not in_term(first, last, last + timedelta(days=1))
    assert not in_term(first, None, first - timedelta(days=1))
    assert in_term(first, None, date(2099, 1, 1))
    assert name_goes_before(date(2027, 4, 1)) == first


async def test_who_has_a_seat_is_told_without_a_name(
    resources_http, resources_database, coordinator
):
    person = str(uuid4())
    seat_id = await a_seat(resources_http, coordinator, person_id=person)
    [message] = await told(resources_database, f"seat/{seat_id}")
    assert (message["person_id"], message["seat_kind"]) == (person, "organisation")
    assert "Marian" not in json.dumps(message)


async def test_of_a_seat_for_lived_experience_nothing_is_told_about_who_sits_there(
    resources_http, resources_database, coordinator
):
    person = str(uuid4())
    seat_id = await a_seat(
        resources_http, coordinator, kind="lived_experience", person_id=person, sector="voluntary"
    )
    [message] = await told(resources_database, f"seat/{seat_id}")
    assert message.pop("seat_kind") == "lived_experience"
    assert {name for name, value in message.items() if value} == {"seat_id", "starts_on"}


async def test_the_group_reads_names_of_those_who_agreed_and_that_somebody_looked_is_kept(
    resources_http, token
):
    coordinator = token("coordinator", sub=(looking := uuid4()))
    listed = await a_seat(resources_http, coordinator, listed=True)
    private = await a_seat(resources_http, coordinator)
    seen = await register(resources_http, token("steering_group"))
    assert (seen[listed]["name"], seen[private]["name"]) == ("Marian Fitzwalter", None)
    assert (await register(resources_http, coordinator))[private]["name"] == "Marian Fitzwalter"
    await get(resources_http, coordinator, f"/steering/seats/{private}")
    reads = await get(resources_http, token("data_protection_lead"), "/steering/reads")
    assert [one["reader"] for one in reads["items"]].count(str(looking)) == 2


async def test_a_person_has_one_seat_at_a_time(resources_http, coordinator):
    person = str(uuid4())
    first = await a_seat(resources_http, coordinator, person_id=person)
    again = await resources_http.post(
        "/steering/seats",
        json=governed.seat(person_id=person),
        headers={**coordinator, **a.key()},
    )
    assert again.status_code == 409
    ended = governed.seat(person_id=person, ends_on=day(-1))
    await put(resources_http, coordinator, f"/steering/seats/{first}", ended, seen=1)
    second = await a_seat(resources_http, coordinator, person_id=person)
    stale = await try_to_put(resources_http, coordinator, f"/steering/seats/{first}", ended, seen=1)
    assert stale.status_code == 412
    now = await register(resources_http, coordinator)
    assert (first in now, second in now) == (False, True)
    assert first in await register(resources_http, coordinator, past=True)


async def test_the_history_of_a_seat_holds_no_name(resources_http, coordinator):
    seat_id = await a_seat(resources_http, coordinator)
    other = governed.seat(name="Much Miller", sector="statutory", role_level="front_line")
    await put(resources_http, coordinator, f"/steering/seats/{seat_id}", other, seen=1)
    [change] = (await get(resources_http, coordinator, f"/changes/{seat_id}"))["items"]
    assert (change["was"]["sector"], change["was"]["role_level"]) == ("voluntary", "senior_manager")
    assert "name" not in change["was"]


async def test_names_are_forgotten_a_year_after_the_term(
    resources_http, resources_database, coordinator
):
    terms = {"long_ago": day(-366), "lately": day(-364), "now": None}
    seats = {
        what: await a_seat(
            resources_http, coordinator, person_id=str(uuid4()), starts_on=day(-900), ends_on=ends
        )
        for what, ends in terms.items()
    }
    async with transaction(resources_database) as conn:
        assert await forget_names(conn, datetime.now(UTC)) >= 1
    kept = await register(resources_http, coordinator, past=True)
    assert {what: bool(kept[seat_id]["name"]) for what, seat_id in seats.items()} == {
        "long_ago": False,
        "lately": True,
        "now": True,
    }


async def test_whoever_is_forgotten_leaves_a_seat_without_a_name_or_a_word(
    resources_http, resources_database, coordinator
):
    person = uuid4()
    seat_id = await a_seat(resources_http, coordinator, person_id=str(person))
    plan = await post(resources_http, coordinator, "/plans", governed.plan())
    path = f"/objectives/{plan['objectives'][0]['objective_id']}/actions"
    action = await post(resources_http, coordinator, path, governed.action(seat_id=seat_id))
    report = {"state": "partly", "note": "I was ill."}
    path = f"/actions/{action['action_id']}"
    await put(resources_http, coordinator, f"{path}/progress", report, seen=1)
    async with transaction(resources_database) as conn:
        copies = [await copy_of(conn, one, [person]) for one in HOLDINGS]
        assert "I was ill." in json.dumps(copies)
        assert "Marian" in json.dumps(copies)
        assert sum([await forget(conn, one, [person], now=datetime.now(UTC)) for one in HOLDINGS])
        assert not any([await copy_of(conn, one, [person]) for one in HOLDINGS])
    assert (await register(resources_http, coordinator))[seat_id]["name"] is None
    assert (await get(resources_http, coordinator, path))["note"] is None


async def test_a_meeting_is_held_when_it_is_known_who_came(
    resources_http, resources_database, coordinator, token
):
    starts_on = f"19{uuid4().int % 90 + 10}-01-01"  # a time in which there are no other seats
    term = {"starts_on": starts_on, "ends_on": starts_on}
    here, excused, away = [await a_seat(resources_http, coordinator, **term) for _ in range(3)]
    meeting = await post(
        resources_http,
        coordinator,
        "/steering/meetings",
        {
            "title": "Steering group, autumn",
            "meets_on": starts_on,
            "papers": [{"title": "Agenda", "url": "https://pdu.example.org/agenda.pdf"}],
        },
    )
    path = f"/steering/meetings/{meeting['meeting_id']}"
    unknown = await resources_http.get(f"{path}/attendance", headers=coordinator)
    assert (meeting["state"], unknown.status_code) == ("planned", 404)

    came = {"present": [here], "apologies": [excused]}
    held = await put(resources_http, coordinator, f"{path}/attendance", came, seen=1)
    assert (held["state"], held["present"], held["apologies"]) == ("held", 1, 1)
    seen = await get(resources_http, token("steering_group"), f"{path}/attendance")
    assert seen["present"] == [here]
    assert seen["apologies"] == [excused]
    assert away in seen["absent"]

    corrected = {"present": [here, excused]}
    await put(resources_http, coordinator, f"{path}/attendance", corrected, seen=2)
    first, second = await told(resources_database, f"meeting/{meeting['meeting_id']}")
    assert (first["present"], first["apologies"]) == (1, 1)
    assert (second["present"], second["apologies"]) == (2, 0)
    assert first["members"] >= 3
    moved = {"title": "Another", "meets_on": day()}
    assert (await try_to_put(resources_http, coordinator, path, moved, seen=3)).status_code == 409
    named = {"title": "Another", "meets_on": starts_on}
    assert (await put(resources_http, coordinator, path, named, seen=3))["state"] == "held"
    seats = await register(resources_http, coordinator, past=True)
    assert (seats[here]["meetings"] >= 1, seats[here]["present"]) == (True, 1)


async def test_who_had_no_seat_on_the_day_was_not_there(resources_http, coordinator):
    seat_id = await a_seat(resources_http, coordinator)
    meeting = await post(
        resources_http, coordinator, "/steering/meetings", {"title": "Now", "meets_on": day()}
    )
    path = f"/steering/meetings/{meeting['meeting_id']}/attendance"
    strange = {"present": [str(uuid4()), seat_id], "apologies": [seat_id]}
    answer = await try_to_put(resources_http, coordinator, path, strange, seen=1)
    assert wrong(answer) == {("/present/0", "unknown-seat"), ("/apologies/0", "named-twice")}


async def test_nobody_was_at_a_meeting_to_come_or_at_one_that_was_cancelled(
    resources_http, coordinator
):
    for details in ({"meets_on": day(1)}, {"meets_on": day(-1), "cancelled": True}):
        meeting = await post(
            resources_http, coordinator, "/steering/meetings", {"title": "Other", **details}
        )
        path = f"/steering/meetings/{meeting['meeting_id']}/attendance"
        answer = await try_to_put(resources_http, coordinator, path, {"present": []}, seen=1)
        assert answer.status_code == 409


async def test_the_balance_shows_which_sectors_have_no_seat(resources_http, coordinator, token):
    then = f"18{uuid4().int % 90 + 10}-01-01"
    for details in ({}, {"sector": "statutory"}, {"kind": "lived_experience"}):
        await a_seat(resources_http, coordinator, starts_on=then, ends_on=then, **details)
    found = await get(resources_http, token("steering_group"), "/steering/balance", on=then)
    assert found["by_kind"]["lived_experience"] >= 1
    assert found["by_sector"]["statutory"] >= 1
    assert "private" in found["sectors_without_seat"]
    assert "name" not in json.dumps(found)


@pytest.mark.parametrize(
    ("details", "pointer"),
    [
        ({"sector": "martian"}, "/sector"),
        ({"role_level": "martian"}, "/role_level"),
        ({"organisation": None}, ""),
        ({"ends_on": "1990-01-01"}, ""),
    ],
)
async def test_a_seat_that_does_not_fit_is_refused(resources_http, coordinator, details, pointer):
    answer = await resources_http.post(
        "/steering/seats", json=governed.seat(**details), headers={**coordinator, **a.key()}
    )
    assert {one for one, _ in wrong(answer)} == {pointer}


async def test_the_group_reads_and_does_not_write(resources_http, token):
    group = token("steering_group")
    answer = await resources_http.post(
        "/steering/seats", json=governed.seat(), headers={**group, **a.key()}
    )
    assert answer.status_code == 403
    assert (await resources_http.get("/steering/seats", headers=token("member"))).status_code == 403
    assert UUID(answer.json()["instance"].rpartition(":")[2])
