"""After their staff came, an organisation is asked what became of it, until that is settled."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

import a
import programme
from pdu_bookings.rules.organisation_follow_up import due_on
from pdu_shared.identity import organisation_id


@pytest.fixture
async def came(bookings_http, bookings_database, token):
    """An event a month ago, to which two of one organisation came and one of none."""
    name = f"Sherwood {uuid4().hex.translate(str.maketrans('0123456789', 'ghijklmnop'))}"
    coordinator = token("coordinator")
    event = await a.published_event(bookings_http, coordinator)
    bookings = [
        (await a.ask_for_place(bookings_http, event, **named)).json()["booking_id"]
        for named in ({"organisation": name}, {"organisation": name.upper()}, {})
    ]
    people = await bookings_database.pool.fetch(
        "SELECT person_id::text FROM booking WHERE booking_id = ANY ($1::text[]::uuid[])", bookings
    )
    await programme.over(bookings_database, event, came=tuple(row["person_id"] for row in people))
    await bookings_database.pool.execute(
        "UPDATE attendance SET organisation_id = booking.organisation_id,"
        " booking_id = booking.booking_id FROM booking"
        " WHERE booking.person_id = attendance.person_id"
        " AND booking.booking_id = ANY ($1::text[]::uuid[])",
        bookings,
    )
    return event, str(organisation_id(name))


@pytest.fixture
def follow_ups(bookings_http, token):
    async def asked(organisation, role="coordinator"):
        return await bookings_http.get(
            "/organisation-follow-ups",
            params={"organisation_id": organisation},
            headers=token(role),
        )

    return asked


async def note(http, token, event, organisation, **said):
    return await http.put(
        f"/organisation-follow-ups/{event['learning_event_id']}/{organisation}",
        json=said,
        headers=token("coordinator"),
    )


def test_it_is_due_after_two_weeks_or_when_they_said():
    held_on = date(2027, 1, 14)
    assert due_on(held_on, None) == date(2027, 1, 28)
    assert due_on(held_on, date(2027, 3, 1)) == date(2027, 3, 1)


async def test_an_organisation_is_on_the_list_once_with_how_many_came(came, follow_ups):
    event, organisation = came
    [found] = (await follow_ups(organisation)).json()["items"]
    assert found["learning_event_id"] == event["learning_event_id"]
    assert (found["people"], found["outcome"], found["overdue"]) == (2, None, True)
    assert found["organisation"].lower().startswith("sherwood")
    assert (await follow_ups(organisation, "member")).status_code == 403


async def test_it_stays_until_it_is_settled(bookings_http, token, came, follow_ups):
    event, organisation = came
    later = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    answer = await note(
        bookings_http, token, event, organisation, outcome="no_answer", next_on=later
    )
    assert answer.status_code == 200, answer.text
    [found] = (await follow_ups(organisation)).json()["items"]
    assert (found["outcome"], found["due_on"], found["overdue"]) == ("no_answer", later, False)
    for _ in range(2):
        settled = await note(bookings_http, token, event, organisation, outcome="agreed_action")
        assert settled.json()["outcome"] == "agreed_action"
    assert (await follow_ups(organisation)).json()["items"] == []


async def test_who_sent_nobody_is_not_asked(bookings_http, token, came):
    event, organisation = came
    assert (await note(bookings_http, token, event, uuid4(), outcome="talked")).status_code == 404
    for wrong in ({"outcome": "fine"}, {"outcome": "talked", "next_on": "2020-01-01"}):
        answer = await note(bookings_http, token, event, organisation, **wrong)
        assert answer.status_code == 422
