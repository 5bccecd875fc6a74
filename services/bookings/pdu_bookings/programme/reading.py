"""Learning events read from their tables, with their sessions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from pdu_bookings.programme.public import LearningEvent, Price, Session, SupportContact, Venue
from pdu_bookings.rules.programme import (
    Decided,
    Sitting,
    State,
    delivered_by,
    duration_class,
    stage,
)
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound


async def learning_event(conn: Conn, learning_event_id: UUID, *, now: datetime) -> LearningEvent:
    """A learning event, also a draft. Raises NotFound."""
    found = await learning_events(conn, [learning_event_id], now=now)
    if not found:
        raise NotFound
    return found[0]


async def learning_events(conn: Conn, ids: Sequence[UUID], *, now: datetime) -> list[LearningEvent]:
    """Learning events in the order of their ids."""
    events = {row["learning_event_id"]: row for row in await _select_learning_events(conn, ids)}
    sessions: dict[UUID, list[asyncpg.Record]] = {}
    for row in await _select_sessions(conn, ids):
        sessions.setdefault(row["learning_event_id"], []).append(row)
    return [
        _learning_event(events[learning_event_id], sessions[learning_event_id], now)
        for learning_event_id in ids
        if learning_event_id in events
    ]


def _learning_event(
    row: asyncpg.Record, sessions: Sequence[asyncpg.Record], now: datetime
) -> LearningEvent:
    sittings = [
        Sitting(
            starts_at=session["starts_at"],
            ends_at=session["ends_at"],
            full=_places_left(session) == 0 and not session["online_places_left"],
            held=session["held"],
            parallel=session["parallel"],
        )
        for session in sessions
    ]
    return LearningEvent(
        **row,
        support_contact=SupportContact(name=row["support_name"], reach=row["support_reach"])
        if row["support_name"]
        else None,
        delivered_by=delivered_by(row["co_delivery"]),
        price=Price(**row) if row["pence"] else None,
        duration_class=duration_class(sittings),
        stage=stage(_decided(row), sittings, now=now),
        sessions=[_session(session) for session in sessions],
    )


def _decided(row: asyncpg.Record) -> Decided:
    return Decided(State(row["state"]), row["booking_closed_at"], row["in_review"])


def _session(row: asyncpg.Record) -> Session:
    zone = ZoneInfo(row["tz"])
    return Session(
        **{
            **row,
            "starts_at": row["starts_at"].astimezone(zone),
            "ends_at": row["ends_at"].astimezone(zone),
        },
        venue=Venue(**row) if row["venue_id"] else None,
        places_left=_places_left(row),
    )


def _places_left(row: asyncpg.Record) -> int:
    left: int = row["capacity"] - row["taken"]
    return left if row["waiting"] == 0 else 0


async def _select_learning_events(conn: Conn, ids: Sequence[UUID]) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT learning_event_id, title, kind, event_type, purpose, outcomes, level, audience,
               composition, workstreams, aims, topics, topic_source, series, series_order,
               programme, co_delivery, ask, content_note, support_name, support_reach, access_tier,
               opens_wider_at, lived_experience_planned, cpd_hours, refresher_after_months,
               coalesce(template_id, learning_event_id) AS template_id, follow_up_of, state,
               booking_closed_at, reason_code, version, review_asked_at IS NOT NULL AS in_review,
               (SELECT count(*) FROM material
                 WHERE material.learning_event_id = learning_event.learning_event_id) AS materials,
               pence, who_pays, note
          FROM learning_event LEFT JOIN price USING (learning_event_id)
         WHERE learning_event_id = ANY ($1::uuid[])
        """,
        ids,
    )


async def _select_sessions(conn: Conn, ids: Sequence[UUID]) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT session_id, learning_event_id, title, parallel, starts_at, ends_at, tz, mode, place,
               capacity, online_capacity, taken + session.held AS taken, waiting, out_of_hours,
               recording,
               CASE WHEN online_waiting = 0 THEN online_capacity - online_taken
                    ELSE 0 END AS online_places_left,
               held_at IS NOT NULL AS held, venue_id, venue.name, venue.address, venue.travel,
               venue.access_information, venue.city_centre
          FROM session LEFT JOIN venue USING (venue_id)
         WHERE learning_event_id = ANY ($1::uuid[])
         ORDER BY starts_at, session_id
        """,
        ids,
    )
