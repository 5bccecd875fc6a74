"""A member books: what the hub knows of them already, nobody asks again."""

from uuid import uuid4

import pytest

import a
import telling
from bus import deliver
from pdu_bookings.app import service
from pdu_shared.contracts.resources.organisation import OrganisationChanged, OrganisationRegistered
from pdu_shared.identity import organisation_id, person_id
from pdu_shared.persons import persons_of


@pytest.fixture
async def event(bookings_http, token):
    return await a.published_event(bookings_http, token("coordinator"))


class Member:
    """Somebody who has signed in, with what they told the hub."""

    def __init__(self, http, database, token):
        self.http, self.database = http, database
        self.email = f"member-{uuid4().hex[:12]}@example.org"
        self.person_id = person_id(b"pdu-test-key", self.email)
        self.headers = token("member", sub=self.person_id)

    async def tells_the_hub(self, **details):
        message = telling.member(person_id=self.person_id, **details)
        await deliver(service, self.database, message, origin="import")

    async def books(self, event, **said):
        path = f"/learning-events/{event['learning_event_id']}/bookings/own"
        form = {"name": "Alan a Dale", "email": self.email, **said}
        return await self.http.post(path, json=form, headers={**self.headers, **a.key()})

    async def kept(self, booked):
        row = await self.database.pool.fetchrow(
            "SELECT sector, work_field, role_level, area, organisation, organisation_id"
            " FROM booking WHERE booking_id = $1::text::uuid",
            booked.json()["booking_id"],
        )
        return tuple(row)


@pytest.fixture
def member(bookings_http, bookings_database, token):
    return Member(bookings_http, bookings_database, token)


async def test_a_name_and_an_address_are_enough(member, event):
    trust = organisation_id("Sherwood Trust")
    await member.tells_the_hub(organisation_id=trust, role_level="team_manager")
    booked = await member.books(event)
    assert (booked.status_code, booked.json()["state"]) == (201, "confirmed")
    assert await member.kept(booked) == (
        "voluntary", "housing_homelessness", "team_manager", "nottingham_city", None, trust
    )  # fmt: skip


async def test_an_organisation_of_the_registry_is_known_by_its_name(member, event):
    trust = uuid4()
    registered = OrganisationRegistered(organisation_id=trust, canonical_name="Green Trust")
    renamed = OrganisationChanged(organisation_id=trust, canonical_name="Greenwood Trust")
    await deliver(service, member.database, registered, renamed)
    await member.tells_the_hub(organisation_id=trust)
    assert (await member.kept(await member.books(event)))[4:] == ("Greenwood Trust", trust)


async def test_what_is_said_now_counts_and_the_rest_is_as_known(member, event):
    await member.tells_the_hub(organisation_id=organisation_id("Sherwood Trust"))
    booked = await member.books(event, area="national", organisation=None)
    assert (await member.kept(booked))[3:] == ("national", None, None)


async def test_without_a_profile_it_is_as_they_last_booked(member, event, bookings_http, token):
    before = await a.published_event(bookings_http, token("coordinator"))
    await a.ask_for_place(bookings_http, before, email=member.email, organisation="Green Trust")
    booked = await member.books(event)
    assert (await member.kept(booked))[4:] == ("Green Trust", organisation_id("Green Trust"))


async def test_a_newer_profile_counts_and_forms_are_offered_it(member, bookings_http):
    await member.tells_the_hub()
    await member.tells_the_hub(work_field="mental_health")
    details = await bookings_http.get("/own/booking-details", headers=member.headers)
    assert (details.json()["work_field"], details.json()["organisation"]) == ("mental_health", None)


async def test_what_nobody_told_yet_is_asked_for(member, event):
    answer = await member.books(event, sector="voluntary")
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [
        "/work_field", "/role_level", "/area"
    ]  # fmt: skip


async def test_nobody_books_with_the_profile_of_somebody_else(member, event, bookings_http):
    await member.tells_the_hub()
    answer = await member.books(event, email="another@example.org")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/email"]
    path = f"/learning-events/{event['learning_event_id']}/bookings/own"
    form = {"name": "Alan a Dale", "email": member.email}
    stranger = await bookings_http.post(path, json=form, headers=a.key())
    assert stranger.status_code == 401


async def test_a_member_whose_ids_turned_out_to_be_one_books(member, event, bookings_database):
    other = f"other-{uuid4().hex[:12]}@example.org"
    [merged_id] = await persons_of(bookings_database.pool, b"pdu-test-key", [other])
    merged = telling.merged(kept_id=member.person_id, merged_id=merged_id)
    await member.tells_the_hub()
    await deliver(service, bookings_database, merged)
    assert (await member.books(event, email=other)).status_code == 201
