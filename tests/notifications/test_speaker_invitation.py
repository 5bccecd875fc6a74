"""Whoever is asked to speak reads when and where, and what is theirs to decide."""

from uuid import UUID, uuid4

from notifications.office import office, tell
from notifications.told import Story
from pdu_notifications.letters.speaker_invitation import compose
from pdu_notifications.postman import deliver_next
from pdu_notifications.wording import words
from pdu_shared.contracts.bookings.topic import SpeakerInvited


def invited(story, **details):
    [session] = story.scheduled
    return SpeakerInvited(
        **{
            "assignment_id": uuid4(),
            "person_id": story.person_id,
            "role": "co_facilitator",
            "channel": "email",
            "address": story.address,
            "name": story.name,
            "token": f"speaker-{UUID(int=1).hex}",
            "title": story.title,
            **session.model_dump(exclude={"capacity"}),
            **details,
        }
    )


def test_the_letter_says_what_for_when_where_and_what_is_theirs_to_decide():
    story = Story()
    letter = compose(invited(story))
    said = words(letter.content, greeting="Hello Ana,", link="https://portal.example.org/f/1a").text
    assert letter.content.subject == f"Would you help to facilitate at {story.title}?"
    assert letter.expires_at == story.scheduled[0].ends_at
    for text in (
        story.place,
        "You are named in public only if you say so",
        "recorded only if you agree",
        "nobody asks why",
        "https://portal.example.org/f/1a",
    ):
        assert text in " ".join(said.split()) or text in said


async def test_who_is_asked_gets_one_letter_before_anything_was_published(
    database, sealer, post_box
):
    story, box = Story(), await post_box()
    message = invited(story)
    for _ in range(2):
        await tell(database, message, sealer=sealer)
    while await deliver_next(office(database, box)):
        pass
    assert box.reached() == [story.address]
    text = box.letters()[0].get_body(("plain",)).get_content()
    assert f"https://portal.example.org/f/{message.token}" in text
