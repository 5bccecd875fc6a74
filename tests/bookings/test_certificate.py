"""Certificates: for those who came to enough, verified by anybody, withdrawn when it was not so."""

import asyncio
import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest

import a
import programme
from attending import link, starting_soon, walk_in, write
from pdu_bookings.rules.certificate import Seen, completed, hours_of, sessions_needed
from pdu_shared.certificate import initials


async def an_event(http, token, sessions=1, **details):
    """A learning event with sessions of three hours, and somebody who booked it."""
    meetings = [starting_soon() for _ in range(sessions)]
    event = await a.published_event(http, token("coordinator"), sessions=meetings, **details)
    booking = (await a.ask_for_place(http, event)).json()["booking_id"]
    ids = [session["session_id"] for session in event["sessions"]]
    return event["learning_event_id"], ids, booking


async def came(http, token, booking, *session_ids, state="present"):
    for session_id in session_ids:
        answer = await write(http, token("coordinator"), session_id, [(booking, state)])
        assert answer.status_code == 200, answer.text


async def ask(http, house, booking, **form):
    return await http.post(f"/b/{link(house, booking)}/certificate", json=form)


async def own(http, house, booking):
    return await http.get(f"/b/{link(house, booking)}/certificate")


async def issue(http, token, learning_event_id):
    path = f"/learning-events/{learning_event_id}/certificates"
    return (await http.post(path, headers=token("coordinator"))).json()


async def told(database, learning_event_id):
    rows = await database.pool.fetch(
        "SELECT routing_key, (body::jsonb->'data'->>'hours')::float AS hours FROM outbox"
        " WHERE subject LIKE 'certificate/%' AND exchange = 'pdu.messages'"
        " AND body::jsonb->'data'->>'learning_event_id' = $1 ORDER BY position",
        learning_event_id,
    )
    return [(row["routing_key"].partition(".")[2], row["hours"]) for row in rows]


async def test_who_came_has_a_certificate_that_anybody_can_verify(
    bookings_http, bookings_database, token, house
):
    event_id, sessions, booking = await an_event(bookings_http, token)
    await came(bookings_http, token, booking, *sessions)
    mine = (await ask(bookings_http, house, booking)).json()
    assert (mine["holder"], mine["hours"]) == ("Alan a Dale", 3.0)
    seen = (await bookings_http.get(f"/certificates/{mine['code']}")).json()
    assert (seen["holder"], seen["state"], len(seen["days"])) == ("A. A. D.", "issued", 1)
    assert seen["verification_hash"] == hashlib.sha256(mine["code"].encode()).hexdigest()
    assert await told(bookings_database, event_id) == [("CertificateIssued", 3.0)]


async def test_its_holder_decides_whether_others_see_the_name(bookings_http, token, house):
    _, sessions, booking = await an_event(bookings_http, token)
    await came(bookings_http, token, booking, *sessions)
    for show_name, holder in ((True, "Alan a Dale"), (False, "A. A. D.")):
        mine = (await ask(bookings_http, house, booking, show_name=show_name)).json()
        seen = (await bookings_http.get(f"/certificates/{mine['code']}")).json()
        assert seen["holder"] == holder


async def test_a_certificate_asked_for_many_times_at_once_is_one(
    bookings_http, bookings_database, token, house
):
    event_id, sessions, booking = await an_event(bookings_http, token)
    await came(bookings_http, token, booking, *sessions)
    answers = await asyncio.gather(*(ask(bookings_http, house, booking) for _ in range(5)))
    assert len({answer.json()["code"] for answer in answers}) == 1
    assert len(await told(bookings_database, event_id)) == 1


async def test_all_sessions_are_needed_unless_a_share_is_said(bookings_http, token, house):
    event_id, sessions, booking = await an_event(bookings_http, token, sessions=2)
    await came(bookings_http, token, booking, sessions[0])
    assert (await ask(bookings_http, house, booking)).status_code == 409
    assert (await own(bookings_http, house, booking)).status_code == 404
    path = f"/learning-events/{event_id}/completion"
    said = await bookings_http.put(path, json={"share_percent": 50}, headers=token("coordinator"))
    assert said.json() == (await bookings_http.get(path)).json()
    assert (await ask(bookings_http, house, booking)).json()["hours"] == 3.0


async def test_an_accredited_event_gives_the_hours_of_its_accreditation(
    bookings_http, token, house
):
    _, sessions, booking = await an_event(bookings_http, token, cpd_hours=2.5)
    await came(bookings_http, token, booking, *sessions)
    assert (await ask(bookings_http, house, booking)).json()["hours"] == 2.5


async def test_a_certificate_is_withdrawn_and_given_again_as_the_register_is_put_right(
    bookings_http, bookings_database, token, house
):
    event_id, sessions, booking = await an_event(bookings_http, token)
    await came(bookings_http, token, booking, *sessions)
    code = (await ask(bookings_http, house, booking)).json()["code"]
    await came(bookings_http, token, booking, *sessions, state="absent_no_show")
    seen = (await bookings_http.get(f"/certificates/{code}")).json()
    assert (seen["state"], seen["hours"], seen["days"]) == ("withdrawn", 0, [])
    await came(bookings_http, token, booking, *sessions, state="partial")
    seen = (await bookings_http.get(f"/certificates/{code}")).json()
    assert (seen["state"], seen["hours"]) == ("issued", 1.5)
    assert await told(bookings_database, event_id) == [
        ("CertificateIssued", 3.0),
        ("CertificateWithdrawn", None),
        ("CertificateIssued", 1.5),
    ]


async def test_certificates_follow_what_completion_takes(bookings_http, token, house):
    event_id, sessions, booking = await an_event(bookings_http, token, sessions=2)
    path, headers = f"/learning-events/{event_id}/completion", token("coordinator")
    await bookings_http.put(path, json={"share_percent": 50}, headers=headers)
    await came(bookings_http, token, booking, sessions[0])
    await ask(bookings_http, house, booking)
    await bookings_http.put(path, json={"share_percent": 100}, headers=headers)
    assert (await own(bookings_http, house, booking)).json()["state"] == "withdrawn"
    await came(bookings_http, token, booking, sessions[1])
    mine = (await own(bookings_http, house, booking)).json()
    assert (mine["state"], mine["hours"]) == ("issued", 6.0)


async def test_certificates_follow_the_hours_of_accreditation(
    bookings_http, bookings_database, token, house
):
    event_id, sessions, booking = await an_event(bookings_http, token)
    await came(bookings_http, token, booking, *sessions)
    await ask(bookings_http, house, booking)
    path, coordinator = f"/learning-events/{event_id}", token("coordinator")
    for cpd_hours, hours in ((2.5, 2.5), (None, 3.0)):
        event = (await bookings_http.get(path)).json()
        edited = await programme.edit(bookings_http, coordinator, event, cpd_hours=cpd_hours)
        assert edited.status_code == 200, edited.text
        assert (await own(bookings_http, house, booking)).json()["hours"] == hours
    issued = [("CertificateIssued", hours) for hours in (3.0, 2.5, 3.0)]
    assert await told(bookings_database, event_id) == issued


async def test_a_coordinator_issues_all_with_a_letter_each_and_none_twice(
    bookings_http, bookings_database, token, house
):
    event_id, sessions, booking = await an_event(bookings_http, token)
    await came(bookings_http, token, booking, *sessions)
    await write(bookings_http, token("coordinator"), sessions[0], walk_ins=[walk_in()])
    first, second = [await issue(bookings_http, token, event_id) for _ in range(2)]
    assert (first["issued"], first["standing"], first["nameless"]) == (1, 0, 1)
    assert (second["issued"], second["standing"], second["nameless"]) == (0, 1, 1)
    code = (await own(bookings_http, house, booking)).json()["code"]
    sealed = await bookings_database.pool.fetch(
        "SELECT body FROM outbox WHERE routing_key = 'bookings.CertificateLinkIssued'"
        " AND subject = (SELECT 'certificate/' || certificate_id FROM certificate WHERE code = $1)",
        code,
    )
    assert len(sealed) == 1
    assert code not in sealed[0]["body"]


async def test_the_name_outlives_that_of_the_booking(
    bookings_http, bookings_database, token, house
):
    async def forget(booking):
        await bookings_database.pool.execute(
            "DELETE FROM contact WHERE booking_id = $1::text::uuid", booking
        )

    _, sessions, booking = await an_event(bookings_http, token)
    await came(bookings_http, token, booking, *sessions)
    await ask(bookings_http, house, booking)
    await forget(booking)
    assert (await own(bookings_http, house, booking)).json()["holder"] == "Alan a Dale"

    _, sessions, late = await an_event(bookings_http, token)
    await came(bookings_http, token, late, *sessions)
    await forget(late)
    refused = await ask(bookings_http, house, late)
    assert refused.json()["errors"][0]["pointer"] == "/name"
    assert (await ask(bookings_http, house, late, name="Alan")).json()["holder"] == "Alan"


async def test_only_coordinators_issue_and_nobody_finds_what_is_not_there(bookings_http, token):
    event_id, *_ = await an_event(bookings_http, token)
    facilitator = token("facilitator_speaker")
    path = f"/learning-events/{event_id}/certificates"
    assert (await bookings_http.post(path, headers=facilitator)).status_code == 403
    assert (await bookings_http.get(f"/certificates/{'a' * 24}")).status_code == 404
    assert (await bookings_http.get("/certificates/1")).status_code == 404
    nowhere = "/learning-events/018f0000-0000-7000-8000-000000000000"
    coordinator = token("coordinator")
    issued = await bookings_http.post(f"{nowhere}/certificates", headers=coordinator)
    said = await bookings_http.put(
        f"{nowhere}/completion", json={"share_percent": 50}, headers=coordinator
    )
    read = await bookings_http.get(f"{nowhere}/completion")
    assert {issued.status_code, said.status_code, read.status_code} == {404}


def seen(state, minutes=None, hours=3):
    return Seen(timedelta(hours=hours), state, minutes)


@pytest.mark.parametrize(
    ("sessions", "share", "needed"), [(4, 100, 4), (4, 75, 3), (3, 50, 2), (3, 1, 1), (0, 100, 1)]
)
def test_a_share_of_sessions_is_rounded_up(sessions, share, needed):
    assert sessions_needed(sessions, share) == needed


def test_partial_counts_as_having_come_and_for_the_hours_that_are_known():
    there = [seen("present"), seen("partial"), seen("partial", minutes=80), seen(None)]
    assert not completed(there, 100)
    assert completed(there, 75)
    assert hours_of(there, None) == Decimal("5.75")
    assert hours_of(there, Decimal(7)) == 7


def test_initials_are_of_every_part_of_a_name():
    assert initials("Marian  fitzwalter") == "M. F."
