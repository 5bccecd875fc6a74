"""Follow-ups: who was at the first event is invited to the next one before others."""

from datetime import datetime
from uuid import UUID

from pdu_bookings.rules.description import Announced
from pdu_shared import outbox
from pdu_shared.contracts.bookings.programme import FollowUpEventLinked, FollowUpInvited
from pdu_shared.database import Conn
from pdu_shared.identity import derived_id
from pdu_shared.problems import Fault, Refused


async def check_original(conn: Conn, event: Announced) -> None:
    """Raise Refused when a follow-up takes up something that was never announced."""
    if event.follow_up_of is None:
        return
    announced = await conn.fetchval(
        "SELECT true FROM learning_event WHERE learning_event_id = $1 AND published_at IS NOT NULL",
        event.follow_up_of,
    )
    if not announced:
        told = "There is no such learning event."
        raise Refused(errors=[Fault("/follow_up_of", "unknown-event", told)])


async def invite_first(conn: Conn, event: Announced, *, now: datetime) -> None:
    """Tell what a published learning event follows, and invite who was there."""
    if event.follow_up_of is None:
        return
    linked = FollowUpEventLinked(
        learning_event_id=event.learning_event_id, original_id=event.follow_up_of
    )
    await outbox.add(conn, linked)
    if event.follow_up_first_until is None or event.follow_up_first_until <= now:
        return
    invited = [
        FollowUpInvited(
            follow_up_invitation_id=derived_id(
                "follow_up_invitation", str(event.learning_event_id), str(person_id)
            ),
            learning_event_id=event.learning_event_id,
            original_id=event.follow_up_of,
            person_id=person_id,
            until=event.follow_up_first_until,
        )
        for person_id in await _invite(conn, event.learning_event_id, event.follow_up_of)
    ]
    await outbox.add(conn, *invited)


async def _invite(conn: Conn, learning_event_id: UUID, original_id: UUID) -> list[UUID]:
    """Who was at the original; as long as nobody was yet, who holds a place there."""
    rows = await conn.fetch(
        """
        WITH came AS (
            SELECT person_id
              FROM session
              JOIN attendance USING (session_id)
              JOIN attendance_entry AS entry USING (attendance_id)
             WHERE session.learning_event_id = $2
               AND entry.state IN ('present', 'partial')
               AND NOT EXISTS (SELECT FROM attendance_entry AS later
                                WHERE later.supersedes = entry.entry_id))
        INSERT INTO follow_up_invitation (learning_event_id, person_id)
        SELECT $1::uuid, person_id FROM came
         UNION
        SELECT $1::uuid, person_id
          FROM booking
         WHERE learning_event_id = $2 AND state = 'confirmed' AND NOT EXISTS (SELECT FROM came)
            ON CONFLICT DO NOTHING
     RETURNING person_id
        """,
        learning_event_id,
        original_id,
    )
    return sorted(row["person_id"] for row in rows)
