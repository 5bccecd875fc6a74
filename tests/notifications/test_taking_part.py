"""Whoever takes part in an event hears of it by letter, in words that give nothing away."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from notifications.office import letters_of, office, tell
from notifications.told import Story
from pdu_notifications.letters.taking_part import compose
from pdu_notifications.postman import deliver_next
from pdu_notifications.wording import words
from pdu_shared.contracts.bookings.lived_experience import ExpertNoticeIssued


def notice(story, template, **details):
    return ExpertNoticeIssued(
        notice_id=uuid4(),
        person_id=story.person_id,
        channel="email",
        address=story.address,
        name=story.name,
        template=template,
        learning_event_id=story.learning_event_id,
        **details,
    )


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("expert_opted_in", "Thank you for taking part in Hoarding: behind the door"),
        ("expert_pre_meeting", "We meet at 1:30pm (BST) on Thursday 1 April 2027: The Hermitage."),
        ("expert_feedback_given", "We have written down what came of it."),
    ],
)
def test_the_letter_says_what_there_is_to_say_and_nothing_about_the_reader(template, said):
    story = Story()
    meeting = {
        "pre_meeting_at": datetime(2027, 4, 1, 12, 30, tzinfo=UTC),
        "pre_meeting_place": "The Hermitage",
    }
    letter = compose(notice(story, template, **meeting), story.title)
    text = words(letter.content, greeting="Hello Ana,", link=None).text
    assert letter.content.subject == f"About {story.title}"
    assert said in text
    assert "nobody asks why" in text
    assert "experience" not in text.lower()
    assert "expert" not in text.lower()


async def test_a_notice_is_one_letter_to_the_address_that_came_with_it(database, sealer, post_box):
    story, box = Story(), await post_box()
    told = notice(story, "expert_opted_in")
    for _ in range(2):
        await tell(database, *story.announced, told, sealer=sealer)
    while await deliver_next(office(database, box)):
        pass
    assert box.reached() == [story.address]
    assert len(await letters_of(database, story)) == 1
