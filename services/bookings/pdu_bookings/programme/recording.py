"""Recordings in the hub stand with their learning event by themselves, and go when they go."""

from datetime import UTC, datetime
from uuid import UUID, uuid5

from pdu_shared import outbox
from pdu_shared.contracts.bookings.material import MaterialRemoved
from pdu_shared.contracts.resources.library import RecordingPublished, RecordingWithdrawn
from pdu_shared.database import Conn


async def keep_recording(conn: Conn, message: RecordingPublished | RecordingWithdrawn) -> None:
    """Offer a recording with its learning event for as long as members can play it."""
    match message:
        case RecordingPublished():
            await _offer(conn, message)
        case RecordingWithdrawn():
            await _take_down(conn, message)


async def _offer(conn: Conn, message: RecordingPublished) -> None:
    # A coordinator may have added it by hand: it stands there once. `MaterialAdded` is not told,
    # as whoever cares has heard of the recording from its owner.
    await conn.execute(
        """
        INSERT INTO material (material_id, learning_event_id, kind, title, item_id, added_at)
        SELECT $1, learning_event_id, 'recording', $2, $3, $4
          FROM learning_event
         WHERE learning_event_id = coalesce(
                   $5, (SELECT learning_event_id FROM session WHERE session_id = $6))
           AND NOT EXISTS (
                   SELECT FROM material AS there
                    WHERE there.learning_event_id = learning_event.learning_event_id
                      AND there.item_id = $3)
            ON CONFLICT (material_id) DO UPDATE
           SET title = excluded.title, learning_event_id = excluded.learning_event_id
        """,
        _own_id(message.item_id),
        message.title,
        message.item_id,
        datetime.now(UTC),
        message.learning_event_id,
        message.session_id,
    )


async def _take_down(conn: Conn, message: RecordingWithdrawn) -> None:
    gone = await conn.fetch(
        "DELETE FROM material WHERE item_id = $1 RETURNING material_id, learning_event_id",
        message.item_id,
    )
    for row in gone:
        if row["material_id"] != _own_id(message.item_id):
            await outbox.add(conn, MaterialRemoved(**row))


def _own_id(item_id: UUID) -> UUID:
    """The id of what stands there because the hub told of it, and not by a coordinator's hand."""
    return uuid5(item_id, "recording")
