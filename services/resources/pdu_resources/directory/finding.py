"""The directory for everybody: found by words, area, work stream or organisation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from pdu_resources.directory.entry import LocalService, LocalServices
from pdu_resources.directory.rows import may_keep, select_services, service_of
from pdu_resources.versioned.paging import cut
from pdu_resources.versioned.seen import etag
from pdu_shared.access import Who
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn
from pdu_shared.forms import Form
from pdu_shared.local_time import local_day
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["directory"])

Words = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]


class Filters(Form):
    """Which entries."""

    q: Annotated[Words | None, Field(description="Words in the title or the description")] = None
    area: Code | None = None
    workstream: Code | None = None
    organisation_id: UUID | None = None
    self_referral: bool | None = None
    out_of_date: Annotated[
        bool, Field(description="With those that nobody has confirmed for a year")
    ] = True


class Page(Filters):
    """Which entries, and which page of them."""

    after: Annotated[UUID | None, Field(description="`next` of the page before")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


@router.get("/directory/services")
async def services(asked: Annotated[Page, Query()], database: Store, now: Now) -> LocalServices:
    """Who does what, in the order of the alphabet. Entries that are hidden are not among them."""
    async with database.pool.acquire(timeout=5) as conn:
        ids = await find(conn, asked, after=asked.after, limit=asked.limit + 1)
        page, following = cut(ids, asked.limit, lambda one: one)
        items = [service_of(row, local_day(now)) for row in await select_services(conn, page)]
    return LocalServices(items=items, next=following)


@router.get("/directory/services/{service_id}")
async def service(
    service_id: UUID, database: Store, caller: Who, now: Now, response: Response
) -> LocalService:
    """One service; a hidden one only for those who keep it.

    Whoever edits it sends the ETag back.
    """
    async with database.pool.acquire(timeout=5) as conn:
        rows = await select_services(conn, [service_id])
        kept = bool(rows) and await may_keep(conn, caller, rows[0]["organisation_id"])
    if not rows or (rows[0]["hidden"] and not kept):
        raise NotFound
    response.headers["ETag"] = etag(rows[0]["version"])
    return service_of(rows[0], local_day(now))


async def find(conn: Conn, filters: Filters, *, after: UUID | None, limit: int) -> list[UUID]:
    """The ids of entries that are shown and fit, in the order of the alphabet."""
    rows = await conn.fetch(
        """
        SELECT service_id
          FROM local_service
         WHERE NOT hidden
           AND ($1::text IS NULL OR words @@ websearch_to_tsquery('english', $1))
           AND ($2::text IS NULL OR $2 = ANY (areas))
           AND ($3::text IS NULL OR $3 = ANY (workstreams))
           AND ($4::uuid IS NULL OR organisation_id IN (SELECT organisation_ids($4)))
           AND ($5::boolean IS NULL OR self_referral = $5)
           AND ($6 OR review_due_on >= (now() AT TIME ZONE 'Europe/London')::date)
           AND ($7::uuid IS NULL
                OR (title, service_id)
                   > ((SELECT title FROM local_service WHERE service_id = $7), $7))
         ORDER BY title, service_id
         LIMIT $8
        """,
        filters.q,
        filters.area,
        filters.workstream,
        filters.organisation_id,
        filters.self_referral,
        filters.out_of_date,
        after,
        limit,
    )
    return [row["service_id"] for row in rows]
