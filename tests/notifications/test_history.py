"""Nobody gets a letter about the past; what is still to come is known for letters later."""

import asyncio

import pytest

from eventually import until
from house import service
from pdu_notifications import community, hub, learning_event
from pdu_notifications.app import service as notifications
from pdu_shared.identity import derived_id, person_id
from pdu_shared.listening import hears_of_the_past
from pdu_shared.replay import replay
from scratch import ask_broker
from told_history import attendance, event, importer, member

COMING = {"status": "scheduled", "starts_at": "2027-05-15T09:30", "ends_at": "2027-05-15T12:30"}


@pytest.fixture
async def take(house, token):
    """What imports go through: all services run, with the broker between them."""
    headers = token("integration", scope=["import"])
    async with (
        house.http("bookings", broker=True) as bookings,
        house.http("resources", broker=True) as resources,
        house.running("notifications"),
        house.running("reporting"),
    ):
        takers = {"members": importer(resources, headers)}

        async def taken(file, *rows):
            return await takers.get(file, importer(bookings, headers))(file, *rows)

        yield taken


def person_of(house, row):
    return person_id(house.secrets.person_key.encode(), row["person_email"])


async def letters_to(database, people):
    return await database.pool.fetchval(
        """
        SELECT (SELECT count(*) FROM letter  WHERE person_id = ANY ($1))
             + (SELECT count(*) FROM booking WHERE person_id = ANY ($1))
             + (SELECT count(*) FROM contact_point WHERE person_id = ANY ($1))
        """,
        people,
    )


@pytest.mark.bus
async def test_an_import_posts_no_letter_and_makes_later_ones_possible(
    house, take, notifications_database, reporting_database
):
    coming = event(title="Care Act and self-neglect", **COMING)
    row, account = attendance(coming, state=""), member()
    await take("members", account)
    await take("events", coming)
    await take("attendances", row)
    people = [person_of(house, row), person_of(house, account)]
    await until(
        lambda: reporting_database.pool.fetchval(
            """
            SELECT (SELECT count(*) FROM booking WHERE person_id = ANY ($1))
                 + (SELECT count(*) FROM member  WHERE person_id = ANY ($1)) = 2
            """,
            people,
        )
    )
    await until(
        lambda: notifications_database.pool.fetchval(
            "SELECT true FROM session JOIN learning_event USING (learning_event_id) "
            "WHERE session_id = $1 AND title = 'Care Act and self-neglect'",
            derived_id("session", coming["event_key"]),
        )
    )
    assert await letters_to(notifications_database, people) == 0


@pytest.mark.bus
async def test_a_replay_of_everything_posts_no_letter_about_the_past(
    house, take, notifications_database, bookings_database
):
    coming = event(**COMING)
    row = attendance(coming, state="")
    await take("events", coming)
    await take("attendances", row)
    told = await replay(
        bookings_database,
        [house.amqp_url("bookings")],
        service="bookings",
        to="notifications",
        names=["EventBooked"],
    )
    assert told > 0
    queue = "/api/queues/pdu/notifications.inbox"

    async def is_empty():
        await asyncio.sleep(0.5)
        return (await ask_broker(house, "GET", queue)).get("messages") == 0

    await until(is_empty)
    assert await letters_to(notifications_database, [person_of(house, row)]) == 0


async def test_only_what_letters_speak_of_is_heard_of_the_past():
    hearing = {one for one in notifications.listeners if hears_of_the_past(one)}
    assert hearing == {
        learning_event.keep_learning_event,
        learning_event.keep_session,
        *hub.LISTENERS,
        *community.LISTENERS,
    }
    hearing = {one.__name__ for one in service("bookings").listeners if hears_of_the_past(one)}
    assert hearing == {"keep_profile", "learn_organisation", "learn_same_organisation"}
