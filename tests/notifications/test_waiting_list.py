"""Whoever waits hears it, and hears of the place when it comes."""

from notifications.office import a_booking, letters_of, office, tell
from notifications.told import Story
from pdu_notifications.letters.waiting_list import compose
from pdu_notifications.postman import deliver_next
from pdu_notifications.wording import words


def test_the_letter_says_how_long_the_line_is_and_how_to_leave_it():
    story = Story()
    letter = compose(story.waitlisted, story.programme)
    said = words(letter.content, greeting="Hello Ana,", link="https://portal.example.org/b/1a").text
    assert "You are number 3 on the waiting list." in said
    assert "https://portal.example.org/b/1a" in said
    assert letter.content.diary is None


async def test_who_waits_and_then_gets_the_place_hears_both_in_order(database, sealer, post_box):
    story, box = Story(), await post_box()
    await tell(database, *story.announced, story.link, story.waitlisted, sealer=sealer)
    await deliver_next(office(database, box))
    await tell(database, story.booked)
    await deliver_next(office(database, box))
    assert [letter["Subject"] for letter in box.letters()] == [
        f"You are on the waiting list for {story.title}",
        f"Your place at {story.title}",
    ]


async def test_who_has_a_place_by_now_is_not_told_to_wait(database, sealer, post_box):
    story, box = Story(), await post_box()
    await tell(database, *story.announced, story.waitlisted)
    await a_booking(database, story, sealer)
    while await deliver_next(office(database, box)):
        pass
    assert [letter["kind"] for letter in await letters_of(database, story)
            if letter["state"] == "cancelled"] == ["waiting_list"]  # fmt: skip
    assert [letter["Subject"] for letter in box.letters()] == [f"Your place at {story.title}"]
