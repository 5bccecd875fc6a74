"""A session is never oversold, however many people, front ends and copies of bookings there are."""

import random
from uuid import uuid4

import asyncpg
import pytest

import a
from halls import answers_to_offers, asks, at_once, broken_promises, cancellations
from pdu_shared.access import Role

CLIENTS = 48


@pytest.fixture
async def conn(ruins):
    conn = await asyncpg.connect(ruins.servers.database_url, database="pdu_bookings")
    yield conn
    await conn.close()


@pytest.fixture(scope="module")
def coordinator(ruins):
    return ruins.authorised(Role.COORDINATOR)


def people(count):
    return [f"{uuid4().hex}@example.org" for _ in range(count)]


async def by_state(conn, event):
    rows = await conn.fetch(
        """
        SELECT state, array_agg(booking_id::text ORDER BY booking_id) AS bookings
          FROM booking WHERE learning_event_id = $1 GROUP BY state
        """,
        event["learning_event_id"],
    )
    return dict(rows)


async def event_for(copies, coordinator, capacity):
    return await a.published_event(copies[0], coordinator, sessions=[a.session(capacity=capacity)])


async def test_a_rush_fills_a_hall_exactly_and_the_others_wait_in_order(copies, coordinator, conn):
    event = await event_for(copies, coordinator, 40)
    answers = await at_once(CLIENTS, asks(copies, event, people(120)))
    assert {answer.status_code for answer in answers} == {201}
    given = [answer.json()["places"][0] for answer in answers]
    assert sum(place["state"] == "confirmed" for place in given) == 40
    waiting = sorted(place["position"] for place in given if place["state"] == "waitlisted")
    assert waiting == list(range(1, 81))
    assert await broken_promises(conn, event) == []


async def test_one_person_who_asks_everywhere_at_once_has_one_booking(copies, coordinator, conn):
    event = await event_for(copies, coordinator, 5)
    answers = await at_once(40, asks(copies, event, ["marian@example.org"] * 40))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1, "all get the first answer"
    assert await broken_promises(conn, event) == []


async def test_one_key_sent_twenty_times_at_once_has_one_answer(copies, coordinator, conn):
    event = await event_for(copies, coordinator, 5)
    answers = await at_once(20, asks(copies, event, people(1) * 20, headers=a.key()))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    bookings = await conn.fetchval(
        "SELECT count(*) FROM booking WHERE learning_event_id = $1", event["learning_event_id"]
    )
    assert bookings == 1


async def test_one_key_for_two_people_at_once_serves_one_of_them(copies, coordinator, conn):
    event = await event_for(copies, coordinator, 5)
    answers = await at_once(20, asks(copies, event, people(2) * 10, headers=a.key()))
    codes = [answer.status_code for answer in answers]
    assert (codes.count(201), codes.count(422)) == (10, 10)
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    bookings = await conn.fetchval(
        "SELECT count(*) FROM booking WHERE learning_event_id = $1", event["learning_event_id"]
    )
    assert bookings == 1


async def test_a_storm_of_cancellations_offers_in_order(copies, coordinator, conn):
    event = await event_for(copies, coordinator, 15)
    answers = await at_once(CLIENTS, asks(copies, event, people(40)))
    booked = [answer.json()["booking_id"] for answer in answers]
    # Half of them leave, some twice, while others come.
    leaving = random.Random(2).sample(booked, 20)  # noqa: S311 - the same storm each time
    work = [
        *cancellations(copies, [*leaving, *leaving[:10]], coordinator),
        *asks(copies, event, people(15)),
    ]
    random.Random(3).shuffle(work)  # noqa: S311
    outcomes = await at_once(CLIENTS, work)
    assert {answer.status_code for answer in outcomes} <= {200, 201}
    assert await broken_promises(conn, event) == []
    states = await by_state(conn, event)
    assert len(states["confirmed"]) + len(states["offered"]) == 15
    assert (len(states["waitlisted"]), len(states["cancelled_by_pdu"])) == (20, 20)


async def test_a_storm_of_answers_loses_no_place_and_nobody_overtakes(copies, coordinator, conn):
    event = await event_for(copies, coordinator, 10)
    answers = await at_once(CLIENTS, asks(copies, event, people(40)))
    booked = [answer.json()["booking_id"] for answer in answers]
    await at_once(CLIENTS, cancellations(copies, booked[:10], coordinator))
    chance = random.Random(4)  # noqa: S311 - the same storm each time
    for _ in range(3):
        offered = (await by_state(conn, event)).get("offered", [])
        work = [
            *answers_to_offers(copies, offered * 2, coordinator, accept=True),
            *answers_to_offers(copies, offered, coordinator, accept=False),
            *cancellations(copies, chance.sample(booked, 4), coordinator),
            *asks(copies, event, people(4)),
        ]
        chance.shuffle(work)
        outcomes = await at_once(CLIENTS, work)
        assert {answer.status_code for answer in outcomes} <= {200, 201, 409}
        assert await broken_promises(conn, event) == []


async def test_when_all_leave_nobody_is_left(copies, coordinator, conn):
    event = await event_for(copies, coordinator, 5)
    answers = await at_once(CLIENTS, asks(copies, event, people(25)))
    booked = [answer.json()["booking_id"] for answer in answers]
    outcomes = await at_once(CLIENTS, cancellations(copies, booked, coordinator))
    assert {answer.status_code for answer in outcomes} == {200}
    assert await broken_promises(conn, event) == []
    row = await conn.fetchrow(
        "SELECT taken, waiting FROM session WHERE learning_event_id = $1",
        event["learning_event_id"],
    )
    assert tuple(row) == (0, 0)


async def test_the_database_itself_refuses_one_too_many(ruins, copies, coordinator):
    event = await event_for(copies, coordinator, 3)
    async with ruins.database("bookings") as database:
        with pytest.raises(asyncpg.CheckViolationError, match="session_is_never_oversold"):
            await database.pool.execute(
                "UPDATE session SET taken = 4 WHERE learning_event_id = $1",
                event["learning_event_id"],
            )


async def test_the_database_itself_refuses_a_second_booking(ruins, copies, coordinator):
    event = await event_for(copies, coordinator, 3)
    answer = await a.ask_for_place(copies[0], event)
    async with ruins.database("bookings") as database:
        with pytest.raises(asyncpg.UniqueViolationError, match="one_active_booking"):
            await database.pool.execute(
                """
                INSERT INTO booking
                SELECT ($2::text)::uuid, learning_event_id, person_id, state, organisation,
                       organisation_id, sector, work_field, role_level, area, heard_about,
                       booked_at, ended_at
                  FROM booking
                 WHERE booking_id = ($1::text)::uuid
                """,
                answer.json()["booking_id"],
                str(uuid4()),
            )


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(50))
async def test_long_storms(copies, coordinator, conn, seed):
    chance = random.Random(seed)  # noqa: S311
    event = await event_for(copies, coordinator, chance.randint(1, 60))
    answers = await at_once(64, asks(copies, event, people(200)))
    booked = [answer.json()["booking_id"] for answer in answers]
    work = [
        *cancellations(copies, chance.choices(booked, k=200), coordinator),
        *answers_to_offers(copies, chance.choices(booked, k=60), coordinator, accept=True),
        *answers_to_offers(copies, chance.choices(booked, k=60), coordinator, accept=False),
        *asks(copies, event, people(100)),
    ]
    chance.shuffle(work)
    await at_once(64, work)
    assert await broken_promises(conn, event) == []
