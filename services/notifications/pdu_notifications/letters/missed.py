"""Sorry we missed you: on the day after, to somebody who booked and was not there."""

from pdu_notifications import pages
from pdu_notifications.after_event import TOO_LATE, Attendance, Step, follow, still_true
from pdu_notifications.due import Due
from pdu_notifications.learning_event import title_of
from pdu_notifications.letter import Letter
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.database import Conn

KIND = "missed"
STEP = Step(KIND, 1, "1 day after a session that they did not come to", to_absent=True)


async def plan_missed(conn: Conn, message: Attendance) -> None:
    """Plan the letter for somebody who was not there."""
    await follow(conn, message, STEP)


async def write(conn: Conn, planned: Due) -> Letter | None:
    """The letter, if they were in none of the sessions after all."""
    if not await still_true(conn, planned, came=False):
        return None
    return compose(planned, await title_of(conn, planned.related_id))


LISTENERS = (plan_missed,)
WHEN_DUE = {KIND: write}


def compose(planned: Due, title: str) -> Letter:
    """What we write to somebody whom we missed. Nobody has to explain anything."""
    return Letter(
        kind=KIND,
        person_id=planned.person_id,
        related_id=planned.related_id,
        offset=planned.offset,
        expires_at=planned.due_at + TOO_LATE,
        list=MailingList.AFTER_EVENTS,
        repeatable=True,
        content=Content(
            subject=f"Sorry we missed you at {title}",
            sections=(
                Section(
                    sentences=(
                        f"You had a place at {title}, provided by the {PROVIDER} (PDU).",
                        "We are sorry that it did not work out. Nobody needs to say why.",
                        "If it was recorded, we write again as soon as you can watch it.",
                    )
                ),
                Section(
                    heading="Another time",
                    sentences=(
                        "You are welcome at any other event.",
                        (
                            "If you cannot come, even on the day, somebody who waits is glad of "
                            "your place."
                        ),
                    ),
                    pages=(("See what is coming up", pages.EVENTS),),
                ),
            ),
        ),
    )
