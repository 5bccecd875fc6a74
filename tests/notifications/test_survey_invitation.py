"""Whoever was there is asked kindly, once, by a link of their own, and may leave it."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from notifications.office import letters_of, office, promised, tell, the_letter_of
from notifications.told import Story
from pdu_notifications.letters.survey_invitation import compose
from pdu_notifications.postman import deliver_next
from pdu_notifications.wording import words
from pdu_shared.contracts.resources.survey import SurveyLinkIssued


@dataclass(frozen=True, kw_only=True)
class Asked(Story):
    """One person who was at a learning event and is invited to a survey."""

    invitation_id: UUID = field(default_factory=uuid4)

    @property
    def survey_token(self):
        return f"survey-{self.invitation_id.hex}"

    @property
    def invitation(self):
        return SurveyLinkIssued(
            invitation_id=self.invitation_id,
            person_id=self.person_id,
            survey_title="After the event",
            learning_event_id=self.learning_event_id,
            token=self.survey_token,
        )


def test_the_letter_says_that_nobody_has_to_how_long_it_takes_and_who_reads_it():
    story = Asked()
    letter = compose(story.invitation, story.title)
    said = words(letter.content, greeting="Hello Ana,", link="https://portal.example.org/s/1a").text
    assert letter.content.subject == f"Would you tell us about {story.title}?"
    for text in (
        f"Thank you for coming to {story.title}",
        "You do not have to answer.",
        "about five minutes",
        "coordinators and evaluators read the answers",
        "After the event",
        "https://portal.example.org/s/1a",
    ):
        assert text in said


def test_a_survey_about_no_single_event_says_what_it_is_about():
    letter = compose(Asked().invitation, None)
    said = words(letter.content, greeting="Hello,", link="https://portal.example.org/s/1a").text
    assert letter.content.subject == "After the event"
    assert "You know the work of the Practice Development Unit" in said


async def test_an_invited_person_gets_one_letter_with_their_own_link(database, sealer, post_box):
    story, box = Asked(), await post_box()
    await tell(database, *story.announced, story.link, sealer=sealer)
    for _ in range(2):
        await tell(database, story.invitation, sealer=sealer)
    while await deliver_next(office(database, box)):
        pass
    [letter] = box.letters()
    assert box.reached() == [story.address]
    text = letter.get_body(("plain",)).get_content()
    assert f"https://portal.example.org/s/{story.survey_token}" in text
    assert story.token not in text
    told = await promised(database, story.invitation_id)
    assert [one["routing_key"] for one in told] == [
        "notifications.MessageQueued",
        "notifications.MessageSent",
    ]
    assert all('"template":"survey_invitation"' in one["body"] for one in told)


async def test_the_letter_in_the_table_holds_no_link(database, sealer):
    story = Asked()
    await tell(database, *story.announced, story.link, story.invitation, sealer=sealer)
    letter = await the_letter_of(database, story)
    for secret in (story.name, story.address, story.survey_token):
        assert secret not in letter["content"]


async def test_an_import_invites_nobody(database, sealer):
    story = Asked()
    await tell(database, *story.announced, story.invitation, sealer=sealer, origin="import")
    assert await letters_of(database, story) == []


async def test_an_invitation_to_an_event_that_was_not_told_yet_waits_for_it(database, sealer):
    story = Asked()
    await tell(database, story.invitation, sealer=sealer)
    assert await letters_of(database, story) == []
    waiting = await database.pool.fetch("SELECT listener, reason FROM waiting")
    assert [(one["listener"], one["reason"]) for one in waiting] == [
        ("letters.survey_invitation.invite_to_survey", "unknown_ref")
    ]
