"""What people need so that the day works for them: who says it, who reads it, when it goes."""

from uuid import UUID, uuid4

import pytest

import asking

NEEDS = {"access": "A seat near the door", "dietary": None, "support": "Somebody I know beside me"}


@pytest.fixture
async def booking(bookings_http, token):
    return await asking.a_booking(bookings_http, token("coordinator"), needs=NEEDS)


async def test_people_see_change_and_delete_what_they_need_by_their_link(
    bookings_http, house, booking
):
    path = f"{asking.link(house, booking)}/needs"
    assert (await bookings_http.get(path)).json() == NEEDS
    other = {"access": None, "dietary": "No nuts", "support": None}
    for _ in range(2):
        assert (await bookings_http.put(path, json={"dietary": "No nuts"})).json() == other
    assert (await bookings_http.get(path)).json() == other
    for _ in range(2):
        assert (await bookings_http.delete(path)).status_code == 204
    assert not any((await bookings_http.get(path)).json().values())


async def test_whoever_reads_needs_is_noted_without_what_they_read(bookings_http, token, booking):
    reader = uuid4()
    path = f"/bookings/{booking['booking_id']}/needs"
    read = await bookings_http.get(path, headers=token("coordinator", sub=reader))
    assert read.json() == NEEDS
    of_event = await bookings_http.get(
        f"/learning-events/{booking['learning_event_id']}/needs",
        headers=token("coordinator", sub=reader),
    )
    assert [one["needs"] for one in of_event.json()["items"]] == [NEEDS]

    noted, after = [], None
    while not noted or after:
        page = await bookings_http.get(
            "/needs-readings",
            params={"after": after} if after else {},
            headers=token("data_protection_lead"),
        )
        assert "seat near" not in page.text
        noted += page.json()["items"]
        after = page.json()["next"]
    mine = [one for one in noted if one["read_by"] == str(reader)]
    assert [one["booking_id"] for one in mine] == [booking["booking_id"]] * 2


@pytest.mark.parametrize("role", ["member", "facilitator_speaker", "manager", "evaluator"])
async def test_needs_are_for_nobody_else(bookings_http, token, booking, role):
    path = f"/bookings/{booking['booking_id']}/needs"
    assert (await bookings_http.get(path, headers=token(role))).status_code == 403


async def test_needs_go_with_the_contact_point(bookings_http, bookings_database, token, booking):
    await bookings_database.pool.execute(
        "DELETE FROM contact WHERE booking_id = $1", UUID(booking["booking_id"])
    )
    path = f"/bookings/{booking['booking_id']}/needs"
    assert (await bookings_http.get(path, headers=token("coordinator"))).status_code == 404


async def test_a_place_given_back_takes_no_more_needs_and_lets_them_be_deleted(
    bookings_http, house, booking
):
    path = asking.link(house, booking)
    await bookings_http.post(f"{path}/cancellation")
    assert (await bookings_http.put(f"{path}/needs", json=NEEDS)).status_code == 409
    assert (await bookings_http.delete(f"{path}/needs")).status_code == 204


async def test_needs_behind_a_link_we_did_not_make_are_nothing(bookings_http):
    for call in (bookings_http.get, bookings_http.delete):
        assert (await call(f"/b/{'1' * 44}/needs")).status_code == 404
    assert (await bookings_http.put(f"/b/{'1' * 44}/needs", json={})).status_code == 404


async def test_needs_too_long_are_refused_and_change_nothing(bookings_http, house, booking):
    path = f"{asking.link(house, booking)}/needs"
    answer = await bookings_http.put(path, json={"access": "x" * 4001})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/access")
    assert (await bookings_http.get(path)).json() == NEEDS


async def test_whoever_has_no_needs_is_not_among_them(bookings_http, token):
    booking = await asking.a_booking(bookings_http, token("coordinator"), needs={"access": None})
    path = f"/bookings/{booking['booking_id']}/needs"
    assert (await bookings_http.get(path, headers=token("coordinator"))).status_code == 404
