"""The recording of an event is there: to those who booked, who waited, or who could not come."""

from uuid import UUID

from pdu_notifications import due, pages
from pdu_notifications.due import Due
from pdu_notifications.hub import Item, item_of
from pdu_notifications.letter import Letter, call_back
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.bus import current_thread
from pdu_shared.contracts.resources.library import (
    Captions,
    RecordingPublished,
    RecordingWithdrawn,
)
from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.database import Conn

KIND = "recording"


async def plan_recording(conn: Conn, message: RecordingPublished) -> None:
    """Plan a letter to everybody who wanted to be there, once for each recording."""
    if message.learning_event_id and current_thread().origin == "live":
        await _plan(conn, message, message.learning_event_id)


async def withdraw_recording(conn: Conn, message: RecordingWithdrawn) -> None:
    """Write to nobody any more about a recording that is not shown."""
    await due.withdraw(conn, message.item_id)
    await call_back(conn, message.item_id, [KIND], reason="recording_withdrawn")


async def write(conn: Conn, planned: Due) -> Letter | None:
    """The letter, if the recording is still there."""
    item = await item_of(conn, planned.related_id)
    return compose(planned, item) if item else None


LISTENERS = (plan_recording, withdraw_recording)
WHEN_DUE = {KIND: write}


def compose(planned: Due, item: Item) -> Letter:
    """What we write to somebody who wanted to be there."""
    followed = {
        Captions.CAPTIONED: ("It has captions.",),
        Captions.TRANSCRIPT: ("What is said can be read, too.",),
    }
    captions = planned.offset.rpartition("-")[2]
    return Letter(
        kind=KIND,
        person_id=planned.person_id,
        related_id=planned.related_id,
        offset=planned.offset,
        list=MailingList.AFTER_EVENTS,
        repeatable=True,
        content=Content(
            subject=f"Now to watch: {item.title}",
            sections=(
                Section(
                    sentences=(
                        f"You had asked for a place at an event of the {PROVIDER} (PDU).",
                        f"Whether you were there or not: {item.title} can be watched now.",
                        *next((said for one, said in followed.items() if one == captions), ()),
                        "Members of the hub watch it with their account, which costs nothing.",
                    ),
                    pages=((f"Watch {item.title}", pages.recording(item.item_key)),),
                ),
                Section(
                    sentences=(
                        (
                            "It is for learning at work. Please do not pass it on: people speak in "
                            "it who agreed to that and to no more."
                        ),
                    )
                ),
            ),
        ),
    )


async def _plan(conn: Conn, message: RecordingPublished, learning_event_id: UUID) -> None:
    thread = current_thread()
    await conn.execute(
        """
        INSERT INTO due (key, kind, person_id, related_id, due_at, reason, correlation_id,
                         causation_id)
        SELECT DISTINCT $1::text || ':' || $2::uuid || ':' || person_id || '-' || $3::text, $1,
               person_id, $2, now(), 'the recording can be watched now', $5::uuid, $6::uuid
          FROM booking
         WHERE learning_event_id = $4 AND state IN ('confirmed', 'waitlisted') AND reachable
            ON CONFLICT (key) DO NOTHING
        """,
        KIND,
        message.item_id,
        message.captions,
        learning_event_id,
        thread.correlation_id,
        thread.causation_id,
    )
