"""Who speaks at a session and agrees to be recorded; a recording goes when one of them says no."""

from datetime import datetime
from uuid import UUID

from pdu_resources.library.life import put_away
from pdu_resources.library.rows import keep, lock_item
from pdu_resources.recording.consent import lacking
from pdu_shared.contracts.bookings.topic import (
    RecordingConsentChanged,
    SpeakerConfirmed,
    SpeakerWithdrew,
)
from pdu_shared.contracts.bookings.topic_words import RecordingConsent
from pdu_shared.database import Conn
from pdu_shared.runtime import utc_now

NO_LONGER = frozenset({RecordingConsent.REFUSED, RecordingConsent.WITHDRAWN})


async def learn_speaker(
    conn: Conn, message: SpeakerConfirmed | SpeakerWithdrew | RecordingConsentChanged
) -> None:
    """Keep who speaks and whether they agree to be recorded; withdraw what they do not."""
    match message:
        case RecordingConsentChanged():
            await _keep(conn, message, "consent", message.consent)
            if message.consent in NO_LONGER and await lacking(conn, message.session_id):
                await _withdraw(conn, message.session_id, await utc_now())
        case SpeakerConfirmed() | SpeakerWithdrew():
            confirmed = isinstance(message, SpeakerConfirmed)
            await _keep(conn, message, "confirmed", str(confirmed).lower())


async def _keep(
    conn: Conn,
    message: SpeakerConfirmed | SpeakerWithdrew | RecordingConsentChanged,
    what: str,
    value: str,
) -> None:
    await conn.execute(
        """
        INSERT INTO hub_speaker AS kept (assignment_id, session_id, learning_event_id, confirmed,
                                         consent)
        VALUES ($1, $2, $3, $4 = 'confirmed' AND $5 = 'true',
                CASE WHEN $4 = 'consent' THEN $5 END)
            ON CONFLICT (assignment_id) DO UPDATE
           SET confirmed = CASE WHEN $4 = 'confirmed' THEN excluded.confirmed
                                ELSE kept.confirmed END,
               consent = coalesce(excluded.consent, kept.consent)
        """,
        message.assignment_id,
        message.session_id,
        message.learning_event_id,
        what,
        value,
    )


async def _withdraw(conn: Conn, session_id: UUID, now: datetime) -> None:
    rows = await conn.fetch(
        """
        SELECT item_key FROM library_item
         WHERE session_id = $1 AND type = 'recording' AND state = 'published'
         ORDER BY item_id
        """,
        session_id,
    )
    for row in rows:
        item = await lock_item(conn, row["item_key"])
        await put_away(conn, item, "consent_withdrawn", None, now)
        await keep(conn, item, {"state": item.state}, by=None, now=now)
