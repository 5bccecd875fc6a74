"""Whoever holds a place gets one confirmation, and nobody gets one for what is history."""

from notifications.office import letters_of, promised, tell, the_letter_of
from notifications.told import Story
from pdu_notifications.letters.booking_confirmation import compose
from pdu_notifications.wording import words

PORTAL = "https://portal.example.org"
LINK = f"{PORTAL}/b/1abc"


def test_the_confirmation_says_what_when_where_and_how_to_cancel():
    story = Story()
    letter = compose(story.booked, story.programme)
    said = words(letter.content, greeting="Hello Ana,", link=LINK, portal=PORTAL)
    assert letter.content.subject == "Your place at Hoarding: behind the door"
    for text in (said.text, said.html):
        assert "provided by the" in text
        assert "Practice Development Unit" in text
        assert "Sneinton Hermitage" in text
        assert "GMT" in text or "BST" in text
        assert LINK in text
    assert "Plans change: cancel with this link, even on the day; nobody asks why." in said.text
    assert letter.content.diary.method == "PUBLISH"


def test_several_sessions_are_numbered_in_order_of_time():
    story = Story(sessions=2)
    headings = [one.heading for one in compose(story.booked, story.programme).content.sections]
    assert headings[:5] == [None, "Session 1", "Session 2", None, "If you cannot come"]


async def test_a_repeated_message_posts_one_letter(database):
    story = Story()
    await tell(database, *story.announced)
    for _ in range(3):
        await tell(database, story.booked)
    letter = await the_letter_of(database, story)
    assert (letter["kind"], letter["state"]) == ("booking_confirmation", "queued")
    told = await promised(database, story.booking_id)
    assert [one["routing_key"] for one in told] == ["notifications.MessageQueued"]


async def test_the_letter_in_the_table_names_nobody(database, sealer):
    story = Story()
    await tell(database, *story.announced, story.link, story.booked, sealer=sealer)
    letter = await the_letter_of(database, story)
    for secret in (story.name, story.address, story.token):
        assert secret not in letter["content"]


async def test_an_import_writes_to_nobody(database):
    story = Story()
    await tell(database, *story.announced, story.booked, origin="import")
    assert await letters_of(database, story) == []
    assert await promised(database, story.booking_id) == []
    assert await database.pool.fetchval("SELECT count(*) FROM due") == 0


async def test_nobody_writes_to_somebody_without_an_address(database):
    story = Story()
    nowhere = {"reachable": False}
    booked = story.booked.model_copy(update=nowhere)
    await tell(database, *story.announced, booked, story.waitlisted.model_copy(update=nowhere))
    assert await letters_of(database, story) == []
    planned = "SELECT count(*) FROM due WHERE related_id = $1"
    assert await database.pool.fetchval(planned, story.booking_id) == 0


async def test_a_booking_of_an_event_that_was_not_told_yet_waits_for_it(database):
    story = Story()
    await tell(database, story.booked)
    assert await letters_of(database, story) == []
    waiting = await database.pool.fetch("SELECT listener, reason FROM waiting ORDER BY listener")
    assert {one["reason"] for one in waiting} == {"unknown_ref"}
    assert "letters.booking_confirmation.confirm_booking" in {one["listener"] for one in waiting}


async def test_the_page_to_pass_on_says_that_a_colleague_did_and_nobody_is_on_a_list_unasked(
    database,
):
    story = Story()
    await tell(database, *story.announced, story.booked)
    content = (await the_letter_of(database, story))["content"]
    assert f"via/colleague/events/{story.learning_event_id}" in content
    assert "via/booking/subscribe" in content
    assert await database.pool.fetchval("SELECT count(*) FROM subscription") == 0
