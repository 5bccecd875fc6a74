"""News of a Community of Practice to those who belong to it: it begins, pauses, or ends."""

from dataclasses import replace
from uuid import UUID

from pdu_notifications.community import members_of, title_of_community
from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.bus import current_thread
from pdu_shared.contracts.bookings.community import CopStateChanged
from pdu_shared.contracts.vocabulary import CommunityState
from pdu_shared.database import Conn

KIND = "community_news"
NEWS = {
    CommunityState.ACTIVE: (
        "meets from now on",
        (
            "You have a place in each of its sessions. A letter about each one tells you when and "
            "where."
        ),
    ),
    CommunityState.PAUSED: (
        "takes a break",
        (
            "For the time being there are no sessions. You still belong to it, and hear from us "
            "when it goes on."
        ),
    ),
    CommunityState.WORKING_GROUP: (
        "becomes a working group",
        "It goes on as a smaller group with a task. Whoever would like to be in it is welcome.",
    ),
    CommunityState.CLOSED: (
        "has come to its end",
        "There will be no more sessions. Thank you for what you brought to it.",
    ),
}


async def tell_community(conn: Conn, message: CopStateChanged) -> None:
    """Post the news to each member."""
    if message.state not in NEWS:
        return
    title = await title_of_community(conn, message.community_id)
    # It may pause twice: the message tells one time from the other.
    offset = str(current_thread().causation_id)
    for row in await members_of(conn, message.community_id):
        letter = compose(
            message.state, title, person_id=row["person_id"], membership_id=row["membership_id"]
        )
        await post(conn, replace(letter, offset=offset))


LISTENERS = (tell_community,)


def compose(state: CommunityState, title: str, *, person_id: UUID, membership_id: UUID) -> Letter:
    """What we write to a member."""
    what, more = NEWS[state]
    return Letter(
        kind=KIND,
        person_id=person_id,
        related_id=membership_id,
        repeatable=True,
        content=Content(
            subject=f"{title} {what}",
            sections=(
                Section(
                    sentences=(
                        f"{title}, a community of the {PROVIDER} (PDU), {what}.",
                        more,
                    )
                ),
                Section(
                    heading="Taking a break, or leaving",
                    sentences=("You can do either whenever you want; nobody asks why.",),
                    manage="See or end your membership",
                ),
            ),
        ),
    )
