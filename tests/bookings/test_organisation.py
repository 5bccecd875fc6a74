"""Bookings under any of the names of an organisation are of that organisation."""

from uuid import uuid4

import pytest

import a
from bus import deliver
from pdu_bookings.app import service
from pdu_shared.contracts.resources.member import MemberClosed, MemberProfileChanged
from pdu_shared.contracts.resources.organisation import (
    OrganisationMerged,
    OrganisationRegistered,
    OrganisationUnmerged,
)
from pdu_shared.identity import organisation_id


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
async def story(bookings_http, coordinator):
    """An event where four come from one organisation, and name it in two ways."""
    names = [f"{word} {uuid4().hex[:12]}" for word in ("Sherwood", "Sherwood Housing")]
    event = await a.published_event(bookings_http, coordinator)
    for name in (*names, *names):
        await a.ask_for_place(bookings_http, event, **a.person(organisation=name))
    return event["learning_event_id"], *names


async def unmatched(http, coordinator):
    path = "/coordinator/organisation-names/unmatched"
    return [one["name"] for one in (await http.get(path, headers=coordinator)).json()["items"]]


async def shares(http, coordinator, event):
    answer = await http.get(f"/learning-events/{event}/places", headers=coordinator)
    return [(one["organisation"], one["places"]) for one in answer.json()["large_shares"]]


async def test_a_name_that_is_matched_counts_for_its_organisation(
    bookings_http, bookings_database, coordinator, story
):
    event, one, other = story
    assert {one, other} <= set(await unmatched(bookings_http, coordinator))
    kept = organisation_id(one)
    registered = OrganisationRegistered(organisation_id=kept, canonical_name=one)
    matched = OrganisationMerged(kept_id=kept, merged_id=organisation_id(other))
    await deliver(service, bookings_database, registered, matched)
    assert not {one, other} & set(await unmatched(bookings_http, coordinator))
    assert await shares(bookings_http, coordinator, event) == [(one, 4)]
    parted = OrganisationUnmerged(**matched.model_dump())
    await deliver(service, bookings_database, parted)
    assert other in await unmatched(bookings_http, coordinator)
    assert await shares(bookings_http, coordinator, event) == []


async def test_a_profile_that_changes_is_followed_and_one_that_is_closed_forgotten(
    bookings_database,
):
    person, told = uuid4(), {**a.person(), "changed_on": "2026-10-01"}
    for field in ("name", "email"):
        del told[field]
    changed = MemberProfileChanged(person_id=person, **{**told, "sector": "private"})

    async def sector():
        return await bookings_database.pool.fetchval(
            "SELECT sector FROM member_profile WHERE person_id = $1", person
        )

    await deliver(service, bookings_database, changed)
    assert await sector() == "private"
    closed = MemberClosed(person_id=person, closed_on="2026-11-01")
    await deliver(service, bookings_database, closed)
    assert await sector() is None
