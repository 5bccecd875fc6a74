"""Related resources, two, six and twelve weeks after an event, to those who came."""

from collections.abc import Sequence

from pdu_notifications.after_event import TOO_LATE, Attendance, Step, follow, still_true
from pdu_notifications.due import Due
from pdu_notifications.hub import Item, related_items
from pdu_notifications.learning_event import title_of
from pdu_notifications.letter import Letter, pages_written
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.database import Conn

KIND = "related_resources"
STEPS = tuple(
    Step(KIND, 7 * weeks, f"{weeks} weeks after the event: related resources")
    for weeks in (2, 6, 12)
)


async def plan_resources(conn: Conn, message: Attendance) -> None:
    """Plan three letters for somebody who was there."""
    await follow(conn, message, *STEPS)


async def write(conn: Conn, planned: Due) -> Letter | None:
    """The letter, if the hub has something about the same that was not in an earlier one."""
    if not await still_true(conn, planned):
        return None
    before = await pages_written(conn, KIND, planned.person_id, planned.related_id)
    items = await related_items(conn, planned.related_id, skip=before)
    if not items:
        return None
    return compose(planned, await title_of(conn, planned.related_id), items)


LISTENERS = (plan_resources,)
WHEN_DUE = {KIND: write}


def compose(planned: Due, title: str, items: Sequence[Item]) -> Letter:
    """What we write some weeks later."""
    return Letter(
        kind=KIND,
        person_id=planned.person_id,
        related_id=planned.related_id,
        offset=planned.offset,
        expires_at=planned.due_at + 2 * TOO_LATE,
        list=MailingList.AFTER_EVENTS,
        repeatable=True,
        content=Content(
            subject=f"More on what {title} was about",
            sections=(
                Section(
                    sentences=(
                        f"You came to {title}, provided by the {PROVIDER} (PDU).",
                        (
                            "What is learned stays longer when one comes back to it. "
                            "This is about the same:"
                        ),
                    ),
                    pages=tuple(item.page for item in items),
                ),
                Section(
                    sentences=(
                        (
                            "Letters like this come two, six and twelve weeks after an event, "
                            "and then no more."
                        ),
                    )
                ),
            ),
        ),
    )
