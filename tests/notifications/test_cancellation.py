"""A cancellation is confirmed, taken out of the reader's calendar, and nothing reminds of it."""

from icalendar import Calendar

from bus import arrived
from notifications.office import a_booking, letters_of, office, promised, tell
from notifications.told import Story
from pdu_notifications.app import service
from pdu_notifications.postman import deliver_next


async def test_a_cancelled_booking_leaves_calendar_and_reminders(database, sealer, post_box):
    story, box = Story(), await post_box()
    await a_booking(database, story, sealer)
    assert await database.pool.fetchval("SELECT count(*) FROM due") == 2
    await deliver_next(office(database, box))
    await tell(database, story.cancelled)
    await deliver_next(office(database, box))
    assert await database.pool.fetchval("SELECT count(*) FROM due") == 0
    confirmation, cancellation = box.letters()
    assert cancellation["Subject"] == f"Cancelled: {story.title}"
    [(first, _), (second, method)] = [calendar_in(one) for one in (confirmation, cancellation)]
    assert first == second
    assert method == "CANCEL"


async def test_a_confirmation_that_is_still_in_the_post_is_not_sent_after_all(
    database, sealer, post_box
):
    story, box = Story(), await post_box()
    await a_booking(database, story, sealer)
    await tell(database, story.cancelled)
    while await deliver_next(office(database, box)):
        pass
    assert [letter["state"] for letter in await letters_of(database, story)] == [
        "cancelled",
        "sent",
    ]
    assert [letter["Subject"] for letter in box.letters()] == [f"Cancelled: {story.title}"]
    told = [one["routing_key"] for one in await promised(database, story.booking_id)]
    assert told.count("notifications.MessageSuppressed") == 1


async def test_a_booking_heard_after_its_cancellation_stays_cancelled(database):
    story = Story()
    late = arrived(story.booked, sequence=1)
    await tell(database, *story.announced)
    await service.take(database, [arrived(story.cancelled, sequence=2)])
    await service.take(database, [late])
    assert await database.pool.fetchval("SELECT state FROM booking") == "cancelled"
    assert await database.pool.fetchval("SELECT count(*) FROM due") == 0


def calendar_in(message):
    [part] = list(message.iter_attachments())
    assert part.get_content_type() == "text/calendar"
    calendar = Calendar.from_ical(part.get_content())
    return calendar.events[0]["UID"], part.get_param("method")
