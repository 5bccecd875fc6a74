"""Whoever completed a learning event gets their certificate in one letter."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from notifications.office import office, tell
from notifications.told import Story
from pdu_notifications.letters.certificate import compose
from pdu_notifications.postman import deliver_next
from pdu_notifications.wording import words
from pdu_shared.contracts.bookings.attendance import CertificateLinkIssued

CODE = "mfzwiy3pnvsxe2lbnqqgc3th"


@dataclass(frozen=True, kw_only=True)
class Certified(Story):
    """One person who completed a learning event."""

    certificate_id: UUID = field(default_factory=uuid4)

    @property
    def certificate(self):
        return CertificateLinkIssued(
            certificate_id=self.certificate_id,
            person_id=self.person_id,
            learning_event_id=self.learning_event_id,
            code=CODE,
        )


def test_the_letter_thanks_and_says_who_sees_the_name():
    story = Certified()
    letter = compose(story.certificate, story.title)
    said = words(letter.content, greeting="Hello Ana,", link="https://portal.example.org/x").text
    assert f"Thank you for coming to {story.title}" in said
    assert "sees your initials, and not your name" in said
    assert CODE not in letter.content.model_dump_json()


async def test_one_letter_with_the_link_of_the_certificate(database, sealer, post_box):
    story, box = Certified(), await post_box()
    await tell(database, *story.announced, story.link, sealer=sealer)
    for _ in range(2):
        await tell(database, story.certificate, sealer=sealer)
    while await deliver_next(office(database, box)):
        pass
    [letter] = box.letters()
    text = letter.get_body(("plain",)).get_content()
    assert f"https://portal.example.org/certificates/{CODE}" in text
