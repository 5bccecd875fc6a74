"""Entries to be confirmed: the queue of those who keep them, and the word that all is right."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from pdu_resources.directory.entry import LocalService
from pdu_resources.directory.rows import lock_service, select_services, service_of
from pdu_resources.rules.directory import REMINDED_BEFORE, due_after
from pdu_resources.versioned.changes import By, note
from pdu_resources.versioned.paging import After, Limit, cut
from pdu_resources.versioned.seen import Version
from pdu_shared.access import Role, Who
from pdu_shared.database import Conn, transaction
from pdu_shared.local_time import local_day
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["directory"])


class Reviews(BaseModel):
    """One page of entries to confirm. `next` goes into `after` for the following page."""

    items: list[LocalService]
    next: UUID | None


@router.get("/directory/reviews")
async def reviews(
    database: Store, caller: Who, now: Now, after: After = None, limit: Limit = 20
) -> Reviews:
    """Entries that are to be confirmed within 30 days or should have been, longest due first.

    A coordinator sees all of them, whoever leads an organisation its own.
    """
    own = None if caller.has(Role.COORDINATOR) else caller.organisation_id or UUID(int=0)
    today = local_day(now)
    async with database.pool.acquire(timeout=5) as conn:
        ids = await _due(conn, own, today, after, limit + 1)
        page, following = cut(ids, limit, lambda one: one)
        items = [service_of(row, today) for row in await select_services(conn, page)]
    return Reviews(items=items, next=following)


@router.put("/directory/services/{service_id}/review")
async def confirm(service_id: UUID, version: Version, database: Store, by: By) -> LocalService:
    """Say that an entry is right as it is, for another year.

    412 when somebody else changed it in the meantime: what you confirm is what you have read.
    """
    today = local_day(by.now)
    async with transaction(database) as conn:
        row = await lock_service(conn, service_id, by.caller)
        version.check(row["version"])
        await conn.execute(
            """
            UPDATE local_service
               SET reviewed_on = $2, review_due_on = $3, version = version + 1, changed_at = $4
             WHERE service_id = $1
            """,
            service_id,
            today,
            due_after(today),
            by.now,
        )
        await note(conn, "local_service", service_id, {"reviewed_on": row["reviewed_on"]}, by)
        [row] = await select_services(conn, [service_id])
    version.renew(row["version"])
    return service_of(row, today)


async def _due(
    conn: Conn, own: UUID | None, today: date, after: UUID | None, limit: int
) -> list[UUID]:
    rows = await conn.fetch(
        """
        SELECT service_id
          FROM local_service
         WHERE review_due_on <= $1
           AND ($2::uuid IS NULL OR organisation_id IN (SELECT organisation_ids($2)))
           AND ($3::uuid IS NULL
                OR (review_due_on, service_id)
                   > ((SELECT review_due_on FROM local_service WHERE service_id = $3), $3))
         ORDER BY review_due_on, service_id
         LIMIT $4
        """,
        today + REMINDED_BEFORE,
        own,
        after,
        limit,
    )
    return [row["service_id"] for row in rows]
