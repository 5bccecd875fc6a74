"""What another city has otherwise: office hours, and how soon contributors hear what came of it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

import a
import programme
from experts import a_circle, told
from pdu_bookings.rules.out_of_hours import out_of_hours
from pdu_shared.contracts.resources.vocabulary import SettingChanged
from pdu_shared.database import transaction
from pdu_shared.instance import keep_setting
from pdu_shared.local_time import local_now, moment


@pytest.fixture
async def otherwise(bookings_database):
    """Changes a setting until the end of the test."""

    async def change(key, **to):
        async with transaction(bookings_database) as conn:
            await keep_setting(conn, SettingChanged(setting_id=uuid4(), key=key, **to))

    yield change
    await bookings_database.pool.execute("DELETE FROM instance_setting")


def a_working_day():
    """In how many days one is."""
    ten = local_now().replace(hour=10, minute=0)
    ahead = range(30, 45)
    return next(
        days
        for days in ahead
        if not out_of_hours(*(moment(ten + timedelta(days=days, hours=more)) for more in (0, 1)))
    )


async def test_an_evening_is_office_time_where_offices_close_late(
    bookings_http, bookings_database, token, otherwise
):
    coordinator, days = token("coordinator"), a_working_day()
    evening = {"starts_at": programme.at(18, days=days), "ends_at": programme.at(19, days=days)}
    usual = await a.published_event(bookings_http, coordinator, sessions=[a.session(**evening)])
    await otherwise("office.closes", wording="19:00")
    late = await a.published_event(bookings_http, coordinator, sessions=[a.session(**evening)])
    await otherwise("office.opens", wording="18:30")
    early = await a.published_event(bookings_http, coordinator, sessions=[a.session(**evening)])
    events = (usual, late, early)
    assert [one["sessions"][0]["out_of_hours"] for one in events] == [True, False, True]
    facts = [
        await programme.facts(
            bookings_database, "SessionScheduled", one["sessions"][0]["session_id"]
        )
        for one in events
    ]
    assert ['"out_of_hours":true' in one.replace(" ", "") for [one] in facts] == [
        True, False, True,
    ]  # fmt: skip
    moved = {"starts_at": programme.at(17, days=days), "ends_at": programme.at(18, days=days)}
    again = (await programme.move(bookings_http, coordinator, late, **moved)).json()
    assert again["sessions"][0]["out_of_hours"] is True
    await otherwise("office.opens", wording="08:30")
    again = (await programme.move(bookings_http, coordinator, early, **moved)).json()
    assert again["sessions"][0]["out_of_hours"] is False


async def test_contributors_hear_within_the_days_of_their_city(
    bookings_http, bookings_database, token, otherwise
):
    await otherwise("feedback.days", number=20)
    circle = await a_circle(bookings_http, token)
    engagement_id = await circle.contributed(bookings_database)
    *_, (_, due) = await told(bookings_database, engagement_id)
    assert due["days"] == 20
    task = (await circle.tasks())["give_feedback"]
    [day] = await bookings_database.pool.fetchrow(
        "SELECT contributed_on FROM lived_experience.involvement WHERE engagement_id = $1",
        engagement_id,
    )
    assert date.fromisoformat(task["due_on"]) == day + timedelta(days=20)
