"""Sessions as calendars show them, read from the programme and from bookings."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from pdu_bookings.rules.calendar import KEPT_FOR, Meeting, OwnBooking
from pdu_bookings.rules.programme import State
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import DeliveryMode, PlaceState
from pdu_shared.database import Conn

MOST = 1000
"""Entries of one calendar. A year has some hundred sessions."""


async def public_meetings(
    conn: Conn,
    *,
    learning_event_id: UUID | None = None,
    workstream: Code | None = None,
    series: Code | None = None,
    now: datetime,
) -> list[Meeting]:
    """The sessions of what was published: of the last 90 days, and all to come."""
    rows = await conn.fetch(
        """
        SELECT session_id
          FROM session JOIN learning_event USING (learning_event_id)
         WHERE published_at IS NOT NULL AND starts_at > $1
           AND ($2::uuid IS NULL OR learning_event_id = $2)
           AND ($3::text IS NULL OR $3 = ANY (workstreams))
           AND ($4::text IS NULL OR series = $4)
         ORDER BY starts_at, session_id
         LIMIT $5
        """,
        now - KEPT_FOR,
        learning_event_id,
        workstream,
        series,
        MOST,
    )
    meetings = await _meetings(conn, {row["session_id"] for row in rows})
    return list(meetings.values())


async def booked_meetings(
    conn: Conn, booking_ids: Collection[UUID]
) -> list[tuple[OwnBooking, Meeting]]:
    """The sessions of these bookings, soonest first, with how the bookings stand."""
    rows = await conn.fetch(
        """
        SELECT booking_id, booking.state, coalesce(ended_at, booked_at) AS since, session_id
          FROM booking JOIN place USING (booking_id)
         WHERE booking_id = ANY ($1::uuid[])
         ORDER BY booking_id
        """,
        booking_ids,
    )
    meetings = await _meetings(conn, {row["session_id"] for row in rows})
    booked = [
        (
            OwnBooking(row["booking_id"], PlaceState(row["state"]), row["since"]),
            meetings[row["session_id"]],
        )
        for row in rows
    ]
    return sorted(booked, key=lambda one: one[1].starts_at)


async def bookings_of(conn: Conn, person_id: UUID, *, now: datetime) -> list[UUID]:
    """The bookings that somebody's own calendar shows: places they hold, and held until lately."""
    rows = await conn.fetch(
        """
        SELECT booking_id
          FROM booking
         WHERE coalesce(kept_as, person_id) = $1 AND active AND state = 'confirmed'
           AND learning_event_id IN (SELECT learning_event_id FROM session WHERE starts_at > $2)
         UNION ALL
        SELECT booking_id
          FROM booking
         WHERE coalesce(kept_as, person_id) = $1 AND NOT active AND ended_at > $2
           AND state IN ('cancelled_by_person', 'cancelled_late', 'cancelled_by_pdu')
         LIMIT $3
        """,
        person_id,
        now - KEPT_FOR,
        MOST,
    )
    return [row["booking_id"] for row in rows]


async def _meetings(conn: Conn, session_ids: Collection[UUID]) -> dict[UUID, Meeting]:
    """Sessions by their ids, soonest first."""
    rows = await conn.fetch(
        """
        SELECT session_id, learning_event_id,
               concat_ws(': ', event.title, session.title) AS title, purpose, co_delivery, state,
               starts_at, ends_at, mode, place, travel, access_information, joining_link,
               ical_sequence AS moved,
               greatest(announced_at, published_at,
                        (SELECT max(changed_at)
                           FROM learning_event_change AS change
                          WHERE change.learning_event_id = event.learning_event_id)) AS changed_at
          FROM session
          JOIN learning_event AS event USING (learning_event_id)
          LEFT JOIN venue USING (venue_id)
         WHERE session_id = ANY ($1::uuid[])
         ORDER BY starts_at, session_id
        """,
        session_ids,
    )
    return {row["session_id"]: _meeting(row) for row in rows}


def _meeting(row: asyncpg.Record) -> Meeting:
    found: dict[str, Any] = dict(row)
    return Meeting(**{**found, "state": State(row["state"]), "mode": DeliveryMode(row["mode"])})
