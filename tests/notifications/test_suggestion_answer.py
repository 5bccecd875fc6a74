"""Whoever suggested a topic and wants an answer gets it, once; so does who offered to speak."""

from uuid import uuid4

from notifications.office import office, tell
from notifications.told import Story
from pdu_notifications.letters.suggestion_answer import about_offer, about_topic
from pdu_notifications.postman import deliver_next
from pdu_notifications.wording import words
from pdu_shared.contracts.bookings.topic import SpeakerAnswered, TopicAnswered


def answered(story, **details):
    return TopicAnswered(
        **{
            "topic_id": uuid4(),
            "person_id": story.person_id,
            "channel": "email",
            "address": story.address,
            "name": story.name,
            "wording": "Keeping contact",
            "answer": "There is an evening about it.\n\nDo come.",
            **details,
        }
    )


def test_the_letter_thanks_answers_and_says_what_is_forgotten():
    letter = about_topic(answered(Story()))
    said = words(letter.content, greeting="Hello Ana,", link=None).text
    assert letter.content.subject == "The topic that you suggested: Keeping contact"
    for text in ("Thank you", "There is an evening about it.\n\nDo come.", "delete your name"):
        assert text in said


def test_a_topic_that_has_no_public_words_is_called_a_topic():
    letter = about_topic(answered(Story(), wording=None))
    assert letter.content.subject == "The topic that you suggested"


async def test_who_suggested_a_topic_gets_one_letter(database, sealer, post_box):
    story, box = Story(), await post_box()
    message = answered(story)
    for _ in range(2):
        await tell(database, message, sealer=sealer)
    while await deliver_next(office(database, box)):
        pass
    assert box.reached() == [story.address]
    assert "Do come." in box.letters()[0].get_body(("plain",)).get_content()


def test_whoever_offered_to_speak_is_thanked():
    story = Story()
    offered = SpeakerAnswered(
        offer_id=uuid4(),
        person_id=story.person_id,
        channel="email",
        address=story.address,
        name=story.name,
        answer="Not this year.",
    )
    said = words(about_offer(offered).content, greeting="Hello Ana,", link=None).text
    for text in ("You offered to share what you know", "Not this year.", "delete your name"):
        assert text in said
