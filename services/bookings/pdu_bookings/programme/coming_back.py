"""What was postponed and takes place as it was planned after all."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from pdu_bookings.programme.session_rows import Meeting, session_moved, update_session
from pdu_shared import outbox
from pdu_shared.database import Conn


async def stand_again(conn: Conn, sessions: Sequence[Meeting]) -> None:
    """Tell of those sessions of a postponed event that were given no other time since.

    Calendars took them out when it was postponed: they come back as a newer entry, and reminders
    are planned as after any move. Those that did move have been told already.
    """
    moved = await _moved_since(conn, [one.session_id for one in sessions])
    for before in sessions:
        if before.session_id not in moved:
            after = replace(before, ical_sequence=before.ical_sequence + 1)
            await update_session(conn, after)
            await outbox.add(conn, session_moved(before, after))


async def _moved_since(conn: Conn, session_ids: Sequence[UUID]) -> set[UUID]:
    rows = await conn.fetch(
        """
        SELECT session_id
          FROM learning_event_change AS move
         WHERE session_id = ANY ($1::uuid[]) AND change = 'moved'
           AND change_id > (SELECT change_id
                              FROM learning_event_change AS decision
                             WHERE decision.learning_event_id = move.learning_event_id
                               AND decision.change = 'postponed'
                             ORDER BY change_id DESC
                             LIMIT 1)
        """,
        session_ids,
    )
    return {row["session_id"] for row in rows}
