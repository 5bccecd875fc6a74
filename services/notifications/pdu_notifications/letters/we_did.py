"""You said, we did: what came of what people said at an event, to those who were there."""

from uuid import UUID

from pdu_notifications import pages
from pdu_notifications.after_event import people_who_came
from pdu_notifications.learning_event import title_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.resources.change import SaidState
from pdu_shared.contracts.resources.voice import WeDidReported
from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.database import Conn

KIND = "we_did"
SAID = {
    SaidState.COMMITTED: "Somebody has promised to do something about it.",
    SaidState.DONE: "Something has been done about it.",
    SaidState.NOT_DONE_WITH_REASON: "It will not be done, and there is a reason for that.",
}
"""What is worth a letter. The steps between are to be read on the page."""


async def tell_what_came_of_it(conn: Conn, message: WeDidReported) -> None:
    """Post a letter to everybody who was there, once for each state that matters."""
    if message.learning_event_id is None or message.state not in SAID:
        return
    title = await title_of(conn, message.learning_event_id)
    for person_id in await people_who_came(conn, message.learning_event_id):
        await post(conn, compose(message, title, person_id=person_id))


LISTENERS = (tell_what_came_of_it,)


def compose(message: WeDidReported, title: str, *, person_id: UUID) -> Letter:
    """What we write to somebody who was there when it was said."""
    return Letter(
        kind=KIND,
        person_id=person_id,
        related_id=message.item_id,
        offset=f"{person_id}-{message.state}",
        list=MailingList.AFTER_EVENTS,
        repeatable=True,
        content=Content(
            subject=f"You said, we did: {title}",
            sections=(
                Section(
                    sentences=(
                        f"You came to {title}, provided by the {PROVIDER} (PDU).",
                        "What people said there was passed on to those who can change something.",
                        SAID[message.state],
                    ),
                    pages=(("Read what was said, and what came of it", pages.YOU_SAID),),
                ),
                Section(sentences=("Thank you. Without what you say, nothing would change.",)),
            ),
        ),
    )
