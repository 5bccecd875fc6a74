"""Checking oneself in: with the code on the wall and the link in the letter."""

import asyncio

from attending import booked_session, link, move, register, states, told, write


async def a_session_that_begins(http, database, token, people=1):
    session_id, bookings = await booked_session(http, token, people=people)
    await move(database, session_id, minutes=-160)  # in twenty minutes
    return session_id, bookings


async def code_of(http, token, session_id):
    answer = await http.get(f"/sessions/{session_id}/check-in-code", headers=token("coordinator"))
    assert answer.status_code == 200, answer.text
    return answer.json()["code"]


async def check_in(http, house, booking_id, code):
    return await http.post(f"/b/{link(house, booking_id)}/check-in", json={"code": code})


def another(code):
    return code[:-1] + ("2" if code[-1] != "2" else "3")


async def test_who_is_there_checks_in_once(bookings_http, bookings_database, token, house):
    session_id, [one] = await a_session_that_begins(bookings_http, bookings_database, token)
    code = await code_of(bookings_http, token, session_id)
    for said in (code, f" {code[:3]}-{code[3:]} ".lower()):
        answer = await check_in(bookings_http, house, one, said)
        assert answer.json() == {"session_id": session_id, "state": "present"}
    [line] = (await register(bookings_http, token("coordinator"), session_id))["expected"]
    assert line["method"] == "self_check_in"
    assert await told(bookings_database, session_id) == [
        ("AttendanceRecorded", "present"),
        ("EventHeld", None),
    ]


async def test_a_code_opens_nothing_before_its_time_and_trying_costs_nothing(
    bookings_http, bookings_database, token, house
):
    session_id, [one] = await booked_session(bookings_http, token, people=1)
    code = await code_of(bookings_http, token, session_id)
    early = [await check_in(bookings_http, house, one, code) for _ in range(6)]
    assert {answer.status_code for answer in early} == {422}
    await move(bookings_database, session_id, minutes=-160)
    assert (await check_in(bookings_http, house, one, code)).status_code == 200
    await move(bookings_database, session_id, hours=-4)
    assert (await check_in(bookings_http, house, one, code)).status_code == 422


async def test_after_five_wrong_codes_the_right_one_opens_nothing(
    bookings_http, bookings_database, token, house
):
    session_id, [one, two] = await a_session_that_begins(
        bookings_http, bookings_database, token, people=2
    )
    code = await code_of(bookings_http, token, session_id)
    wrong = await asyncio.gather(
        *(check_in(bookings_http, house, one, another(code)) for _ in range(6))
    )
    right = await check_in(bookings_http, house, one, code)
    bodies = [{**answer.json(), "instance": None} for answer in (*wrong, right)]
    assert all(body == bodies[0] for body in bodies)
    assert (await check_in(bookings_http, house, two, code)).status_code == 200
    assert (await states(bookings_http, token("coordinator"), session_id))[one] is None


async def test_a_code_that_was_changed_opens_nothing_any_more(
    bookings_http, bookings_database, token, house
):
    session_id, [one] = await a_session_that_begins(bookings_http, bookings_database, token)
    old = await code_of(bookings_http, token, session_id)
    headers = {**token("coordinator"), "Idempotency-Key": f"change-{session_id}"}
    changed = [
        await bookings_http.post(f"/sessions/{session_id}/check-in-code", headers=headers)
        for _ in range(2)
    ]
    assert changed[0].json() == changed[1].json()
    new = await code_of(bookings_http, token, session_id)
    assert new == changed[0].json()["code"] != old
    assert (await check_in(bookings_http, house, one, old)).status_code == 422
    assert (await check_in(bookings_http, house, one, new)).status_code == 200


async def test_the_code_of_one_session_is_not_that_of_another(
    bookings_http, bookings_database, token, house
):
    _, [one] = await a_session_that_begins(bookings_http, bookings_database, token)
    other, _ = await a_session_that_begins(bookings_http, bookings_database, token)
    code = await code_of(bookings_http, token, other)
    assert (await check_in(bookings_http, house, one, code)).status_code == 422


async def test_what_was_put_right_by_hand_stays(bookings_http, bookings_database, token, house):
    session_id, [one] = await a_session_that_begins(bookings_http, bookings_database, token)
    for state in ("present", "absent_no_show"):
        await write(bookings_http, token("coordinator"), session_id, [(one, state)])
    code = await code_of(bookings_http, token, session_id)
    answer = await check_in(bookings_http, house, one, code)
    assert answer.json()["state"] == "absent_no_show"


async def test_who_apologised_and_came_after_all_is_there(
    bookings_http, bookings_database, token, house
):
    session_id, [one] = await a_session_that_begins(bookings_http, bookings_database, token)
    path = f"/b/{link(house, one)}/apologies"
    await bookings_http.post(path, json={"session_id": session_id})
    await check_in(bookings_http, house, one, await code_of(bookings_http, token, session_id))
    assert await told(bookings_database, session_id) == [
        ("AttendanceRecorded", "absent_apologies"),
        ("AttendanceCorrected", "present"),
        ("EventHeld", None),
    ]


async def test_only_those_at_the_door_see_the_code(bookings_http, token):
    session_id, _ = await booked_session(bookings_http, token, people=0)
    path = f"/sessions/{session_id}/check-in-code"
    assert (await bookings_http.get(path)).status_code == 401
    assert (await bookings_http.get(path, headers=token("member"))).status_code == 403
