"""What is told to other tools: public facts without anything about people."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from pdu_shared.bus import current_thread
from pdu_shared.contracts.bookings.community import CopCreated
from pdu_shared.contracts.bookings.programme import (
    EventCancelled,
    EventPostponed,
    EventPublished,
    EventUpdated,
    SessionMovedOnline,
    SessionRescheduled,
    SessionScheduled,
)
from pdu_shared.contracts.resources.voice import WeDidReported
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7

Announced: TypeAlias = (
    EventPublished
    | EventUpdated
    | EventPostponed
    | EventCancelled
    | SessionScheduled
    | SessionRescheduled
    | SessionMovedOnline
    | CopCreated
    | WeDidReported
)


class Announcement(StrEnum):
    """What a tool can be told of. All are public, and none says anything of a person."""

    EVENT_PUBLISHED = "bookings.EventPublished"
    EVENT_UPDATED = "bookings.EventUpdated"
    EVENT_POSTPONED = "bookings.EventPostponed"
    EVENT_CANCELLED = "bookings.EventCancelled"
    SESSION_SCHEDULED = "bookings.SessionScheduled"
    SESSION_RESCHEDULED = "bookings.SessionRescheduled"
    SESSION_MOVED_ONLINE = "bookings.SessionMovedOnline"
    COP_CREATED = "bookings.CopCreated"
    WE_DID_REPORTED = "resources.WeDidReported"


async def tell_webhooks(conn: Conn, message: Announced) -> None:
    """Note for every webhook that wants it what was announced just now."""
    thread = current_thread()
    if thread.origin != "live":
        return
    name = message.routing_key()
    hooks = await conn.fetch(
        "SELECT webhook_id FROM webhook WHERE state = 'on' AND $1 = ANY (messages)", name
    )
    if hooks:
        now = datetime.now(UTC)
        body = body_of(name, message.model_dump(mode="json"), now)
        message_id = thread.causation_id or uuid7()
        for hook in hooks:
            await note(conn, hook["webhook_id"], message_id, (name, body), now)


def body_of(name: str, data: object, now: datetime) -> str:
    """What is sent, byte for byte at every attempt."""
    told = {"type": name, "timestamp": now.isoformat(), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


async def note(
    conn: Conn, webhook_id: UUID, message_id: UUID, told: tuple[str, str], now: datetime
) -> None:
    """Have a webhook called with this, once for each message."""
    await conn.execute(
        """
        INSERT INTO webhook_call (webhook_id, message_id, type, body, state, next_at, made_at,
                                  changed_at)
        VALUES ($1, $2, $3, $4, 'waiting', $5, $5, $5)
            ON CONFLICT DO NOTHING
        """,
        webhook_id,
        message_id,
        *told,
        now,
    )
