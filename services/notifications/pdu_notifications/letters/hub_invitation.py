"""The invitation to the online hub, two days after an event, for whoever is no member; once."""

from pdu_notifications import pages
from pdu_notifications.after_event import TOO_LATE, Attendance, Step, follow, still_true
from pdu_notifications.due import Due
from pdu_notifications.hub import is_member
from pdu_notifications.learning_event import title_of
from pdu_notifications.letter import Letter, was_written
from pdu_notifications.same_person import ids_of
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.database import Conn

KIND = "hub_invitation"
STEP = Step(KIND, 2, "2 days after the event: an invitation to the hub, unless they are a member")


async def plan_invitation(conn: Conn, message: Attendance) -> None:
    """Plan the invitation for somebody who was there."""
    await follow(conn, message, STEP)


async def write(conn: Conn, planned: Due) -> Letter | None:
    """The invitation, to somebody who is no member and was not invited after another event."""
    ids = await ids_of(conn, planned.person_id)
    if await is_member(conn, ids) or await was_written(conn, KIND, ids):
        return None
    if not await still_true(conn, planned):
        return None
    return compose(planned, await title_of(conn, planned.related_id))


LISTENERS = (plan_invitation,)
WHEN_DUE = {KIND: write}


def compose(planned: Due, title: str) -> Letter:
    """What we write to a guest."""
    return Letter(
        kind=KIND,
        person_id=planned.person_id,
        related_id=planned.related_id,
        offset=planned.offset,
        expires_at=planned.due_at + 2 * TOO_LATE,
        list=MailingList.AFTER_EVENTS,
        repeatable=True,
        content=Content(
            subject="The online hub is open to you",
            sections=(
                Section(
                    sentences=(
                        f"You came to {title}, provided by the {PROVIDER} (PDU).",
                        (
                            "We also keep an online hub: toolkits, recordings of events, and short "
                            "lessons that you take at your own pace."
                        ),
                        (
                            "Much of it is open to everybody. Recordings and lessons need an "
                            "account, which costs nothing."
                        ),
                    ),
                    pages=(
                        ("Look around the hub", pages.LIBRARY),
                        ("Make an account", pages.JOIN),
                    ),
                ),
                Section(sentences=("Nobody has to. We ask this only once.",)),
            ),
        ),
    )
