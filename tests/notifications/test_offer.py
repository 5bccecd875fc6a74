"""Whoever is offered a place hears it in time, and hears what became of it."""

from datetime import UTC, datetime

import pytest

from notifications.office import Clock, letters_of, office, tell
from notifications.told import Story
from pdu_notifications.letters.offer import compose
from pdu_notifications.postman import deliver_next
from pdu_notifications.wording import words
from pdu_shared.contracts.bookings.place import (
    BookingDeclined,
    WaitlistOfferDeclined,
    WaitlistOfferExpired,
)


async def deliver_all(database, box, **how):
    while await deliver_next(office(database, box, **how)):
        pass
    return [letter["Subject"] for letter in box.letters()]


def test_the_offer_says_until_when_by_the_clock_on_the_wall_and_how_to_answer():
    story = Story(starts_at=datetime(2027, 7, 21, 9, tzinfo=UTC))
    letter = compose(story.offered, story.programme)
    said = words(letter.content, greeting="Hello Ana,", link="https://portal.example.org/b/1a").text
    assert "We keep it for you until 10am (BST) on Thursday 1 July 2027." in said
    assert "https://portal.example.org/b/1a" in said
    assert letter.expires_at == story.offered.offer_expires_at


async def test_waiting_offer_and_place_are_three_letters(database, sealer, post_box):
    story, box = Story(), await post_box()
    await tell(database, *story.announced, story.link, story.waitlisted, sealer=sealer)
    await deliver_all(database, box)
    await tell(database, story.offered)
    await deliver_all(database, box)
    await tell(database, story.booked)
    assert await deliver_all(database, box) == [
        f"You are on the waiting list for {story.title}",
        f"A place for you at {story.title}",
        f"Your place at {story.title}",
    ]


async def test_an_offer_that_is_over_goes_to_nobody(database, sealer, post_box):
    story, box, clock = Story(), await post_box(), Clock()
    await tell(database, *story.announced, story.link, story.offered, sealer=sealer)
    clock.forward(days=11)
    assert await deliver_all(database, box, clock=clock) == []
    assert [one["state"] for one in await letters_of(database, story)] == ["expired"]


async def test_who_did_not_answer_hears_that_the_place_has_gone(database, sealer, post_box):
    story, box = Story(), await post_box()
    lapse = story.ended(WaitlistOfferExpired)
    await tell(database, *story.announced, story.link, story.offered, lapse, sealer=sealer)
    assert await deliver_all(database, box) == [
        f"The place at {story.title} has gone to somebody else"
    ]


async def test_who_said_no_gets_no_letter_any_more(database, sealer, post_box):
    story, box = Story(), await post_box()
    no = story.ended(WaitlistOfferDeclined)
    await tell(database, *story.announced, story.link, story.offered, no, sealer=sealer)
    assert await deliver_all(database, box) == []


async def test_each_late_place_is_told_to_those_who_wait(database, sealer, post_box):
    story, box = Story(), await post_box()
    await tell(database, *story.announced, story.link, story.waitlisted, sealer=sealer)
    await deliver_all(database, box)
    await tell(database, story.opened, story.opened)
    assert await deliver_all(database, box) == [
        f"You are on the waiting list for {story.title}",
        *[f"A place is free at {story.title}, very soon"] * 2,
    ]


@pytest.mark.parametrize("approved", [True, False])
async def test_a_request_is_confirmed_and_then_answered(database, sealer, post_box, approved):
    story, box = Story(), await post_box()
    await tell(database, *story.announced, story.link, story.requested, sealer=sealer)
    await deliver_all(database, box)
    await tell(database, story.booked if approved else story.ended(BookingDeclined))
    answer = f"Your place at {story.title}" if approved else f"Your request for {story.title}"
    assert await deliver_all(database, box) == [f"We have your request for {story.title}", answer]
