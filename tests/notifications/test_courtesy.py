"""Letters that nobody waits for: not at night, not too many, and none to who said no."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest

from notifications.office import Clock, PostBox, office
from pdu_notifications.letter import Letter, post
from pdu_notifications.mailing_list import Step, move, subscriber
from pdu_notifications.postman import deliver_next
from pdu_notifications.rules.courtesy import Quiet, room_at
from pdu_notifications.wording import Content, Section
from pdu_shared.contracts.resources.vocabulary import SettingChanged
from pdu_shared.contracts.vocabulary import MailingList, SubscriptionState
from pdu_shared.database import transaction
from pdu_shared.instance import keep_setting

NIGHT = Quiet(time(20), time(8))
AFTER_EVENTS, SURVEYS, BULLETIN = (
    MailingList.AFTER_EVENTS,
    MailingList.SURVEYS,
    MailingList.BULLETIN,
)


@pytest.mark.parametrize(
    ("now", "may_go"),
    [
        ("2027-01-14T07:59", "2027-01-14T08:00"),
        ("2027-01-14T08:00", "2027-01-14T08:00"),
        ("2027-01-14T19:59", "2027-01-14T19:59"),
        ("2027-01-14T20:00", "2027-01-15T08:00"),
        ("2027-01-14T23:59", "2027-01-15T08:00"),
        ("2027-03-28T00:30", "2027-03-28T07:00"),  # the clocks go forward: 08:00 is 07:00 UTC
        ("2027-10-31T01:30", "2027-10-31T08:00"),  # and back
        ("2027-07-01T19:30", "2027-07-02T07:00"),  # 20:30 on a summer evening
    ],
)
def test_nobody_is_disturbed_at_night(now, may_go):
    now, may_go = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (now, may_go))
    assert NIGHT.over_at(now) == may_go


def test_quiet_hours_within_a_day():
    siesta = Quiet.of("13:00-15:00")
    assert siesta.over_at(datetime(2027, 1, 14, 14, tzinfo=UTC)).hour == 15
    assert siesta.over_at(datetime(2027, 1, 14, 16, tzinfo=UTC)).hour == 16
    assert Quiet.of("") is None


NOW = datetime(2027, 1, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("of", "sent", "days"),
    [
        (AFTER_EVENTS, [], 0),
        (AFTER_EVENTS, [(AFTER_EVENTS, 1)], 0),
        (AFTER_EVENTS, [(AFTER_EVENTS, 1), (BULLETIN, 3)], 4),
        (AFTER_EVENTS, [(AFTER_EVENTS, 8), (BULLETIN, 3)], 0),
        (SURVEYS, [(SURVEYS, 13)], 1),
        (SURVEYS, [(SURVEYS, 15)], 0),
        (SURVEYS, [(SURVEYS, 13), (BULLETIN, 1), (AFTER_EVENTS, 2)], 5),
    ],
)
def test_two_a_week_and_one_survey_a_fortnight(of, sent, days):
    lately = [(one, NOW - timedelta(days=ago)) for one, ago in sent]
    assert room_at(of, lately, now=NOW) == NOW + timedelta(days=days)


class Someone:
    """A person whose letters we follow."""

    def __init__(self, database):
        self.database = database
        self.person_id = uuid4()
        self.address = f"{self.person_id}@example.org"

    async def is_known(self):
        await self.database.pool.execute(
            "INSERT INTO contact_point VALUES ($1, $2, 'Marian', true, $1)",
            self.person_id,
            self.address,
        )
        return self

    async def is_written_to(self, one=None, **changes):
        letter = Letter(
            kind="thanks",
            person_id=self.person_id,
            related_id=uuid4(),
            list=one,
            repeatable=True,
            content=Content(subject="Thank you", sections=(Section(sentences=("Come back.",)),)),
        )
        async with transaction(self.database) as conn:
            await post(conn, replace(letter, **changes))

    async def leaves(self, one):
        async with transaction(self.database) as conn:
            now = datetime.now(UTC)
            step = Step(how="one_click", at=now)
            who = await subscriber(conn, self.person_id, now=now)
            await move(conn, who, {one: SubscriptionState.UNSUBSCRIBED}, step)

    async def letters(self):
        rows = await self.database.pool.fetch(
            "SELECT state, reason FROM letter WHERE person_id = $1 ORDER BY letter_id",
            self.person_id,
        )
        return [(row["state"], row["reason"]) for row in rows]


@pytest.fixture
async def someone(database):
    return await Someone(database).is_known()


async def delivered(post_office):
    while await deliver_next(post_office):
        pass


SENT = ("sent", "accepted")


async def test_a_letter_of_a_list_says_how_to_leave_it(database, someone, post_box):
    box = await post_box()
    await someone.is_written_to(AFTER_EVENTS)
    await delivered(office(database, box))
    [letter] = box.letters()
    [raw] = [copy.content for copy in box.copies]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    line = next(line for line in raw.split(b"\r\n") if line.startswith(b"List-Unsubscribe:"))
    assert line.startswith(b"List-Unsubscribe: <https://portal.example.org/u/1")
    assert line.endswith(b">")
    for form in ("plain", "html"):
        said = letter.get_body((form,)).get_content()
        assert "https://portal.example.org/p/1" in said


async def test_what_somebody_waits_for_has_no_such_header_and_always_goes(
    database, someone, post_box
):
    box = await post_box()
    for _ in range(4):
        await someone.is_written_to()
    await someone.leaves(AFTER_EVENTS)
    midnight = replace(office(database, box), quiet=Quiet(time(0), time(23, 59, 59)))
    await delivered(midnight)
    assert await someone.letters() == [SENT] * 4
    assert all(letter["List-Unsubscribe"] is None for letter in box.letters())


def go_to_eleven(clock):
    """Late tomorrow, in winter and in summer, whatever time it is now."""
    now = datetime.now(UTC)
    clock.ahead = now.replace(hour=23, minute=0) + timedelta(days=1) - now


async def test_a_letter_of_the_night_goes_in_the_morning(database, someone, post_box):
    box, clock = await post_box(), Clock()
    go_to_eleven(clock)
    place = replace(office(database, box, clock=clock), quiet=NIGHT)
    await someone.is_written_to(AFTER_EVENTS)
    await delivered(place)
    assert await someone.letters() == [("queued", "quiet_hours")]
    clock.forward(hours=10)
    await delivered(place)
    assert await someone.letters() == [SENT]


async def is_otherwise(database, **told):
    async with transaction(database) as conn:
        for name, value in told.items():
            key = name.replace("__", ".")
            kind = "number" if isinstance(value, int) else "wording"
            changed = SettingChanged(setting_id=uuid4(), key=key, **{kind: value})
            await keep_setting(conn, changed)


async def test_another_city_has_other_quiet_hours(database, someone, post_box):
    box, clock = await post_box(), Clock()
    go_to_eleven(clock)
    place = replace(office(database, box, clock=clock), quiet=NIGHT)
    await is_otherwise(database, letters__quiet_from="02:00", letters__quiet_until="09:30")
    await someone.is_written_to(AFTER_EVENTS)
    await delivered(place)
    assert await someone.letters() == [SENT]
    clock.forward(hours=9)  # eight or nine in the morning
    await someone.is_written_to(AFTER_EVENTS)
    await delivered(place)
    assert await someone.letters() == [SENT, ("queued", "quiet_hours")]


async def test_another_city_writes_more_often_and_asks_less_often(database, someone, post_box):
    box, clock = await post_box(), Clock()
    place = office(database, box, clock=clock)
    await is_otherwise(database, letters__a_week=4, surveys__days_between=60)
    for one in (AFTER_EVENTS, AFTER_EVENTS, SURVEYS):
        await someone.is_written_to(one)
        await delivered(place)
    assert await someone.letters() == [SENT] * 3
    clock.forward(days=59)
    await someone.is_written_to(SURVEYS)
    await delivered(place)
    assert await someone.letters() == [SENT] * 3 + [("queued", "frequency_cap")]
    clock.forward(days=1, minutes=1)
    await delivered(place)
    assert await someone.letters() == [SENT] * 4


async def test_the_third_letter_of_a_week_waits_for_the_next(database, someone, post_box):
    box, clock = await post_box(), Clock()
    place = office(database, box, clock=clock)
    for _ in range(3):
        await someone.is_written_to(AFTER_EVENTS)
        await delivered(place)
    assert await someone.letters() == [SENT, SENT, ("queued", "frequency_cap")]
    clock.forward(days=7, minutes=1)
    await delivered(place)
    assert await someone.letters() == [SENT] * 3


async def test_postmen_at_once_do_not_go_beyond_the_cap_together(database, someone, post_box):
    box = await post_box()
    for _ in range(12):
        await someone.is_written_to(AFTER_EVENTS)

    async def postman():
        place = office(database, box)
        while await deliver_next(place):
            pass

    await asyncio.gather(*(postman() for _ in range(6)))
    assert len(box.copies) == 2
    reasons = [reason for state, reason in await someone.letters() if state == "queued"]
    assert reasons == ["frequency_cap"] * 10


async def test_the_cap_counts_what_went_to_another_id_of_the_same_person(
    database, someone, post_box
):
    box, other = await post_box(), Someone(database)
    await database.pool.execute(
        "INSERT INTO person_alias VALUES ($1, $2)", other.person_id, someone.person_id
    )
    for one in (someone, other, someone, other):
        await one.is_written_to(AFTER_EVENTS)
        await delivered(office(database, box))
    assert len(box.copies) == 2


async def test_a_letter_that_would_come_too_late_for_its_turn_is_not_sent(
    database, someone, post_box
):
    place = office(database, await post_box())
    soon = datetime.now(UTC) + timedelta(days=2)
    for _ in range(3):
        await someone.is_written_to(AFTER_EVENTS, expires_at=soon)
    await delivered(place)
    assert (await someone.letters())[2] == ("suppressed", "frequency_cap")


async def test_who_said_no_gets_nothing_of_that_list_also_when_it_was_posted_before(
    database, someone, post_box
):
    box = await post_box()
    await someone.is_written_to(AFTER_EVENTS)
    await someone.leaves(AFTER_EVENTS)
    await someone.is_written_to(AFTER_EVENTS)
    await someone.is_written_to(SURVEYS)
    await delivered(office(database, box))
    no = ("suppressed", "unsubscribed")
    assert await someone.letters() == [no, no, SENT]


async def test_a_list_that_must_be_asked_for_is_sent_to_nobody_unasked(database, someone, post_box):
    await someone.is_written_to(BULLETIN)
    await delivered(office(database, await post_box()))
    assert await someone.letters() == [("suppressed", "unsubscribed")]


async def test_nothing_more_goes_to_an_address_that_is_none(database, someone, post_box):
    box = PostBox(rcpt=("550 5.1.1 nobody here",))
    await post_box(box)
    place = office(database, box)
    await someone.is_written_to()
    await delivered(place)
    await someone.is_written_to()
    await delivered(place)
    assert await someone.letters() == [("bounced", "5.1.1"), ("suppressed", "address_suppressed")]


async def test_a_full_box_is_given_a_second_chance_and_no_third(database, someone, post_box):
    box = PostBox(rcpt=("552 5.2.2 full",))
    await post_box(box)
    place = office(database, box)
    for _ in range(3):
        await someone.is_written_to()
        await delivered(place)
    assert [state for state, _ in await someone.letters()] == ["bounced", "bounced", "suppressed"]


async def test_a_new_address_is_written_to_again(database, someone, post_box):
    box = PostBox(rcpt=("550 5.1.1 nobody here", "250 OK"))
    await post_box(box)
    await someone.is_written_to()
    await delivered(office(database, box))
    await database.pool.execute(
        "UPDATE contact_point SET address = 'new@example.org' WHERE person_id = $1",
        someone.person_id,
    )
    await someone.is_written_to()
    await delivered(office(database, box))
    assert (await someone.letters())[1] == SENT


async def test_a_coordinator_sees_whom_no_letter_reaches_and_can_try_again(
    notifications_http, notifications_database, token
):
    person_id = uuid4()
    await notifications_database.pool.execute(
        "INSERT INTO suppression VALUES ($1, $2, '5.1.1', now())",
        f"{person_id}@example.org",
        person_id,
    )
    seen = await notifications_http.get("/suppressions", headers=token("coordinator"))
    assert seen.json()[0]["person_id"] == str(person_id)
    assert "example.org" not in seen.text
    link = f"/suppressions/{person_id}"
    for status in (204, 404):
        answer = await notifications_http.delete(link, headers=token("operator"))
        assert answer.status_code == status
