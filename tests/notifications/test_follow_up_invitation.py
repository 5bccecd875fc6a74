"""Who was at the first event is invited to its follow-up before others, with a way to book."""

from datetime import timedelta
from uuid import uuid4

from notifications.office import letters_of, office, tell
from notifications.told import Story
from pdu_notifications.postman import deliver_next
from pdu_shared.contracts.bookings.programme import FollowUpInvited


def invited(story, follow_up):
    return FollowUpInvited(
        follow_up_invitation_id=uuid4(),
        learning_event_id=follow_up.learning_event_id,
        original_id=story.learning_event_id,
        person_id=story.person_id,
        until=follow_up.starts_at - timedelta(days=14),
    )


async def test_who_was_there_is_invited_once_with_a_link_to_the_event(database, sealer, post_box):
    story, box = Story(), await post_box()
    follow_up = Story(title="Hoarding: half a year later")
    invitation = invited(story, follow_up)
    await tell(database, *story.announced, *follow_up.announced, story.link, sealer=sealer)
    for _ in range(2):
        await tell(database, invitation)
    while await deliver_next(office(database, box)):
        pass
    [letter] = box.letters()
    assert letter["Subject"] == "You are invited first: Hoarding: half a year later"
    text = letter.get_body(("plain",)).get_content()
    assert f"You came to {story.title}" in text
    assert f"https://portal.example.org/events/{follow_up.learning_event_id}" in text


async def test_an_invitation_that_is_known_before_the_event_waits_for_it(database, sealer):
    story, follow_up = Story(), Story()
    await tell(database, *story.announced, story.link, sealer=sealer)
    await tell(database, invited(story, follow_up))
    assert await letters_of(database, story) == []
