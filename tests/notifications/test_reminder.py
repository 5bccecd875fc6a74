"""A reminder comes the day before, once, to those who still have a place, and never too late."""

import asyncio
from datetime import UTC, datetime, timedelta

from notifications.office import Clock, a_booking, letters_of, office, tell
from notifications.told import Story
from pdu_notifications.diary import post_next
from pdu_notifications.postman import deliver_next


def in_hours(hours):
    return datetime.now(UTC) + timedelta(hours=hours)


async def test_the_calendar_of_the_due_says_when_and_why(database):
    story = Story(sessions=2)
    await tell(database, *story.announced, story.booked)
    planned = await database.pool.fetch("SELECT * FROM due ORDER BY due_at")
    assert [row["reason"] for row in planned] == ["1 day before the session"] * 2
    assert all(
        timedelta(hours=23) <= session.starts_at - row["due_at"] <= timedelta(hours=25)
        for row, session in zip(planned, story.scheduled, strict=True)
    )


async def test_nothing_is_posted_before_its_day(database):
    story = Story()
    await tell(database, *story.announced, story.booked)
    assert not await post_next(database, now=story.starts_at - timedelta(hours=26))


async def test_on_the_day_the_reminder_is_posted_and_leaves_the_calendar(database):
    story = Story()
    await tell(database, *story.announced, story.booked)
    assert await post_next(database, now=story.starts_at - timedelta(hours=20))
    assert not await post_next(database, now=story.starts_at)
    _, reminder = await letters_of(database, story)
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
        return [await post_next(database, now=later) for _ in range(6)]

    done = await asyncio.gather(clerk(), clerk(), clerk())
    assert sum(map(sum, done)) == 5
    posted = await database.pool.fetchval("SELECT count(*) FROM letter WHERE kind = 'reminder'")
    assert posted == 5


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
    assert not [one for one in box.letters() if one["Subject"].startswith("On ")]


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
    broken, sound = Story(), Story(starts_at=in_hours(24 * 40))
    for story in (broken, sound):
        await tell(database, *story.announced, story.booked)
    await database.pool.execute(
        "DELETE FROM session WHERE learning_event_id = $1", broken.learning_event_id
    )
    for _ in range(2):
        assert await post_next(database, now=sound.starts_at)
    assert not await post_next(database, now=sound.starts_at)
    assert [one["kind"] for one in await letters_of(database, sound)][-1] == "reminder"
    [left] = await database.pool.fetch("SELECT booking_id, due_at FROM due")
    assert left["booking_id"] == broken.booking_id
    assert left["due_at"] == sound.starts_at + timedelta(minutes=10)


async def test_who_chose_another_session_is_written_to_and_reminded_of_that_one(database):
    story = Story(sessions=2)
    first, second = story.session_ids
    booked = story.booked.model_copy(update={"session_ids": (first,)})
    told = {"session_ids": (second,), "rechosen_at": datetime.now(UTC)}
    rechosen = booked.model_copy(update=told)
    await tell(database, *story.announced, booked, rechosen)
    [planned] = await database.pool.fetch("SELECT session_id FROM due")
    assert planned["session_id"] == second
    letters = await letters_of(database, story)
    assert [one["kind"] for one in letters] == ["booking_confirmation"] * 2
    assert "You chose other sessions" in letters[1]["content"]
