"""Sessions of imported history as rows: locked, compared, and brought up to date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from pdu_bookings.attendance.sitting import Sitting
from pdu_bookings.programme.rows import lock_learning_events
from pdu_bookings.programme.session_rows import Meeting
from pdu_bookings.rules.description import Announced
from pdu_bookings.rules.out_of_hours import VERSION
from pdu_shared.contracts.vocabulary import DeliveryMode
from pdu_shared.database import Conn
from pdu_shared.local_time import HOME, local_clock
from pdu_shared.problems import Fault, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class PastEvent:
    """A learning event with its session, as it is or should be written down."""

    event: Announced
    session: Meeting
    held: bool
    somebody_came: bool

    @property
    def sitting(self) -> Sitting:
        """The session as its register needs it."""
        return Sitting(
            session_id=self.session.session_id,
            learning_event_id=self.event.learning_event_id,
            kind=self.event.kind,
            starts_at=self.session.starts_at,
            ends_at=self.session.ends_at,
            tz=HOME,
            held=self.held,
        )


async def lock(conn: Conn, session_ids: Sequence[UUID]) -> dict[UUID, PastEvent]:
    """What is there of these sessions, locked in the order of their ids."""
    rows = await conn.fetch(
        """
        SELECT learning_event_id, session_id, title, starts_at, ends_at, mode, place, venue_id,
               capacity, online_capacity, joining_link, recording, ical_sequence,
               held_at IS NOT NULL AS held,
               EXISTS (SELECT FROM attendance
                         JOIN attendance_entry AS entry USING (attendance_id)
                        WHERE attendance.session_id = session.session_id
                          AND entry.state IN ('present', 'partial')
                          AND NOT EXISTS (SELECT FROM attendance_entry AS later
                                           WHERE later.supersedes = entry.entry_id)) AS came
          FROM session
         WHERE session_id = ANY ($1::uuid[])
         ORDER BY session_id
           FOR UPDATE
        """,
        session_ids,
    )
    events = await lock_learning_events(conn, [row["learning_event_id"] for row in rows])
    return {row["session_id"]: _past_event(events[row["learning_event_id"]], row) for row in rows}


def _past_event(event: Announced, row: asyncpg.Record) -> PastEvent:
    return PastEvent(
        event=event,
        session=Meeting(
            session_id=row["session_id"],
            learning_event_id=row["learning_event_id"],
            title=row["title"],
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            mode=DeliveryMode(row["mode"]),
            place=row["place"],
            venue_id=row["venue_id"],
            capacity=row["capacity"],
            online_capacity=row["online_capacity"],
            joining_link=row["joining_link"],
            recording=row["recording"],
            ical_sequence=row["ical_sequence"],
        ),
        held=row["held"],
        somebody_came=row["came"],
    )


async def update(conn: Conn, events: Sequence[PastEvent], *, now: datetime) -> None:
    """Bring learning events and their sessions up to date.

    The places of a session still to come are counted anew: while it is history nobody counts
    them. Raises Refused when there are more of them than its capacity.
    """
    if not events:
        return
    await _update_events(conn, [one.event for one in events])
    try:
        await _update_sessions(conn, events, now)
    except asyncpg.CheckViolationError:
        told = "More places are taken than that."
        raise Refused(errors=[Fault("/capacity", "session-full", told)]) from None


async def _update_events(conn: Conn, events: Sequence[Announced]) -> None:
    await conn.execute(
        """
        UPDATE learning_event AS kept
           SET title = told.title, kind = told.kind, series = told.series, state = told.state,
               workstreams = string_to_array(told.workstreams, ',')
          FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
               AS told (learning_event_id, title, kind, series, state, workstreams)
         WHERE kept.learning_event_id = told.learning_event_id
        """,
        [event.learning_event_id for event in events],
        [event.title for event in events],
        [event.kind for event in events],
        [event.series for event in events],
        [event.state for event in events],
        [",".join(event.workstreams) for event in events],
    )


async def _update_sessions(conn: Conn, events: Sequence[PastEvent], now: datetime) -> None:
    rows: list[tuple[Any, ...]] = [
        (
            one.session.session_id,
            one.session.starts_at,
            one.session.ends_at,
            local_clock(one.session.starts_at),
            local_clock(one.session.ends_at),
            one.session.mode,
            one.session.place,
            one.session.capacity,
            one.session.out_of_hours,
            one.held,
        )
        for one in events
    ]
    await conn.execute(
        """
        UPDATE session AS kept
           SET starts_at = told.starts_at, ends_at = told.ends_at,
               starts_local = told.starts_local, ends_local = told.ends_local,
               mode = told.mode, place = told.place, capacity = told.capacity,
               out_of_hours = told.out_of_hours, out_of_hours_rule = $2,
               held_at = CASE WHEN told.held THEN coalesce(kept.held_at, $1) END,
               taken = CASE WHEN told.starts_at > $1
                            THEN (SELECT count(*)
                                    FROM place
                                   WHERE place.session_id = kept.session_id
                                     AND place.active AND place.state <> 'waitlisted')
                            ELSE least(kept.taken, told.capacity) END
          FROM unnest($3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::timestamp[],
                      $7::timestamp[], $8::text[], $9::text[], $10::int[], $11::boolean[],
                      $12::boolean[])
               AS told (session_id, starts_at, ends_at, starts_local, ends_local, mode, place,
                        capacity, out_of_hours, held)
         WHERE kept.session_id = told.session_id
        """,
        now,
        VERSION,
        *[list(column) for column in zip(*rows, strict=True)],
    )
