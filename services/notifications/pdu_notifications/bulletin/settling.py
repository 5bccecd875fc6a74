"""Copies of which nobody says what became: asked after where that is possible, else held."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from pdu_notifications.bulletin.copies import Fate, InHand, in_hand_of, record
from pdu_notifications.bulletin.issue import Issue, issue
from pdu_notifications.bulletin.outlet import Outlet
from pdu_notifications.bulletin.printing import Printed
from pdu_notifications.rules.sending import Later, Never
from pdu_shared.contracts.vocabulary import LetterState
from pdu_shared.database import Database, transaction
from pdu_shared.mail import BadAddress
from pdu_shared.smtp_line import Parcel

log = structlog.get_logger()

ASK_WITHIN = timedelta(minutes=2)
"""So long one who asks has for it, before another one may."""


async def settle_next(
    database: Database, outlet: Outlet, letter_of: Callable[[Issue], Printed], *, now: datetime
) -> bool:
    """Settle one copy that was in hand when its process died; False when there is none."""
    async with transaction(database) as conn:
        row = await conn.fetchrow(
            """
            SELECT copy_id, person_id, subscriber_id, subscription_id, address, attempt, issue_key
              FROM bulletin_copy JOIN bulletin_issue USING (issue_id)
             WHERE bulletin_copy.state = 'in_doubt' AND next_at <= $1
             ORDER BY next_at
             LIMIT 1
               FOR UPDATE OF bulletin_copy SKIP LOCKED
            """,
            now,
        )
        if row is None:
            return False
        await conn.execute(
            "UPDATE bulletin_copy SET next_at = $2 WHERE copy_id = $1",
            row["copy_id"],
            now + ASK_WITHIN,
        )
        one, about = in_hand_of(row, attempts=0), await issue(conn, row["issue_key"])
    fate = await _fate(outlet, letter_of(about), one, now)
    await record(database, [(one, fate)], now=now)
    log.warning("copy in doubt", copy_id=one.copy_id, state=fate.state)
    return True


async def _fate(outlet: Outlet, letter: Printed, one: InHand, now: datetime) -> Fate:
    try:
        gone = await outlet.has_gone(Parcel(*letter.copy(one.reader)))
    except BadAddress:
        return Never(LetterState.FAILED, "bad_address")
    if gone is None:
        return Never(LetterState.HELD, "in_doubt")
    return Never(LetterState.SENT, "asked") if gone else Later(LetterState.QUEUED, "asked", now)
