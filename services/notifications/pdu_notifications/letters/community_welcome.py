"""The welcome to a Community of Practice, with the link that leads out again."""

from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.bookings.community import CopMemberLinkIssued
from pdu_shared.contracts.vocabulary import MembershipState
from pdu_shared.database import Conn

KIND = "community_welcome"


async def welcome_to_community(conn: Conn, message: CopMemberLinkIssued) -> None:
    """Post the welcome to somebody who has joined."""
    if message.state is MembershipState.ACTIVE:
        await post(conn, compose(message))


LISTENERS = (welcome_to_community,)


def compose(message: CopMemberLinkIssued) -> Letter:
    """What we write to somebody who has joined a community."""
    community = message.community_name
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.membership_id,
        repeatable=True,
        content=Content(
            subject=f"Welcome to {community}",
            sections=(
                Section(
                    sentences=(
                        f"You belong to {community} now, a community of the {PROVIDER} (PDU).",
                        "You have a place in each of its sessions, without booking.",
                        "A letter about each one tells you when and where.",
                    )
                ),
                Section(
                    heading="Taking a break, or leaving",
                    sentences=(
                        "Take a break or leave with this link whenever you want; nobody asks why.",
                        "If it was not you who joined, leave with it, too.",
                    ),
                    manage="See or end your membership",
                ),
            ),
        ),
    )
