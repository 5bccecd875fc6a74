"""Whose account it is: of several ids and addresses of one person, the one account to work with."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from pdu_resources.member.code import Holder
from pdu_shared.access import Caller
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account that is open."""

    person_id: UUID
    name: str
    address: str
    organisation: str | None
    sector: str
    work_field: str
    role_level: str
    area: str
    interests: tuple[str, ...]
    registered_at: datetime
    changed_at: datetime | None
    version: int


async def account_of(conn: Conn, person_id: UUID | None) -> Account | None:
    """The open account of this person, whichever of their ids it is; locked until the end.

    Of several, that of the id which is kept, then the oldest.
    """
    row = await conn.fetchrow(
        """
        WITH RECURSIVE same (person_id) AS (
            SELECT $1::uuid
            UNION
            SELECT CASE same.person_id WHEN merged_id THEN kept_id ELSE merged_id END
              FROM same JOIN person_merge ON same.person_id IN (merged_id, kept_id))
        SELECT person_id, name, address, organisation, sector, work_field, role_level, area,
               interests, registered_at, changed_at, version
          FROM member
         WHERE person_id IN (SELECT person_id FROM same) AND closed_at IS NULL AND name IS NOT NULL
         ORDER BY person_id IN (SELECT merged_id FROM person_merge), registered_at, person_id
         LIMIT 1
           FOR UPDATE
        """,
        person_id,
    )
    return _account(row) if row else None


async def account_at(conn: Conn, holder: Holder) -> Account | None:
    """The open account that whoever reads the mail of this address may use; None without one.

    An address that an account had before it moved opens nothing any more.
    """
    person_id = await conn.fetchval(
        """
        SELECT person_id FROM member
         WHERE coalesce(address_id, person_id) = $1 AND closed_at IS NULL AND name IS NOT NULL
        """,
        holder.person_id,
    )
    return await account_of(conn, person_id) if person_id else None


async def own_account(conn: Conn, caller: Caller) -> Account:
    """The caller's own account. Raises NotFound when they have none."""
    account = await account_of(conn, caller.sub) if caller.sub else None
    if account is None:
        raise NotFound
    return account


def _account(row: asyncpg.Record) -> Account:
    return Account(**{**row, "interests": tuple(row["interests"])})
