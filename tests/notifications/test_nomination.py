"""Somebody who was nominated gets one letter, with a link to answer."""

from uuid import uuid4

from notifications.office import tell
from notifications.told import Story
from pdu_notifications.letters.nomination import compose
from pdu_notifications.wording import words
from pdu_shared.contracts.bookings.nomination import NominationLinkIssued

LINK = "https://portal.example.org/n/1abc"


def nominated(story):
    return NominationLinkIssued(
        nomination_id=uuid4(),
        learning_event_id=story.learning_event_id,
        session_ids=story.session_ids,
        person_id=story.person_id,
        channel="email",
        address=story.address,
        name=story.name,
        token=story.token,
    )


def test_the_letter_asks_and_presses_nobody():
    story = Story()
    letter = compose(nominated(story), story.programme)
    said = words(letter.content, greeting="Hello Ana,", link=LINK)
    for text in (said.text, said.html):
        assert "No place is kept for you" in text
        assert "or do nothing at all" in text
        assert LINK in text
    assert letter.expires_at == story.starts_at


async def test_a_nomination_posts_one_letter_and_keeps_its_link(database, sealer):
    story = Story()
    message = nominated(story)
    for _ in range(2):
        await tell(database, *story.announced, message, sealer=sealer)
    kinds = await database.pool.fetch(
        "SELECT kind FROM letter WHERE related_id = $1", message.nomination_id
    )
    assert [row["kind"] for row in kinds] == ["nomination"]
    path = await database.pool.fetchval(
        "SELECT path FROM link WHERE related_id = $1", message.nomination_id
    )
    assert path == f"n/{story.token}"
