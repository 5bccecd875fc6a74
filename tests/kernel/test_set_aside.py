"""An operator looks at what was set aside, over HTTP: lets it in again, or gives it up."""

import pytest

import told
from bus import body_of
from pdu_shared.identity import uuid7
from pdu_shared.parking import park
from pdu_shared.reading import Flaw

CLOCK = "recorded in the future"


@pytest.fixture
def operator(token):
    return token("operator")


async def aside(database, *flaws):
    async with database.pool.acquire() as conn:
        return [await park(conn, flaw) for flaw in flaws]


async def listed(http, operator):
    """All pages, as somebody reads them who turns over two at a time."""
    found, after = {}, ""
    while after is not None:
        page = (await http.get(f"/set-aside?limit=2{after}", headers=operator)).json()
        found |= {one["parked_id"]: one for one in page["items"]}
        after = f"&after={page['next']}" if page["next"] else None
    return found


async def decided(http, operator, parked_id, resolution):
    path, body = f"/set-aside/{parked_id}/resolution", {"resolution": resolution}
    return await http.put(path, json=body, headers=operator)


async def test_the_list_says_why_and_never_what_the_message_says(
    bookings_http, bookings_database, operator
):
    secret = b'{"name": "somebody'
    ids = await aside(bookings_database, *[Flaw("malformed", "not JSON in UTF-8", secret)] * 3)
    found = await listed(bookings_http, operator)
    assert {found[str(one)]["reason"] for one in ids} == {"malformed"}
    assert found[str(ids[0])]["bytes"] == len(secret)
    assert "somebody" not in str(found)


async def test_what_is_let_in_again_has_its_effect_and_leaves_the_list(
    bookings_http, bookings_database, operator
):
    message = told.category(scheme="tests", code=uuid7().hex)
    [parked_id] = await aside(bookings_database, Flaw("clock", CLOCK, body_of(message)))
    answer = await decided(bookings_http, operator, parked_id, "replayed")
    assert (answer.status_code, answer.json()["resolution"]) == (200, "replayed")
    assert await known(bookings_database, message.code) == 1
    assert str(parked_id) not in await listed(bookings_http, operator)


async def test_what_still_cannot_be_read_is_set_aside_once_more(
    bookings_http, bookings_database, operator
):
    body = b"still no message " + uuid7().hex.encode()
    [parked_id] = await aside(bookings_database, Flaw("malformed", "not JSON in UTF-8", body))
    assert (await decided(bookings_http, operator, parked_id, "replayed")).status_code == 200
    rows = await bookings_database.pool.fetch(
        "SELECT resolution FROM parked WHERE body = $1 ORDER BY parked_id", body
    )
    assert [row["resolution"] for row in rows] == ["replayed", None]


async def test_a_decision_can_be_sent_twice_but_not_turned_round(
    bookings_http, bookings_database, operator
):
    message = told.category(scheme="tests", code=uuid7().hex)
    [parked_id] = await aside(bookings_database, Flaw("clock", CLOCK, body_of(message)))
    for _ in range(2):
        answer = await decided(bookings_http, operator, parked_id, "discarded")
        assert (answer.status_code, answer.json()["resolution"]) == (200, "discarded")
    assert (await decided(bookings_http, operator, parked_id, "replayed")).status_code == 409
    assert await known(bookings_database, message.code) == 0


async def test_what_is_not_there_or_no_decision_is_refused(bookings_http, operator):
    assert (await decided(bookings_http, operator, uuid7(), "replayed")).status_code == 404
    answer = await decided(bookings_http, operator, uuid7(), "forgotten")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/resolution")


async def known(database, code):
    return await database.pool.fetchval(
        "SELECT count(*) FROM category WHERE scheme = 'tests' AND code = $1", code
    )
