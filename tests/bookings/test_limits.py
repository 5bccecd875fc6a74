"""How often one address may send what everybody may send: an office has enough, a robot has not."""

from datetime import UTC, datetime
from ipaddress import IPv6Address, IPv6Network
from secrets import randbits
from uuid import uuid4

import pytest

import a
from pdu_bookings.app import service
from pdu_bookings.place.desk import LETTERS
from pdu_shared.access import PUBLIC
from pdu_shared.limits import count

ANONYMOUS = sorted(
    route for route, who in service.access.items() if who == PUBLIC and route.startswith("POST /")
)
BY_LINK = ("/b/", "/m/", "/n/", "/f/")
"""Whoever has the link of a letter has 128 bits that nobody guesses."""
ENOUGH = 50
"""A slow machine gives so many places free again, at most, while it counts to the limit."""


def a_household():
    """A network of the block for documentation: any other might be one of our own machines."""
    ours = int(IPv6Address("2001:db8::")) >> 64 | randbits(32)
    return IPv6Network((ours << 64, 64))


def test_every_form_for_everybody_has_a_limit():
    open_to_all = {route for route in ANONYMOUS if not route[5:].startswith(BY_LINK)}
    assert open_to_all == set(service.limits)


@pytest.mark.parametrize("route", sorted(service.limits))
async def test_an_office_has_enough_and_whoever_goes_on_and_on_waits(bookings_http, route):
    limit = service.limits[route]
    assert limit.most >= 60, "an office of sixty behind one address"
    runtime = bookings_http._transport.app.state.runtime  # noqa: SLF001 - it has no other door
    path = route[5:].format(key="none", learning_event_id=uuid4())
    here, there = a_household(), a_household()

    async def sent_from(household):
        headers = {**a.key(), "X-Forwarded-For": str(household[7])}
        return (await bookings_http.post(path, json={}, headers=headers)).status_code

    began = datetime.now(UTC)
    for _ in range(limit.most - 2):
        await count(runtime, limit, str(here), began)
    statuses = []
    while len(statuses) < ENOUGH and 429 not in statuses:
        statuses.append(await sent_from(here))
    *let_in, last = statuses
    free_again = (datetime.now(UTC) - began) // limit.each
    assert last == 429
    assert 2 <= len(let_in) <= 2 + free_again
    assert let_in == [let_in[0]] * len(let_in)
    assert let_in[0] in (404, 422), "counted, and then looked at like any other"
    assert await sent_from(there) == let_in[0]


async def test_nobody_can_have_one_address_written_to_without_end(bookings_http, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    victim, other = (f"person-{uuid4().hex}@example.org" for _ in range(2))
    runtime = bookings_http._transport.app.state.runtime  # noqa: SLF001 - it has no other door
    for _ in range(LETTERS.most - 1):
        await count(runtime, LETTERS, victim, datetime.now(UTC))

    async def asked(email, **more):
        headers = {**a.key(), "X-Forwarded-For": str(a_household()[7]), **more}
        answer = await bookings_http.post(
            f"/learning-events/{event['learning_event_id']}/bookings",
            json=a.person(email=email),
            headers=headers,
        )
        return answer.status_code

    assert await asked(victim) == 201
    assert await asked(victim) == 429, "from another address each time"
    assert await asked(other) == 201
    assert await asked(victim, **{"X-Forwarded-For": ""}) == 201, "our own machines are not counted"
