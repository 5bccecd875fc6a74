"""A survey is reminded of twice at most, within the cap of letters, and not once it is answered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from notifications.office import Clock, letters_of, office, tell
from notifications.told import Story
from pdu_notifications.letters.survey_invitation import compose
from pdu_notifications.postman import deliver_next
from pdu_notifications.wording import words
from pdu_shared.contracts.resources.survey import (
    SurveyLinkIssued,
    SurveyReminderIssued,
    SurveyRemindersStopped,
)


def closes_at():
    return datetime.now(UTC) + timedelta(days=21)


def invitation(story, **changes):
    return SurveyLinkIssued(
        **{
            "invitation_id": story.booking_id,
            "person_id": story.person_id,
            "survey_title": "After the event",
            "learning_event_id": story.learning_event_id,
            "token": f"1{uuid4().hex}",
            "kind": "post_event",
            "closes_at": closes_at(),
            **changes,
        }
    )


def reminder(story, number):
    return SurveyReminderIssued(**invitation(story).model_dump(), number=number)


async def delivered(place):
    while await deliver_next(place):
        pass


async def test_a_reminder_is_no_second_survey_of_the_fortnight(database, sealer, post_box):
    story, box, clock = Story(), await post_box(), Clock()
    place = replace(office(database, box, clock=clock))
    await tell(database, *story.announced, story.contact(), invitation(story), sealer=sealer)
    await delivered(place)
    for number, days in ((1, 5), (2, 5)):
        clock.forward(days=days)
        await tell(database, reminder(story, number), reminder(story, number), sealer=sealer)
        await delivered(place)
    assert [one["state"] for one in await letters_of(database, story)] == ["sent"] * 3
    later = closes_at() + timedelta(days=21)
    another = invitation(story, invitation_id=uuid4(), closes_at=later)
    await tell(database, another, sealer=sealer)
    await delivered(place)
    held = (await letters_of(database, story))[-1]
    assert (held["state"], held["reason"]) == ("queued", "frequency_cap")
    first, _, last = box.letters()
    text = last.get_body(("plain",)).get_content()
    assert "We do not ask again." in text
    assert "/s/1" in text
    assert "still open" not in first.get_body(("plain",)).get_content()


async def test_who_has_answered_is_not_reminded(database, sealer, post_box):
    story, box = Story(), await post_box()
    stopped = SurveyRemindersStopped(invitation_id=story.booking_id, because="answered")
    await tell(database, *story.announced, story.contact(), sealer=sealer)
    await tell(database, invitation(story), reminder(story, 1), stopped, sealer=sealer)
    await delivered(office(database, box))
    letters = await letters_of(database, story)
    assert {(one["state"], one["reason"]) for one in letters} == {("cancelled", "answered")}
    assert box.copies == []


async def test_a_reminder_never_goes_after_the_survey_has_closed(database, sealer, post_box):
    story, box, clock = Story(), await post_box(), Clock()
    await tell(database, *story.announced, story.contact(), reminder(story, 1), sealer=sealer)
    clock.forward(days=22)
    await delivered(office(database, box, clock=clock))
    [letter] = await letters_of(database, story)
    assert letter["state"] == "expired"


def test_each_wave_is_asked_for_in_its_own_words():
    story = Story()
    subjects, texts = set(), []
    for kind in ("post_event", "follow_up", "outcome", "expert_reflection", "evaluation"):
        title = None if kind == "evaluation" else story.title
        content = compose(invitation(story, kind=kind), title).content
        subjects.add(content.subject)
        texts.append(words(content, greeting="Hello,", link="https://portal.example.org/s/1").text)
    assert len(subjects) == 5
    for text in texts:
        assert "You do not have to answer." in text
        assert "It is open until" in text
        assert "Practice Development Unit" in text
