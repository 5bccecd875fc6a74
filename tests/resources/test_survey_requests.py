"""Who came is asked on the day that was planned, reminded twice at most, and not too often."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bus import deliver
from house import service
from pdu_resources.rules.cadence import next_wave, reminders_of, requests_after
from pdu_resources.rules.invitation import expires_at
from pdu_resources.survey.attendance import plan_after
from pdu_resources.survey.diary import ask_next
from pdu_shared.contracts.bookings.attendance import AttendanceCorrected
from pdu_shared.contracts.notifications import MessageSent, MessageSuppressed
from pdu_shared.database import open_database
from pdu_shared.local_time import local_clock
from pdu_shared.reading import read
from pdu_shared.runtime import Runtime
from pdu_shared.sealing import Sealer
from resources.surveys import attendance
from spare import a_spare

HELD = date(2027, 3, 10)
MORNING_AFTER = datetime(2027, 3, 11, 9, tzinfo=UTC)
POST_EVENT = datetime(2027, 3, 24, 10, tzinfo=UTC)
FOLLOW_UP = datetime(2027, 6, 8, 9, tzinfo=UTC)
WAVE = datetime(2028, 1, 4, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
async def here(house):
    """Resources with a database of its own: its plan is worked off by nobody else."""
    async with (
        a_spare(house, "resources") as url,
        open_database(url, application="tests") as database,
    ):
        yield Runtime("resources", house.settings("resources"), database)


@pytest.fixture(autouse=True)
async def nothing_due(here):
    yield
    await here.database.pool.execute("DELETE FROM survey_due")


async def came(here, *, now=MORNING_AFTER, **details):
    message = attendance(details.pop("event", uuid4()), **{"held_on": HELD, **details})
    await deliver(service("resources"), here.database, message)
    async with here.database.pool.acquire() as conn:
        # What the listener planned by today's clock is planned again by the clock of the test.
        await conn.execute(
            "DELETE FROM survey_due WHERE learning_event_id = $1", message.learning_event_id
        )
        await plan_after(conn, message, now=now)
    return message


async def plan_of(here, person_id):
    rows = await here.database.pool.fetch(
        "SELECT survey_key, due_at, reason FROM survey_due WHERE person_id = $1 ORDER BY due_at",
        person_id,
    )
    return [tuple(row) for row in rows]


async def day(here, now):
    """Everything that is due by then."""
    while await ask_next(here, now=now):
        pass


async def links(house, here, person_id):
    """Invitations and reminders of a person, as notifications opens them."""
    sealer = Sealer(house.secrets.sealing_keys("notifications"))
    rows = await here.database.pool.fetch(
        """
        SELECT body FROM outbox
         WHERE routing_key IN ('resources.SurveyLinkIssued', 'resources.SurveyReminderIssued')
           AND subject IN (SELECT 'invitation/' || invitation_id FROM invitation
                            WHERE person_id = $1)
         ORDER BY position
        """,
        person_id,
    )
    return [read(one["body"].encode(), sent_by="resources", sealer=sealer).message for one in rows]


async def test_everything_is_planned_with_its_reason(here):
    message = await came(here)
    assert await plan_of(here, message.person_id) == [
        ("post_event", POST_EVENT, "14 days after the session"),
        ("follow_up", FOLLOW_UP, "90 days after the session"),
        ("follow_up", WAVE, "wave of January 2028, to all who came since the one before"),
    ]


async def test_one_letter_two_reminders_with_the_same_link_and_then_silence(house, here):
    message = await came(here)
    await day(here, POST_EVENT - timedelta(minutes=1))
    assert await links(house, here, message.person_id) == []
    for days in (0, 5, 10, 20):
        await day(here, POST_EVENT + timedelta(days=days))
    letter, first, second = await links(house, here, message.person_id)
    assert {letter.token} == {first.token, second.token}
    assert (letter.kind, first.number, second.number) == ("post_event", 1, 2)
    assert letter.closes_at == datetime(2027, 4, 14, 9, tzinfo=UTC)  # ten o'clock, in summer
    assert letter.learning_event_id == message.learning_event_id


@pytest.mark.parametrize("because", ["answered", "opted_out"])
async def test_nobody_is_reminded_who_answered_or_does_not_want_it(house, here, because):
    message = await came(here)
    await day(here, POST_EVENT)
    [link] = await links(house, here, message.person_id)
    if because == "answered":
        await here.database.pool.execute(
            "UPDATE invitation SET state = 'submitted' WHERE person_id = $1", message.person_id
        )
    else:
        told = MessageSuppressed(
            letter_id=uuid4(),
            template="survey_invitation",
            channel="email",
            related_id=link.invitation_id,
            reason="unsubscribed",
        )
        await deliver(service("resources"), here.database, told)
    await day(here, POST_EVENT + timedelta(days=20))
    assert len(await links(house, here, message.person_id)) == 1


async def test_a_second_request_waits_for_a_fortnight(house, here):
    first = await came(here)
    await came(here, person_id=first.person_id, held_on=HELD + timedelta(days=2))
    await day(here, POST_EVENT)
    await day(here, POST_EVENT + timedelta(days=2))
    assert len(await links(house, here, first.person_id)) == 1
    [put_off] = [one for one in await plan_of(here, first.person_id) if "asked lately" in one[2]]
    assert put_off[1] == datetime(2027, 4, 7, 9, tzinfo=UTC)  # ten by the clock on the wall
    await day(here, put_off[1])
    found = await links(house, here, first.person_id)
    assert len({one.invitation_id for one in found}) == 2


async def test_a_later_session_moves_what_is_planned(here):
    message = await came(here)
    await came(
        here,
        event=message.learning_event_id,
        person_id=uuid4(),
    )
    later = attendance(
        message.learning_event_id,
        person_id=message.person_id,
        held_on=HELD + timedelta(days=7),
    )
    async with here.database.pool.acquire() as conn:
        for again in (later, later, message):
            await plan_after(conn, again, now=MORNING_AFTER)
    [(_, due_at, _)] = [
        one for one in await plan_of(here, message.person_id) if one[0] == "post_event"
    ]
    assert due_at == datetime(2027, 3, 31, 9, tzinfo=UTC)


async def test_who_was_not_there_after_all_is_asked_nothing(here):
    message = await came(here)
    told = {**message.model_dump(), "state": "absent_no_show", "supersedes": uuid4()}
    await deliver(service("resources"), here.database, AttendanceCorrected(**told))
    assert {one[1] for one in await plan_of(here, message.person_id)} <= {WAVE}


async def test_a_late_register_asks_at_once_and_a_very_late_one_does_not(here):
    late = await came(here, now=POST_EVENT + timedelta(days=14))
    very_late = await came(here, now=POST_EVENT + timedelta(days=15))
    assert [len(await plan_of(here, one.person_id)) for one in (late, very_late)] == [3, 2]


async def test_it_can_be_switched_off(house, here):
    message = await came(here)
    await here.database.pool.execute(
        """
        INSERT INTO setting (name, value, changed_at)
        VALUES ('surveys.ask_after_events', 'false', now())
        """
    )
    await day(here, POST_EVENT)
    await here.database.pool.execute("DELETE FROM setting")
    assert await links(house, here, message.person_id) == []


async def test_the_steering_group_is_asked_without_saying_whom(house, here):
    message = await came(here)
    await here.database.pool.execute(
        "UPDATE survey SET kind = 'steering_group' WHERE survey_key = 'post_event'"
    )
    await day(here, POST_EVENT)
    [link] = await links(house, here, message.person_id)
    sent = MessageSent(
        letter_id=uuid4(),
        template="survey_invitation",
        channel="email",
        related_id=link.invitation_id,
    )
    await deliver(service("resources"), here.database, sent)
    await here.database.pool.execute(
        "UPDATE survey SET kind = 'post_event' WHERE survey_key = 'post_event'"
    )
    rows = await here.database.pool.fetch(
        "SELECT body FROM outbox WHERE exchange = 'pdu.messages' AND subject = $1",
        f"invitation/{link.invitation_id}",
    )
    assert rows == []


@given(st.dates(date(2018, 1, 1), date(2040, 1, 1)))
def test_whatever_the_season_it_is_ten_o_clock(held_on):
    now = datetime(held_on.year, held_on.month, held_on.day, 9, tzinfo=UTC)
    for one in requests_after(held_on, now=now):
        assert local_clock(one.due_at).hour == 10
        assert (local_clock(one.due_at).minute, one.due_at > now) == (0, True)
        assert [local_clock(at).hour for _, at in reminders_of(one.due_at)] == [10, 10]
        assert local_clock(expires_at(one.due_at)).hour == 10


@given(st.dates(date(2018, 1, 1), date(2040, 1, 1)))
def test_waves_are_on_the_first_tuesday_of_january_or_june(earliest):
    wave = next_wave(earliest)
    assert (wave.weekday(), wave.month in {1, 6}, wave.day <= 7) == (1, True, True)
    assert earliest <= wave <= earliest + timedelta(days=220)
