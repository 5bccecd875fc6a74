"""A letter about a module comes on the day that somebody chose, once, and to nobody else."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from notifications.office import letters_of, office, tell, the_letter_of
from notifications.told import Story
from pdu_notifications.diary import post_next
from pdu_notifications.postman import deliver_next
from pdu_shared.contracts.resources.learning import ModuleReminderSet

DAY = date(2031, 2, 3)
MORNING = datetime(2031, 2, 3, 10, tzinfo=UTC)


def asked(story, on=DAY, **changes):
    return ModuleReminderSet(
        **{
            "reminder_id": story.booking_id,
            "module_id": uuid4(),
            "module_key": "tic-introduction",
            "person_id": story.person_id,
            "title": "Trauma informed care",
            "remind_on": on,
            **changes,
        }
    )


async def test_it_comes_on_that_morning_and_leads_to_the_module(database, sealer, post_box):
    story, box = Story(), await post_box()
    await tell(database, story.contact(), asked(story), sealer=sealer)
    assert not await post_next(database, now=MORNING - timedelta(minutes=1))
    assert await post_next(database, now=MORNING)
    assert not await post_next(database, now=MORNING)
    await deliver_next(office(database, box))
    [letter] = box.letters()
    assert letter["Subject"] == "As you asked: Trauma informed care"
    text = letter.get_body(("plain",)).get_content()
    assert "https://portal.example.org/learn/tic-introduction" in text


async def test_another_day_takes_the_place_of_the_first_and_none_of_both(database):
    story = Story()
    later = DAY + timedelta(days=7)
    await tell(database, asked(story), asked(story, later))
    assert not await post_next(database, now=MORNING)
    await tell(database, asked(story, None))
    assert not await post_next(database, now=MORNING + timedelta(days=30))
    assert await letters_of(database, story) == []


async def test_asking_again_after_it_came_is_another_letter(database):
    story = Story()
    await tell(database, asked(story))
    assert await post_next(database, now=MORNING)
    assert (await the_letter_of(database, story))["kind"] == "module_reminder"
    await tell(database, asked(story, DAY + timedelta(days=7)))
    assert await post_next(database, now=MORNING + timedelta(days=7))
    assert len(await letters_of(database, story)) == 2
