"""A member leaves the hub: their account is closed, and can be opened again by registering."""

from datetime import datetime
from uuid import UUID

import structlog
from fastapi import APIRouter

from pdu_resources.member.account import account_of
from pdu_resources.rules.project_year import local_date
from pdu_shared import outbox
from pdu_shared.access import Who
from pdu_shared.contracts.resources.member import MemberClosed
from pdu_shared.database import Conn, transaction
from pdu_shared.runtime import Now, Store

log = structlog.get_logger()
router = APIRouter(tags=["members"])


@router.delete("/members/me", status_code=204)
async def leave(database: Store, caller: Who, now: Now) -> None:
    """Close one's account. Name, address, organisation and interests are forgotten at once.

    What happened stays in the figures, and bookings stay booked; to have everything forgotten is
    another request. Leaving twice is leaving once.
    """
    async with transaction(database) as conn:
        account = await account_of(conn, caller.sub) if caller.sub else None
        if account:
            await _close(conn, account.person_id, now)


async def _close(conn: Conn, person_id: UUID, now: datetime) -> None:
    await conn.execute(
        """
        WITH earlier AS (
            UPDATE earlier_profile SET organisation = NULL, interests = '{}' WHERE person_id = $1)
        UPDATE member
           SET name = NULL, address = NULL, organisation = NULL,
               organisation_id = NULL, interests = '{}',
               version = version + 1, changed_at = $2, closed_at = $2
         WHERE person_id = $1
        """,
        person_id,
        now,
    )
    await outbox.add(conn, MemberClosed(person_id=person_id, closed_on=local_date(now)))
    log.info("left", person_id=str(person_id))
