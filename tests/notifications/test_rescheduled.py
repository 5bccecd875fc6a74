"""Whoever holds a place, or waits, is told of a new date once; calendars and reminders follow."""

from datetime import timedelta

from icalendar import Calendar

from notifications.office import a_booking, letters_of, office, tell
from notifications.told import Story
from pdu_notifications.letters import rescheduled
from pdu_notifications.postman import deliver_next
from pdu_shared.contracts.bookings.programme import SessionMovedOnline, SessionRescheduled


def session_of(story, **changes):
    return {**story.scheduled[0].model_dump(), "previous_place": story.place, **changes}


def later(story, *, days=7, sequence=1):
    starts_at = story.starts_at + timedelta(days=days)
    return SessionRescheduled(
        **session_of(
            story,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=3),
            ical_sequence=sequence,
        ),
        previous_starts_at=story.starts_at,
        previous_ends_at=story.starts_at + timedelta(hours=3),
    )


def online(story):
    return SessionMovedOnline(
        **session_of(story, mode="online", place="Online", ical_sequence=1),
        previous_mode="in_person",
    )


def kinds(letters):
    return [letter["kind"] for letter in letters]


async def test_who_holds_a_place_is_told_once_and_the_calendar_learns_the_new_date(
    database, sealer, post_box
):
    story, box = Story(), await post_box()
    await a_booking(database, story, sealer)
    moved = later(story)
    for _ in range(2):
        await tell(database, moved)
    while await deliver_next(office(database, box)):
        pass
    confirmation, letter = box.letters()
    assert letter["Subject"] == f"Changed: {story.title}"
    text = letter.get_body(("plain",)).get_content()
    assert "Your place is kept." in text
    first, second = (entry_in(one) for one in (confirmation, letter))
    assert first["UID"] == second["UID"]
    assert second["SEQUENCE"] > first["SEQUENCE"]
    assert second["DTSTART"].dt == moved.starts_at


async def test_who_waits_is_told_too_and_has_nothing_in_the_calendar(database, sealer):
    story = Story()
    await tell(database, *story.announced, story.link, story.waitlisted, sealer=sealer)
    await tell(database, later(story))
    *_, letter = await letters_of(database, story)
    assert letter["kind"] == rescheduled.KIND
    assert "You keep your position" in letter["content"]
    assert '"diary":null' in letter["content"]


async def test_who_gave_the_place_back_is_not_told(database, sealer):
    story = Story()
    await a_booking(database, story, sealer)
    await tell(database, story.cancelled)
    await tell(database, later(story))
    assert rescheduled.KIND not in kinds(await letters_of(database, story))


async def test_each_move_has_its_letter(database, sealer):
    story = Story()
    await a_booking(database, story, sealer)
    await tell(database, later(story))
    await tell(database, later(story, days=14, sequence=2))
    assert kinds(await letters_of(database, story)).count(rescheduled.KIND) == 2


async def test_the_reminder_comes_before_the_new_date(database, sealer):
    story = Story()
    await a_booking(database, story, sealer)
    before = await database.pool.fetch("SELECT due_at FROM due ORDER BY due_at")
    await tell(database, later(story))
    after = await database.pool.fetch("SELECT due_at FROM due ORDER BY due_at")
    for old, new in zip(before, after, strict=True):
        assert timedelta(days=6, hours=22) < new["due_at"] - old["due_at"]


async def test_the_letter_about_a_move_online_says_where_it_was_to_be(database, sealer):
    story = Story()
    await a_booking(database, story, sealer)
    await tell(database, online(story))
    *_, letter = await letters_of(database, story)
    assert f"It was to be at {story.place}." in letter["content"]


async def test_an_import_that_moves_a_session_writes_to_nobody(database, sealer):
    story = Story()
    await a_booking(database, story, sealer)
    await tell(database, later(story), origin="import")
    assert rescheduled.KIND not in kinds(await letters_of(database, story))


def entry_in(message):
    [part] = list(message.iter_attachments())
    return Calendar.from_ical(part.get_content()).events[0]
