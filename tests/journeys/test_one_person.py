"""Two ids that turn out to be one person, and two again: every service follows both."""

from uuid import uuid4

import pytest

import a
import telling
from bus import deliver
from house import service
from members import a_member
from pdu_shared.reading import read
from resources.surveys import a_survey

OTHERS = ("bookings", "notifications", "reporting")


@pytest.fixture
def databases(bookings_database, notifications_database, reporting_database):
    return dict(
        zip(OTHERS, (bookings_database, notifications_database, reporting_database), strict=True)
    )


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
async def two(resources_http, token):
    """Somebody who registered twice."""
    return [await a_member(resources_http, token) for _ in range(2)]


@pytest.fixture
def bring(resources_database, databases):
    """Bring what resources told of a person since the last time to all others."""
    brought = set()

    async def to_all(person_id):
        rows = await resources_database.pool.fetch(
            """
            SELECT position, body FROM outbox
             WHERE subject = $1 AND exchange = 'pdu.messages' ORDER BY position
            """,
            f"person/{person_id}",
        )
        batch = [row["body"] for row in rows if row["position"] not in brought]
        brought.update(row["position"] for row in rows)
        for name, database in databases.items():
            told = [read(body.encode(), sent_by="resources", sealer=None) for body in batch]
            heard = service(name).heard or None
            await service(name).take(
                database, [one for one in told if heard is None or type(one.message) in heard]
            )

    return to_all


async def individuals(http, header, year):
    answer = await http.get("/figures/individuals", params={"project_year": year}, headers=header)
    return answer.json()["rows"][0]["value"]


async def test_every_service_follows_a_merge_and_its_end(  # noqa: PLR0913, PLR0917
    resources_http, bookings_http, reporting_http, databases, coordinator, two, bring
):
    kept, merged = two
    year = telling.project_year()
    came = [telling.attendance(person_id=one.person_id, held_on=year.starts_on) for one in two]
    await deliver(service("reporting"), databases["reporting"], year, *came)
    here = (reporting_http, coordinator, year.code)
    assert await individuals(*here) == 2

    form = {"kept_id": str(kept.person_id), "merged_id": str(merged.person_id), "basis": "same"}
    await resources_http.post("/persons/merges", json=form, headers=coordinator)
    for one in two:
        await bring(one.person_id)
    assert await individuals(*here) == 1
    event = await a.published_event(bookings_http, coordinator)
    booked = [
        (await a.ask_for_place(bookings_http, event, **a.person(email=one.email))).json()
        for one in two
    ]
    assert booked[0] == booked[1]
    assert await _alias(databases["notifications"], merged) == kept.person_id
    assert (await merged.profile(resources_http)).json()["address"] == kept.email

    path = f"/persons/merges/{merged.person_id}"
    await resources_http.delete(path, headers=coordinator)
    await bring(merged.person_id)
    assert await individuals(*here) == 2
    event = await a.published_event(bookings_http, coordinator)
    booked = [
        (await a.ask_for_place(bookings_http, event, **a.person(email=one.email))).json()
        for one in two
    ]
    assert booked[0] != booked[1]
    assert await _alias(databases["notifications"], merged) is None
    assert (await merged.profile(resources_http)).json()["address"] == merged.email


async def test_a_survey_asks_one_person_once_and_two_persons_each(
    resources_http, resources_database, coordinator, two
):
    kept, merged = two
    form = {"kept_id": str(kept.person_id), "merged_id": str(merged.person_id), "basis": "same"}
    await resources_http.post("/persons/merges", json=form, headers=coordinator)
    assert await _invited(resources_http, resources_database, coordinator, two) == 1
    path = f"/persons/merges/{merged.person_id}"
    await resources_http.delete(path, headers=coordinator)
    assert await _invited(resources_http, resources_database, coordinator, two) == 2


async def _alias(database, merged):
    return await database.pool.fetchval(
        "SELECT kept_id FROM person_alias WHERE merged_id = $1", merged.person_id
    )


async def _invited(http, database, coordinator, people):
    """How many invitations there are when both came to an event."""
    event = uuid4()
    came = [telling.attendance(learning_event_id=event, person_id=one.person_id) for one in people]
    await deliver(service("resources"), database, *came)
    survey = await a_survey(http, coordinator)
    answer = await http.post(
        f"/surveys/{survey['survey_key']}/invitations",
        json={"learning_event_id": str(event)},
        headers=coordinator,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["invited"]
