"""The letter about a module that somebody asked to be reminded of; nobody else gets one."""

from pdu_notifications import due, pages
from pdu_notifications.due import Due, Planned
from pdu_notifications.letter import Letter
from pdu_notifications.rules.cadence import days_after
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.resources.learning import ModuleReminderSet
from pdu_shared.database import Conn

KIND = "module_reminder"


async def plan_module_reminder(conn: Conn, message: ModuleReminderSet) -> None:
    """Plan the letter for the day that they chose, in place of any day before, or none."""
    await due.withdraw(conn, message.reminder_id)
    await conn.execute("DELETE FROM module_wish WHERE reminder_id = $1", message.reminder_id)
    if message.remind_on is None:
        return
    await conn.execute(
        """
        INSERT INTO module_wish (reminder_id, person_id, module_key, title) VALUES ($1, $2, $3, $4)
        """,
        message.reminder_id,
        message.person_id,
        message.module_key,
        message.title,
    )
    planned = Planned(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.reminder_id,
        due_at=days_after(message.remind_on, 0),
        reason="the day on which they asked to be reminded",
        offset=message.remind_on.isoformat(),
    )
    await due.plan(conn, planned)


async def remind_of_module(conn: Conn, planned: Due) -> Letter | None:
    """The letter, if they still want it."""
    row = await conn.fetchrow(
        "SELECT module_key, title FROM module_wish WHERE reminder_id = $1",
        planned.related_id,
    )
    return compose(planned, row["title"], row["module_key"]) if row else None


LISTENERS = (plan_module_reminder,)
WHEN_DUE = {KIND: remind_of_module}


def compose(planned: Due, title: str, module_key: str) -> Letter:
    """What we write to somebody who wanted to go on."""
    return Letter(
        kind=KIND,
        person_id=planned.person_id,
        related_id=planned.related_id,
        offset=planned.offset,
        waits_for_morning=True,
        repeatable=True,
        content=Content(
            subject=f"As you asked: {title}",
            sections=(
                Section(
                    sentences=(
                        f"You asked us to remind you of {title}, a lesson of the {PROVIDER} (PDU).",
                        "You go on where you were, in your own time; nothing has to be finished.",
                    ),
                    pages=((f"Go on with {title}", pages.module(module_key)),),
                ),
                Section(sentences=("We write about it this once, unless you ask us again.",)),
            ),
            short=f"You asked us to remind you of the lesson {title}. Sign in to go on with it.",
        ),
    )
