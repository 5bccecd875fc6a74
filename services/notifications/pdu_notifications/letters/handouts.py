"""Handouts and slides, two days after an event, or when they are there; to those who came."""

from collections.abc import Sequence

from pdu_notifications import pages
from pdu_notifications.after_event import (
    TOO_LATE,
    Attendance,
    Step,
    follow,
    plan_for_those_who_came,
    still_true,
)
from pdu_notifications.due import Due
from pdu_notifications.hub import Page, materials_of
from pdu_notifications.learning_event import title_of
from pdu_notifications.letter import Letter
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.bookings.material import MaterialAdded
from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.database import Conn

KIND = "handouts"
STEP = Step(KIND, 2, "2 days after the event: handouts and slides")


async def plan_handouts(conn: Conn, message: Attendance) -> None:
    """Plan the handouts for somebody who was there."""
    await follow(conn, message, STEP)


async def plan_late_handouts(conn: Conn, message: MaterialAdded) -> None:
    """Plan them for everybody who was there and has had none, because there are some now."""
    await plan_for_those_who_came(
        conn, KIND, message.learning_event_id, days=STEP.days, reason="handouts are there now"
    )


async def write(conn: Conn, planned: Due) -> Letter | None:
    """The letter, if there is anything to hand out; what comes later plans it again."""
    found = await materials_of(conn, planned.related_id)
    if not found or not await still_true(conn, planned):
        return None
    return compose(planned, await title_of(conn, planned.related_id), found)


LISTENERS = (plan_handouts, plan_late_handouts)
WHEN_DUE = {KIND: write}


def compose(planned: Due, title: str, found: Sequence[Page]) -> Letter:
    """What we write to somebody who was there."""
    return Letter(
        kind=KIND,
        person_id=planned.person_id,
        related_id=planned.related_id,
        offset=planned.offset,
        expires_at=planned.due_at + 2 * TOO_LATE,
        list=MailingList.AFTER_EVENTS,
        repeatable=True,
        content=Content(
            subject=f"Handouts from {title}",
            sections=(
                Section(
                    sentences=(
                        f"Thank you for coming to {title}, provided by the {PROVIDER} (PDU).",
                        "Here is what was shown or handed out, to read again or to pass on.",
                    ),
                    pages=tuple(found),
                ),
                Section(
                    sentences=("More may be added later; the page of the event has all of it.",),
                    pages=(
                        (f"The page of {title}", pages.for_colleagues(planned.related_id)),
                        ("Get our bulletin, if you like", pages.subscribe("handouts")),
                    ),
                ),
            ),
        ),
    )
