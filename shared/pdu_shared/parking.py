"""Messages set aside with their reason, until an operator lets them in again or discards them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import structlog

from pdu_shared import VERSION
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7
from pdu_shared.reading import Flaw

log = structlog.get_logger()


async def park(conn: Conn, flaw: Flaw, *, listener: str | None = None) -> UUID:
    """Set a message aside. Nothing parked is ever deleted by time."""
    parked_id = uuid7()
    await conn.execute(
        """
        INSERT INTO parked (parked_id, listener, message_id, routing_key, reason, detail,
                            service_version, body)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        parked_id,
        listener,
        flaw.message_id,
        flaw.routing_key,
        flaw.reason,
        flaw.detail,
        VERSION,
        flaw.body,
    )
    log.warning(
        "parked",
        parked_id=str(parked_id),
        message_id=str(flaw.message_id),
        reason=flaw.reason,
        detail=flaw.detail,
    )
    return parked_id


async def parked(conn: Conn) -> list[dict[str, Any]]:
    """What is set aside, oldest first: metadata only, bodies may hold what nobody should read."""
    rows = await conn.fetch("""
        SELECT parked_id, listener, message_id, routing_key, reason, detail, service_version,
               first_seen, octet_length(body) AS bytes
          FROM parked
         WHERE resolved_at IS NULL
         ORDER BY first_seen
        """)
    return [dict(row) for row in rows]


async def body_of(conn: Conn, parked_id: UUID) -> bytes | None:
    """The body of one message that is still set aside."""
    body: bytes | None = await conn.fetchval(
        "SELECT body FROM parked WHERE parked_id = $1 AND resolved_at IS NULL FOR UPDATE",
        parked_id,
    )
    return body


async def resolve(conn: Conn, parked_ids: Sequence[UUID], resolution: str) -> int:
    """Close what was `replayed` or `discarded`; how many were open. The rows stay."""
    closed: int = await conn.fetchval(
        """
        WITH closed AS (UPDATE parked
                           SET resolved_at = now(), resolution = $2
                         WHERE parked_id = ANY ($1::uuid[]) AND resolved_at IS NULL
                     RETURNING 1)
        SELECT count(*) FROM closed
        """,
        parked_ids,
        resolution,
    )
    return closed
