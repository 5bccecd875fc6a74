"""The invitation to a Community of Practice: what it is, and that nobody has to."""

from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.bookings.community import CopMemberLinkIssued
from pdu_shared.contracts.vocabulary import MembershipState
from pdu_shared.database import Conn

KIND = "community_invitation"


async def invite_to_community(conn: Conn, message: CopMemberLinkIssued) -> None:
    """Post the invitation to somebody who is invited."""
    if message.state is MembershipState.INVITED:
        await post(conn, compose(message))


LISTENERS = (invite_to_community,)


def compose(message: CopMemberLinkIssued) -> Letter:
    """What we write to somebody who may want to belong to a community."""
    community = message.community_name
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.membership_id,
        repeatable=True,
        content=Content(
            subject=f"Would you like to join {community}?",
            sections=(
                Section(
                    sentences=(
                        f"{community} is a Community of Practice of the {PROVIDER} (PDU).",
                        "Its members meet regularly to learn from one another.",
                        "Somebody who convenes it thought of you.",
                    )
                ),
                Section(
                    heading="If you join",
                    sentences=(
                        "You have a place in each of its sessions, without booking.",
                        "You can give back a place, take a break or leave at any time.",
                    ),
                    manage=f"See {community} and answer",
                ),
                Section(
                    heading="If you would rather not",
                    sentences=(
                        "You do not have to do anything.",
                        "After four weeks we forget your name and address.",
                    ),
                ),
            ),
        ),
    )
