"""What came of an event for those who decide, and for managers what their staff agreed to tell."""

from datetime import date
from uuid import uuid4

from notifications.office import letters_of, office, tell
from notifications.told import Story
from pdu_notifications.postman import deliver_next
from pdu_shared.contracts.bookings.briefing import (
    DigestLine,
    EventBriefingIssued,
    ManagerDigestIssued,
)


def reader(story):
    return {
        "person_id": story.person_id,
        "channel": "email",
        "address": story.address,
        "name": story.name,
    }


def digest(story, *lines):
    return ManagerDigestIssued(
        **reader(story),
        digest_id=uuid4(),
        period_from=date(2026, 9, 1),
        period_to=date(2026, 9, 30),
        lines=lines,
    )


async def arrived(database, box):
    while await deliver_next(office(database, box)):
        pass
    [letter] = box.letters()
    assert letter["List-Unsubscribe"]
    return " ".join(letter.get_body(("plain",)).get_content().split())


async def test_a_briefing_says_what_came_of_an_event(database, sealer, post_box):
    story = Story()
    briefing = EventBriefingIssued(
        **reader(story),
        briefing_id=uuid4(),
        learning_event_id=story.learning_event_id,
        points=("Two hostels now let visitors stay until ten.",),
    )
    await tell(database, *story.announced, briefing, sealer=sealer)
    text = await arrived(database, await post_box())
    assert "Two hostels now let visitors stay until ten." in text
    assert f"https://portal.example.org/events/{story.learning_event_id}" in text
    assert "Practice Development Unit" in text


async def test_a_digest_has_those_in_it_who_agreed(database, sealer, post_box):
    story = Story()
    line = DigestLine(
        name="Will Scarlet",
        event_title=story.title,
        held_on=date(2026, 9, 22),
        plans="Talk about it in the next team meeting.",
    )
    await tell(database, digest(story, line), sealer=sealer)
    text = await arrived(database, await post_box())
    for said in ("Will Scarlet", "Came to: Hoarding", "On: 22 September 2026", "Talk about it"):
        assert said in text


async def test_an_empty_digest_is_not_sent(database, sealer):
    story = Story()
    await tell(database, digest(story), sealer=sealer)
    assert await letters_of(database, story) == []
