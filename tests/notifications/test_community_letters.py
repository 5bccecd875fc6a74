"""Somebody is invited to a community, or has joined it: one letter each, with their own link."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from notifications.office import letters_of, office, tell
from notifications.told import Story
from pdu_notifications.letters import community_invitation, community_welcome
from pdu_notifications.postman import deliver_next
from pdu_notifications.wording import words
from pdu_shared.contracts.bookings.community import CopMemberLinkIssued


@dataclass(frozen=True, kw_only=True)
class Belonging(Story):
    """One person whom a community invites, or who joins it."""

    membership_id: UUID = field(default_factory=uuid4)

    @property
    def member_token(self):
        return f"1{self.membership_id.hex}"

    def told(self, state):
        return CopMemberLinkIssued(
            membership_id=self.membership_id,
            community_id=uuid4(),
            community_name="Housing First",
            state=state,
            person_id=self.person_id,
            channel="email",
            address=self.address,
            name=self.name,
            token=self.member_token,
        )


def said(letter):
    link = "https://portal.example.org/m/1a"
    return words(letter.content, greeting="Hello Ana,", link=link).text


def test_an_invitation_says_what_it_is_and_that_nobody_has_to():
    text = said(community_invitation.compose(Belonging().told("invited")))
    for words_of_it in (
        "Housing First is a Community of Practice",
        "without booking",
        "You do not have to do anything.",
        "https://portal.example.org/m/1a",
    ):
        assert words_of_it in text


def test_a_welcome_says_how_to_leave():
    text = said(community_welcome.compose(Belonging().told("active")))
    assert "You belong to Housing First now" in text
    assert "If it was not you who joined, leave with it, too." in text


@pytest.mark.parametrize(
    ("state", "subject"),
    [("invited", "Would you like to join Housing First?"), ("active", "Welcome to Housing First")],
)
async def test_each_gets_one_letter_with_their_own_link(database, sealer, post_box, state, subject):
    story, box = Belonging(), await post_box()
    for _ in range(2):
        await tell(database, story.told(state), sealer=sealer)
    while await deliver_next(office(database, box)):
        pass
    [letter] = box.letters()
    assert (letter["subject"], box.reached()) == (subject, [story.address])
    text = letter.get_body(("plain",)).get_content()
    assert f"https://portal.example.org/m/{story.member_token}" in text
    [kept] = await letters_of(database, story)
    assert story.member_token not in kept["content"]
