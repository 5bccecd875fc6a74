"""A reminder comes the day before, once, to those who still have a place, and never too late."""

import asyncio
from datetime import UTC, datetime, timedelta

from notifications.office import Clock, a_booking, letters_of, office, tell
from notifications.told import Story
from pdu_notifications.diary import post_next
from pdu_notifications.postman import deliver_next
from pdu_notifications.rules.courtesy import Quiet
from pdu_shared.contracts.bookings.programme import EventPostponed


def in_hours(hours):
    return datetime.now(UTC) + timedelta(hours=hours)


async def test_the_calendar_of_the_due_says_when_and_why(database):
    story = Story(sessions=2)
    await tell(database, *story.announced, story.booked)
    planned = await database.pool.fetch("SELECT * FROM due ORDER BY session_id, due_at")
    assert {row["person_id"] for row in planned} == {story.person_id}
    assert [row["reason"] for row in planned] == [
        "7 days before the session",
        "1 day before the session",
    ] * 2


async def test_who_comes_online_is_told_how_to_join_a_day_and_an_hour_before(database):
    story = Story(mode="online")
    await tell(database, *story.announced, story.booked)
    for hours in (7 * 24, 24, 1):
        assert await post_next(database, now=story.starts_at - timedelta(hours=hours - 0.9))
    _, week, day, hour = await letters_of(database, story)
    assert "link to join" not in week["content"]
    assert "See the link to join" in day["content"]
    assert "See the link to join" in hour["content"]
    assert " online: " in hour["content"]
    assert week["expires_at"] == story.starts_at - timedelta(days=1)


async def test_a_reminder_of_the_night_comes_in_the_morning_unless_that_is_too_late(database):
    quiet = Quiet.of("20:00-08:00")
    late = Story(starts_at=datetime(2031, 1, 16, 21, tzinfo=UTC), mode="online")
    await tell(database, *late.announced, late.booked)
    for day, evening in ((9, 21), (15, 21)):
        night = datetime(2031, 1, day, evening, tzinfo=UTC)
        assert await post_next(database, now=night, quiet=quiet)
        assert len(await letters_of(database, late)) == (1 if day == 9 else 2)
        assert not await post_next(database, now=night + timedelta(hours=10.9), quiet=quiet)
        assert await post_next(database, now=night + timedelta(hours=11), quiet=quiet)
    # An hour is an hour, also in the evening.
    assert await post_next(database, now=datetime(2031, 1, 16, 20, tzinfo=UTC), quiet=quiet)
    assert len(await letters_of(database, late)) == 4


async def test_what_is_postponed_is_not_reminded_of_until_it_is_announced_again(database):
    story = Story()
    postponed = EventPostponed(learning_event_id=story.learning_event_id, reason_code="illness")
    await tell(database, *story.announced, story.booked, postponed)
    assert await post_next(database, now=story.starts_at - timedelta(days=6))
    _, letter = await letters_of(database, story)
    assert letter["kind"] == "postponed"
    for said in ("Your place is kept.", '"method":"CANCEL"'):
        assert said in letter["content"]
    await tell(database, story.published)
    assert await post_next(database, now=story.starts_at - timedelta(hours=20))
    assert (await letters_of(database, story))[-1]["kind"] == "reminder"


async def test_what_comes_back_with_the_date_it_had_is_told_and_reminded_of(database):
    story = Story()
    postponed = EventPostponed(learning_event_id=story.learning_event_id, reason_code="illness")
    await tell(database, *story.announced, story.booked, postponed)
    # All that was planned falls into the time when no date held.
    for _ in range(2):
        assert await post_next(database, now=story.starts_at)
    assert not await post_next(database, now=story.starts_at)
    await tell(database, story.published, story.moved(story.starts_at))
    letter = (await letters_of(database, story))[-1]
    for said in ("It takes place: ", "as it was first planned", '"method":"PUBLISH"'):
        assert said in letter["content"]
    for days in (7, 1):
        assert await post_next(database, now=story.starts_at - timedelta(days=days - 0.1))
    reminders = (await letters_of(database, story))[-2:]
    assert [one["kind"] for one in reminders] == ["reminder"] * 2


async def test_nobody_writes_to_who_has_no_address_also_when_a_session_moves(database):
    story = Story()
    unreachable = story.booked.model_copy(update={"reachable": False})
    moved = story.moved(story.starts_at + timedelta(days=1))
    await tell(database, *story.announced, unreachable, moved)
    assert await database.pool.fetchval("SELECT count(*) FROM due") == 0
    assert await letters_of(database, story) == []


async def test_nothing_is_posted_before_its_day(database):
    story = Story()
    await tell(database, *story.announced, story.booked)
    assert not await post_next(database, now=story.starts_at - timedelta(days=7, hours=2))


async def test_on_the_day_the_reminder_is_posted_and_leaves_the_calendar(database):
    story = Story()
    await tell(database, *story.announced, story.booked)
    assert await post_next(database, now=story.starts_at - timedelta(days=6))
    assert await post_next(database, now=story.starts_at - timedelta(hours=20))
    assert not await post_next(database, now=story.starts_at)
    _, _, reminder = await letters_of(database, story)
    assert reminder["kind"] == "reminder"
    assert reminder["expires_at"] == story.starts_at
    assert reminder["key"] == f"reminder:{story.booking_id}:{story.session_ids[0]}-P1D"


async def test_who_books_on_the_last_day_is_not_reminded(database):
    story = Story(starts_at=in_hours(20))
    await tell(database, *story.announced, story.booked)
    assert await database.pool.fetchval("SELECT count(*) FROM due") == 0


async def test_two_clerks_at_once_post_each_reminder_once(database):
    stories = [Story() for _ in range(5)]
    for story in stories:
        await tell(database, *story.announced, story.booked)
    later = stories[-1].starts_at

    async def clerk():
        return [await post_next(database, now=later) for _ in range(11)]

    done = await asyncio.gather(clerk(), clerk(), clerk())
    assert sum(map(sum, done)) == 10
    posted = await database.pool.fetchval("SELECT count(*) FROM letter WHERE kind = 'reminder'")
    assert posted == 10


async def test_a_reminder_of_a_booking_cancelled_in_the_last_moment_is_not_sent(
    database, sealer, post_box
):
    story, box = Story(), await post_box()
    await a_booking(database, story, sealer)
    await deliver_next(office(database, box))
    await post_next(database, now=story.starts_at)
    await tell(database, story.cancelled)
    while await deliver_next(office(database, box)):
        pass
    states = {letter["kind"]: letter["state"] for letter in await letters_of(database, story)}
    assert states["reminder"] == "cancelled"
    assert not [one for one in box.letters() if one["Subject"].startswith(("On ", "Coming up"))]


async def test_a_reminder_is_never_sent_after_the_start(database, sealer, post_box):
    story, box, clock = Story(starts_at=in_hours(30)), await post_box(), Clock()
    await a_booking(database, story, sealer)
    await deliver_next(office(database, box))
    await post_next(database, now=story.starts_at)
    clock.forward(hours=30, minutes=1)
    assert await deliver_next(office(database, box, clock=clock))
    _, reminder = await letters_of(database, story)
    assert (reminder["state"], reminder["reason"]) == ("expired", "too_late")
    assert len(box.copies) == 1


async def test_one_that_cannot_be_written_does_not_hold_up_the_others(database):
    broken, sound = Story(starts_at=in_hours(24 * 7)), Story(starts_at=in_hours(24 * 40))
    for story in (broken, sound):
        await tell(database, *story.announced, story.booked)
    await database.pool.execute(
        "DELETE FROM session WHERE learning_event_id = $1", broken.learning_event_id
    )
    for _ in range(3):
        assert await post_next(database, now=sound.starts_at)
    assert not await post_next(database, now=sound.starts_at)
    assert [one["kind"] for one in await letters_of(database, sound)][-1] == "reminder"
    [left] = await database.pool.fetch("SELECT related_id, due_at FROM due")
    assert left["related_id"] == broken.booking_id
    assert left["due_at"] == sound.starts_at + timedelta(minutes=10)


async def test_who_chose_another_session_is_written_to_and_reminded_of_that_one(database):
    story = Story(sessions=2)
    first, second = story.session_ids
    booked = story.booked.model_copy(update={"session_ids": (first,)})
    told = {"session_ids": (second,), "rechosen_at": datetime.now(UTC)}
    rechosen = booked.model_copy(update=told)
    await tell(database, *story.announced, booked, rechosen)
    planned = await database.pool.fetch("SELECT DISTINCT session_id FROM due")
    assert [row["session_id"] for row in planned] == [second]
    letters = await letters_of(database, story)
    assert [one["kind"] for one in letters] == ["booking_confirmation"] * 2
    assert "You chose other sessions" in letters[1]["content"]
