"""Rows of seats."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

import asyncpg

from pdu_shared.database import Conn
from pdu_shared.problems import NotFound


async def lock_seat(conn: Conn, seat_id: UUID) -> asyncpg.Record:
    """A seat, locked until the transaction ends. Raises NotFound."""
    row = await conn.fetchrow(
        """
        SELECT seat_id, kind, person_id, name, listed, organisation_id, organisation, sector,
               role_level, chairs, starts_on, ends_on, version
          FROM seat
         WHERE seat_id = $1
           FOR UPDATE
        """,
        seat_id,
    )
    if row is None:
        raise NotFound
    return row


async def insert_seat(
    conn: Conn, seat_id: UUID, columns: Mapping[str, object], now: datetime
) -> None:
    """Keep a new seat; its columns in the order of `Appoint`."""
    await conn.execute(
        """
        INSERT INTO seat (seat_id, kind, person_id, name, listed, organisation_id, organisation,
                          sector, role_level, chairs, starts_on, ends_on, version, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13)
        """,
        seat_id,
        *columns.values(),
        now,
    )


async def update_seat(
    conn: Conn, seat_id: UUID, columns: Mapping[str, object], now: datetime
) -> None:
    """Keep a seat as it is now."""
    await conn.execute(
        """
        UPDATE seat
           SET kind = $2, person_id = $3, name = $4, listed = $5, organisation_id = $6,
               organisation = $7, sector = $8, role_level = $9, chairs = $10, starts_on = $11,
               ends_on = $12, version = version + 1, changed_at = $13
         WHERE seat_id = $1
        """,
        seat_id,
        *columns.values(),
        now,
    )


async def seats_on(conn: Conn, day: date) -> list[asyncpg.Record]:
    """The seats that are taken on a day."""
    return await conn.fetch(
        """
        SELECT seat_id, kind, person_id, organisation_id, sector, role_level
          FROM seat
         WHERE starts_on <= $1 AND coalesce(ends_on, 'infinity') >= $1
         ORDER BY seat_id
        """,
        day,
    )
