"""Rows of the directory."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg

from pdu_resources.directory.entry import DescribeService, LocalService
from pdu_resources.organisation.rows import are_one
from pdu_resources.rules.directory import due_after, standing
from pdu_shared.access import Caller, Role
from pdu_shared.database import Conn
from pdu_shared.local_time import local_day
from pdu_shared.problems import NotFound

DESCRIBED = tuple(DescribeService.model_fields)


async def may_keep(conn: Conn, caller: Caller, organisation_id: UUID) -> bool:
    """Whether this entry is the caller's to keep: their organisation's, or any for a coordinator.

    The access table lets in nobody but coordinators and those who lead an organisation.
    """
    if caller.has(Role.COORDINATOR):
        return True
    return caller.has(Role.ORGANISATION_LEAD) and await are_one(
        conn, caller.organisation_id, organisation_id
    )


def service_of(row: asyncpg.Record, today: date) -> LocalService:
    """An entry as it is shown on this day."""
    stands = standing(hidden=row["hidden"], review_due_on=row["review_due_on"], today=today)
    return LocalService(**row, standing=stands)


async def lock_service(conn: Conn, service_id: UUID, caller: Caller) -> asyncpg.Record:
    """An entry that is the caller's to keep, locked. Raises NotFound for all others."""
    row = await conn.fetchrow(
        """
        SELECT service_id, organisation_id, organisation, title, offers, for_whom, areas,
               workstreams, how_to_refer, self_referral, opening, cost, telephone, email, website,
               hidden, reviewed_on, review_due_on, version, changed_at
          FROM local_service
         WHERE service_id = $1
           FOR UPDATE
        """,
        service_id,
    )
    if row is None or not await may_keep(conn, caller, row["organisation_id"]):
        raise NotFound
    return row


async def select_services(conn: Conn, service_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    """Entries in the order of their ids."""
    return await conn.fetch(
        """
        SELECT service_id, organisation_id, organisation, title, offers, for_whom, areas,
               workstreams, how_to_refer, self_referral, opening, cost, telephone, email, website,
               hidden, reviewed_on, review_due_on, version, changed_at
          FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (service_id, place)
          JOIN local_service USING (service_id)
         ORDER BY asked.place
        """,
        service_ids,
    )


async def insert_service(
    conn: Conn, service_id: UUID, organisation_id: UUID, form: DescribeService, now: datetime
) -> None:
    """Keep a new entry, confirmed today."""
    await conn.execute(
        """
        INSERT INTO local_service (
               service_id, organisation_id, organisation, title, offers, for_whom, areas,
               workstreams, how_to_refer, self_referral, opening, cost, telephone, email, website,
               reviewed_on, review_due_on, version, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 1, $18)
        """,
        service_id,
        organisation_id,
        *(getattr(form, name) for name in DESCRIBED),
        local_day(now),
        due_after(local_day(now)),
        now,
    )


async def update_service(
    conn: Conn, service_id: UUID, organisation_id: UUID, form: DescribeService, now: datetime
) -> None:
    """Describe an entry anew, which confirms it."""
    await conn.execute(
        """
        UPDATE local_service
           SET organisation_id = $2, organisation = $3, title = $4, offers = $5, for_whom = $6,
               areas = $7, workstreams = $8, how_to_refer = $9, self_referral = $10, opening = $11,
               cost = $12, telephone = $13, email = $14, website = $15, reviewed_on = $16,
               review_due_on = $17, version = version + 1, changed_at = $18
         WHERE service_id = $1
        """,
        service_id,
        organisation_id,
        *(getattr(form, name) for name in DESCRIBED),
        local_day(now),
        due_after(local_day(now)),
        now,
    )
