"""What is planned stays right when clocks change, when a clock is wrong, and when dates move."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications.office import letters_of, tell
from notifications.told import Story
from pdu_notifications.diary import post_next

LONDON = ZoneInfo("Europe/London")
A_DAY = [timedelta(minutes=15 * quarter) for quarter in range(96)]


def changing(month):
    """The next last Sunday of a month, in whose night the clocks change."""
    day = datetime.now(UTC).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    day += timedelta(days=40)
    while not (
        day.month == month and day.weekday() == 6 and (day + timedelta(days=7)).month != month
    ):
        day += timedelta(days=1)
    return day


def on_the_wall(at):
    return at.astimezone(LONDON).replace(tzinfo=None)


@pytest.mark.parametrize("month", [3, 10], ids=["forward", "back"])
async def test_reminders_over_the_night_of_the_change_for_every_time_of_day(database, month):
    night = changing(month)
    # Sessions on the day of the change, the day after it, and so that a week before is that day.
    walls = [night + timedelta(days=days) + clock for days in (0, 1, 7) for clock in A_DAY]
    there = [
        wall for wall in walls if on_the_wall(wall.replace(tzinfo=LONDON).astimezone(UTC)) == wall
    ]
    assert len(walls) - len(there) == (4 if month == 3 else 0)
    story = Story(sessions=len(there))
    scheduled = [
        one.model_copy(
            update={
                "starts_at": wall.replace(tzinfo=LONDON).astimezone(UTC),
                "ends_at": wall.replace(tzinfo=LONDON).astimezone(UTC) + timedelta(hours=1),
            }
        )
        for one, wall in zip(story.scheduled, there, strict=True)
    ]
    await tell(database, story.published, *scheduled, story.booked)
    rows = await database.pool.fetch("SELECT session_id, due_at, reason FROM due")
    planned = {(row["session_id"], int(row["reason"].split()[0])): row["due_at"] for row in rows}
    assert len(planned) == 2 * len(there)
    left_out = 0
    for session, wall in zip(scheduled, there, strict=True):
        for days in (1, 7):
            due_at, asked = planned[session.session_id, days], wall - timedelta(days=days)
            if on_the_wall(due_at) != asked:
                # Only for a time that the night of the spring does not have.
                assert on_the_wall(due_at) == asked + timedelta(hours=1)
                left_out += 1
            else:
                assert due_at == asked.replace(tzinfo=LONDON, fold=0).astimezone(UTC)
    assert left_out == (8 if month == 3 else 0)


async def test_a_clock_that_jumps_back_writes_nothing_twice_and_one_that_jumps_ahead_no_nonsense(
    database,
):
    story = Story()
    await tell(database, *story.announced, story.booked)
    week, day = story.starts_at - timedelta(days=7), story.starts_at - timedelta(days=1)
    assert await post_next(database, now=week + timedelta(minutes=1))
    for back in (timedelta(hours=1), timedelta(days=30)):
        assert not await post_next(database, now=week - back)
    assert not await post_next(database, now=week + timedelta(minutes=2))
    # As if asleep for days: what is posted late says by itself until when it is true.
    assert await post_next(database, now=day + timedelta(days=30))
    _, first, second = await letters_of(database, story)
    assert (first["expires_at"], second["expires_at"]) == (day_before(story), story.starts_at)


def day_before(story):
    wall = on_the_wall(story.starts_at) - timedelta(days=1)
    return wall.replace(tzinfo=LONDON).astimezone(UTC)


async def test_a_move_replaces_what_was_planned_for_everybody_in_one_stroke(database):
    first = Story()
    others = [
        Story(learning_event_id=first.learning_event_id, first_session_id=first.first_session_id)
        for _ in range(4)
    ]
    await tell(database, *first.announced, first.booked, *(one.booked for one in others))
    await tell(database, others[0].cancelled)
    moved = first.starts_at + timedelta(days=3)
    for _ in range(2):
        await tell(database, first.moved(moved))
    rows = await database.pool.fetch("SELECT related_id, due_at, key FROM due")
    assert len(rows) == 8
    assert others[0].booking_id not in {row["related_id"] for row in rows}
    assert all(row["key"].endswith("-1") for row in rows)
    assert min(row["due_at"] for row in rows) > first.starts_at - timedelta(days=5)


async def test_a_session_that_moves_after_its_reminder_is_reminded_of_again(database):
    story = Story()
    await tell(database, *story.announced, story.booked)
    for _ in range(2):
        await post_next(database, now=story.starts_at)
    await tell(database, story.moved(story.starts_at + timedelta(days=14)))
    for _ in range(2):
        assert await post_next(database, now=story.starts_at + timedelta(days=14))
    kinds = [letter["kind"] for letter in await letters_of(database, story)]
    assert kinds.count("reminder") == 4
